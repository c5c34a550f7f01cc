/** Which files below a path change: what a server says it wrote is on disk only if one does. */
import { EngineFault, isFatal } from './fault.ts';
import { type Ask, Unable } from './probes/probe.ts';

/** Size and time of each file by its path. */
export type Snapshot = ReadonlyMap<string, string>;

const MOST = 5000;
/** Streamed through the engine when the container has no shell: more would take too long. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Null: it cannot be seen. @throws EngineFault when the engine goes away */
export async function snapshot(ask: Ask, path: string): Promise<Snapshot | null> {
  try {
    return (await byShell(ask, path)) ?? (await byArchive(ask, path));
  } catch (error) {
    // Such as a folder that takes too long to read.
    if (error instanceof EngineFault && !isFatal(error)) return null;
    throw error;
  }
}

async function byShell(ask: Ask, path: string): Promise<Snapshot | null> {
  // `stat -c` is common to GNU and busybox, which knows no fractions of a second.
  const script = `find "$0" -type f -exec stat -c '%s %Y %n' {} + 2>/dev/null | head -n ${MOST + 1}`;
  try {
    const { exitCode, stdout } = await ask.attempt(['sh', '-c', script, path]);
    const lines = stdout.split('\n').filter((line) => /^\d+ \d+ \//.test(line));
    if (exitCode !== 0 || lines.length === 0 || lines.length > MOST) return null;
    return new Map(lines.map((line) => [line.replace(/^\d+ \d+ /, ''), line.split(' ', 2).join(' ')]));
  } catch (error) {
    if (error instanceof Unable) return null;
    throw error;
  }
}

async function byArchive(ask: Ask, path: string): Promise<Snapshot | null> {
  const archive = await ask.archive(path, { entries: MOST, bytesEach: 0, bytesTotal: MOST_BYTES });
  if (!archive?.complete) return null;
  const files = archive.entries.filter(({ kind }) => kind === 'file');
  return new Map(files.map((file) => [`${path}/${file.path}`, `${file.size} ${file.modified}`]));
}

/** Paths of `after` that were not, or were otherwise, in `before`. */
export const grown = (before: Snapshot, after: Snapshot): string[] =>
  [...after].filter(([file, state]) => before.get(file) !== state).map(([file]) => file);
