/** What a service waits for: what it says, and what Compose concludes from the things it shares with others. */
import type { Span } from '../syntax/source.ts';
import { valueAt as child, entryOf, type Node } from '../syntax/tree.ts';
import { textOf } from './located.ts';
import type { Service } from './model.ts';
import { entriesOf, isTrue } from './reader.ts';

export interface Dependency {
  readonly service: string;
  readonly condition: string;
  readonly restart: boolean;
  readonly required: boolean;
  readonly span: Span;
}

const NAMESPACES = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'];

export function dependenciesOf({ node }: Service): Dependency[] {
  const found = new Map<string, Dependency>();
  const add = (service: string | undefined, restart: boolean, span: Span): void => {
    if (service === undefined || found.has(service)) return;
    found.set(service, { service, condition: 'service_started', restart, required: true, span });
  };
  const dependsOn = child(node, 'depends_on');
  for (const { value, span } of texts(dependsOn)) add(value, false, span);
  for (const [service, { key, value }] of entriesOf(dependsOn)) {
    const at = (attribute: string): string | undefined => texts(entryOf(value, attribute)?.value)[0]?.value;
    const condition = at('condition') ?? 'service_started';
    found.set(service, {
      service,
      condition,
      restart: isTrue(at('restart')),
      required: at('required') !== 'false',
      span: key.span,
    });
  }
  for (const { value, span } of texts(child(node, 'links'))) {
    const parts = value.split(':');
    add(parts.length === 2 ? parts[0] : value, true, span);
  }
  for (const attribute of NAMESPACES) {
    for (const { value, span } of texts(child(node, attribute)))
      if (value.startsWith('service:')) add(value.slice(8), true, span);
  }
  for (const { value, span } of texts(child(node, 'volumes_from'))) {
    if (!value.startsWith('container:')) add(value.split(':')[0], false, span);
  }
  return [...found.values()];
}

function texts(node: Node | undefined): { value: string; span: Span }[] {
  if (node?.kind === 'seq') return node.items.flatMap((item) => texts(item.value));
  return node?.kind === 'scalar' && node.value !== null ? [{ value: textOf(node).value, span: node.span }] : [];
}
