/** What only a swarm reads of a service: `docker stack deploy` starts it on any node. */
import type { Service } from '../project/model.ts';
import type { Span } from '../syntax/source.ts';
import { entryOf, isNull, type Node, valueAt } from '../syntax/tree.ts';

const ONLY_SWARM = ['update_config', 'rollback_config', 'endpoint_mode', 'placement'];

const textAt = (node: Node | undefined, key: string): string | undefined => {
  const value = valueAt(node, key);
  return value?.kind === 'scalar' ? value.text : undefined;
};

/** Where it says that it is meant for a swarm; undefined where it does not. */
export function swarmSpan({ node }: Service): Span | undefined {
  const deploy = valueAt(node, 'deploy');
  const key = ONLY_SWARM.find((name) => !isNull(valueAt(deploy, name)));
  return key === undefined ? undefined : entryOf(deploy, key)?.key.span;
}

/** Each node has a container of its own, or only some nodes may have one. */
export function isPlaced({ node }: Service): boolean {
  const deploy = valueAt(node, 'deploy');
  if (textAt(deploy, 'mode') === 'global' || textAt(deploy, 'mode') === 'global-job') return true;
  return !isNull(valueAt(valueAt(deploy, 'placement'), 'constraints'));
}
