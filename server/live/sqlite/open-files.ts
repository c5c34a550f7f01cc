/** The databases that a container's processes have open at this moment, as far as the engine lets one look. */
import { EngineFault, isFatal } from '../fault.ts';
import { type Ask, Unable } from '../probes/probe.ts';

export interface OpenFiles {
  readonly databases: readonly string[];
  /** Of them: deleted or replaced under the process that has them open. */
  readonly deleted: readonly string[];
}

const NAMED = /\.(db3?|sqlite3?|s3db|sl3)$/i;
const BESIDE = /-(wal|shm|journal)$/;
/** Package managers and browsers keep databases that nobody misses. */
const NOISE = /^\/(proc|sys|dev)\/|\/(\.cache|node_modules|__pycache__)\//;
const DELETED = ' (deleted)';

/** What `ls -l` says of `/proc/*\/fd`. */
export function openIn(listing: string): OpenFiles {
  const targets = listing.split('\n').flatMap((line) => /^l.* -> (\/.*)$/.exec(line)?.[1] ?? []);
  const all = new Map<string, boolean>();
  for (const target of targets) {
    const deleted = target.endsWith(DELETED);
    const file = deleted ? target.slice(0, -DELETED.length) : target;
    all.set(file, deleted || all.get(file) === true);
  }
  const isDatabase = (file: string): boolean =>
    NAMED.test(file) || ['-wal', '-shm', '-journal'].some((suffix) => all.has(file + suffix));
  const databases = [...all.keys()]
    .filter((file) => !BESIDE.test(file) && !NOISE.test(file) && isDatabase(file))
    .sort();
  return { databases, deleted: databases.filter((file) => all.get(file) === true) };
}

/** Nothing where nothing may or can be run: it is only an addition. */
export async function openFiles(ask: Ask): Promise<OpenFiles> {
  if (!ask.container.running) return openIn('');
  try {
    return openIn(await ask.shell('ls -l /proc/[0-9]*/fd 2>/dev/null; true'));
  } catch (error) {
    if (error instanceof Unable || (error instanceof EngineFault && !isFatal(error))) return openIn('');
    throw error;
  }
}
