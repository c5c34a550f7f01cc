/** What Compose wants of binds in a file whose services are only extended: it makes their sources absolute unseen. */
import { valueAt as child, type MapNode, type Node } from '../syntax/tree.ts';
import { type Refuse, textAt } from './check-words.ts';
import { entriesOf } from './reader.ts';
import { scalarOf } from './scalars.ts';

export function checkBinds(root: MapNode, refuse: Refuse): void {
  for (const [name, { value: service }] of entriesOf(child(root, 'services'))) {
    for (const mount of mountsIn(child(service, 'volumes'))) {
      if (textAt(child(mount, 'type')) !== 'bind') continue;
      const source = child(mount, 'source');
      if (!source) {
        // Without a target it is refused already.
        if (child(mount, 'target')) refuse(mount.span, `a bind of the service ${name} has no source`);
      } else if (source.kind !== 'scalar' || scalarOf(source).kind !== 'string')
        refuse(source.span, `the source of a bind of the service ${name} must be a text`);
    }
  }
}

const mountsIn = (volumes: Node | undefined): Node[] =>
  volumes?.kind === 'seq' ? volumes.items.map(({ value }) => value) : entriesOf(volumes).map(([, { value }]) => value);
