/** A marker file in the folder of a store: what is planted where there is no record to be had. */
import * as path from 'node:path';
import { coveringPoint } from '../observe.ts';
import { type Ask, type Planting, PREFIX, Unable } from './probe.ts';

const nameOf = (mark: string): string => `.${PREFIX}${mark}`;

/** A database's own file is none to put a marker in: it goes beside it. @throws Unable */
async function folderOf({ path: at, store, stat }: Ask): Promise<string> {
  if (at === null) throw new Unable('it is not known where its data is');
  if (store.isFile) return path.posix.dirname(at);
  return (await stat(at))?.kind === 'file' ? path.posix.dirname(at) : at;
}

/** `$0`: the folder. `$1`: the file. A folder is written out too: it holds the name. Old programs know no `sync FILE`. */
const PLANT = 'cd "$0" && printf %s "$2" > "$1" && { sync "$1" . 2>/dev/null || sync; }';
const FIND = 'cat "$0/$1" 2>/dev/null; true';
const REMOVE = 'if cd "$0" 2>/dev/null; then rm -f "$1" && { sync . 2>/dev/null || sync; }; fi';

const inFolder = async (ask: Ask, script: string, mark: string): Promise<string> =>
  ask.run(['sh', '-c', script, await folderOf(ask), nameOf(mark), mark]);

export const MARKER: Planting = {
  async refusal(ask) {
    const folder = await folderOf(ask);
    const { mounts } = ask.container;
    const holder = coveringPoint(folder, mounts);
    const own = ask.path === null ? undefined : coveringPoint(ask.path, mounts);
    if (own && own.target !== holder?.target) return `only ${own.target} itself is mounted, nothing beside it`;
    return holder?.readOnly ? `${holder.target} is mounted read-only` : null;
  },
  plant: async (ask, mark) => void (await inFolder(ask, PLANT, mark)),
  find: async (ask, mark) => (await inFolder(ask, FIND, mark)) === mark,
  remove: async (ask, mark) => void (await inFolder(ask, REMOVE, mark)),
};
