/** What a service runs beside its command: hooks, and what `docker compose watch` does to it. */
import { valueAt as child, type Node } from '../syntax/tree.ts';
import type { Hook, Watch } from './model.ts';
import { absolutePath } from './paths.ts';
import type { Reader } from './reader.ts';
import { readWords } from './words.ts';

const itemsOf = (node: Node | undefined): readonly Node[] =>
  node?.kind === 'seq' ? node.items.map(({ value }) => value) : [];

export const readHooks = (reader: Reader, service: Node): Hook[] =>
  (['post_start', 'pre_stop'] as const).flatMap((when) =>
    itemsOf(child(service, when)).map((node): Hook => {
      const command = readWords(reader, child(node, 'command'));
      const user = reader.textAt(node, 'user');
      const workingDir = reader.textAt(node, 'working_dir');
      return {
        when,
        command: command ?? null,
        privileged: reader.flagAt(node, 'privileged'),
        span: node.span,
        ...(user ? { user } : {}),
        ...(workingDir ? { workingDir } : {}),
      };
    }),
  );

/** Without a path and an action there is nothing to watch. */
export const readWatches = (reader: Reader, service: Node): Watch[] =>
  itemsOf(child(child(service, 'develop'), 'watch')).flatMap((node): Watch[] => {
    const path = reader.textAt(node, 'path');
    const action = reader.textAt(node, 'action');
    if (!path || !action) return [];
    const target = reader.textAt(node, 'target');
    return [
      {
        path: absolutePath(path.value, reader.surroundingsOf(path.scalar)),
        pathSpan: path.span,
        action,
        initialSync: reader.flagAt(node, 'initial_sync'),
        ignore: reader.list(child(node, 'ignore')),
        span: node.span,
        unresolved: [...path.unresolved, ...action.unresolved, ...(target?.unresolved ?? [])],
        ...(target ? { target } : {}),
      },
    ];
  });
