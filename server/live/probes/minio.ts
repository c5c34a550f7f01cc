/** MinIO, by its documentation. Its API wants signed requests: its folder is looked at instead. */
import * as path from 'node:path';
import { at, counted, inContainer, text } from './http.ts';
import { type Ask, PREFIX, type Probe, Unable } from './probe.ts';

const VALUED = new Set(['--address', '--console-address', '--certs-dir', '-S', '--config-dir', '-C', '--config']);

/** What follows `server`, without its flags. */
export function foldersOf(command: readonly string[], volumes: string | undefined): string[] {
  const start = command.indexOf('server');
  const words = start < 0 ? [] : command.slice(start + 1);
  const given = words.filter((word, index) => !word.startsWith('-') && !VALUED.has(words[index - 1] ?? ''));
  return given.length > 0 ? given : (volumes ?? '').split(/\s+/).filter(Boolean);
}

interface Buckets {
  readonly names: readonly string[];
  /** Null: not told. */
  readonly filled: boolean | null;
}

/** Everything but names stays where it is. */
async function bucketsIn(ask: Ask, folder: string): Promise<Buckets | null> {
  const script =
    'cd "$1" || exit 1; for b in */; do [ -d "$b" ] || continue; n=0; for f in "$b"*; do [ -e "$f" ] && n=1; break; done; echo "$n $b"; done';
  try {
    const { exitCode, stdout } = await ask.attempt(['sh', '-c', script, 'sh', folder]);
    if (exitCode === 0) {
      const lines = stdout.split('\n').flatMap((line) => /^([01]) (.+)\/$/.exec(line) ?? []);
      const found = Array.from({ length: lines.length / 3 }, (_, i) => ({
        filled: lines[i * 3 + 1],
        name: lines[i * 3 + 2]!,
      }));
      const own = found.filter(({ name }) => isBucket(name));
      return { names: own.map(({ name }) => name), filled: own.some(({ filled }) => filled === '1') };
    }
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
  }
  const archive = await ask.archive(folder, { entries: 2000, bytesEach: 0, bytesTotal: 4 * 1024 * 1024 });
  if (!archive) return null;
  const paths = archive.entries.map((entry) => entry.path.split('/')).filter(([name]) => isBucket(name ?? ''));
  const filled = paths.some((parts) => parts.length > 1);
  if (!archive.complete && !filled) return null;
  return { names: archive.complete ? [...new Set(paths.map(([name]) => name!))] : [], filled };
}

/** A bucket's own record is in `.minio.sys`. */
const isBucket = (name: string): boolean =>
  name !== '' && !name.startsWith('.') && name !== 'lost+found' && !name.startsWith(PREFIX.replaceAll('_', '-'));

export const MINIO: Probe = {
  technologies: ['minio', 'bitnami-minio'],
  proven: false,
  async read(ask) {
    const { command } = ask.container;
    const given = foldersOf(command, ask.env('MINIO_VOLUMES') ?? ask.env('MINIO_DATA_DIR'));
    const folders = given.map((one) => inContainer(ask, one));
    const first = folders[0];
    if (first === undefined) throw new Unable('its command names no folder');
    if (given.some((one) => /\{\d+\.\.\.\d+\}|:\/\//.test(one)))
      throw new Unable('it stores on several disks or servers, which are not looked at one by one');
    const bytes = await ask.file(path.posix.join(first, '.minio.sys/format.json'), 1024 * 1024);
    let id: string | undefined;
    try {
      id = bytes ? text(at(JSON.parse(Buffer.from(bytes).toString('utf8')), 'id')) : undefined;
    } catch {
      id = undefined;
    }
    const buckets = await bucketsIn(ask, first);
    const count = buckets && buckets.names.length > 0 ? buckets.names.length : buckets?.filled === false ? 0 : null;
    return {
      // A folder that the server was not given has no such file.
      writesTo: bytes ? folders : [],
      fingerprint: id ?? null,
      empty: buckets === null || buckets.filled === null ? null : !buckets.filled,
      count,
      contents: count === null ? null : counted(count, 'bucket'),
      weaknesses: [],
      evidence: [bytes ? `its command names ${given.join(', ')}` : `there is no .minio.sys/format.json in ${first}`],
    };
  },
};
