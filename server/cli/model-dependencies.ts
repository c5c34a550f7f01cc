/** What a service waits for: what it says, and what Compose concludes from the things it shares with others. */
import type { Service } from '../project/model.ts';
import { valueOf as child, type Node } from '../syntax/tree.ts';

export interface Dependency {
  readonly condition: string;
  readonly restart?: true;
  readonly required: boolean;
}

const NAMESPACES = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'];

export function dependenciesOf(service: Service): Record<string, Dependency> {
  const found: Record<string, Dependency> = {};
  for (const [name, condition] of service.dependsOn) found[name] = written(service, name, condition);
  const add = (name: string | undefined, restart: boolean): void => {
    if (name) found[name] ??= { condition: 'service_started', ...(restart ? { restart } : {}), required: true };
  };
  const { node } = service;
  for (const link of texts(child(node, 'links'))) add(link.split(':')[0], true);
  for (const key of NAMESPACES) add(/^service:(.+)$/.exec(text(child(node, key)))?.[1], true);
  for (const from of texts(child(node, 'volumes_from')))
    if (!from.startsWith('container:')) add(from.split(':')[0], false);
  return found;
}

function written({ node }: Service, name: string, condition: string): Dependency {
  const entry = child(child(node, 'depends_on'), name);
  return {
    condition,
    ...(text(child(entry, 'restart')) === 'true' ? { restart: true } : {}),
    required: text(child(entry, 'required')) !== 'false',
  };
}

const text = (node: Node | undefined): string => (node?.kind === 'scalar' ? node.text : '');

export const texts = (node: Node | undefined): string[] =>
  node?.kind === 'seq' ? node.items.map(({ value }) => text(value)) : [];
