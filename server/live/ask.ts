/** The ways to ask about one store of a running container, as probes see them. */
import type { Store } from '../survival/words.ts';
import type { Container, Engine } from './engine.ts';
import { EngineFault, isFatal } from './fault.ts';
import { type Ask, type Run, type RunOptions, Unable } from './probes/probe.ts';
import { reach } from './reach.ts';

/** ms; a client that takes longer hangs. */
const PATIENCE = 10_000;
const LOG_LINE = 160;
const SECRET_FILE = 64 * 1024;

export interface Asked {
  readonly engine: Engine;
  readonly container: Container;
  readonly store: Store;
  /** Links resolved. */
  readonly path: string | null;
  readonly signal?: AbortSignal | undefined;
}

export const askOf = ({ store, path, ...rest }: Asked): Ask => ({ ...waysInto(rest), store, path });

/** What can be asked of a container without thinking of a store. */
export function waysInto({
  engine,
  container,
  signal,
}: Pick<Asked, 'engine' | 'container' | 'signal'>): Omit<Ask, 'store' | 'path'> {
  const { id } = container;
  const program = async (argv: readonly string[], { user, timeout = PATIENCE }: RunOptions = {}): Promise<Run> => {
    const options = { signal, timeout, ...(user === undefined ? {} : { user }) };
    const run = await engine.exec(id, argv, options).catch((error: unknown): never => {
      throw notRun(error, argv[0] ?? '');
    });
    if (isMissing(run)) throw new Unable(`there is no ${argv[0]} in the container`);
    return run;
  };
  const run = async (argv: readonly string[], options?: RunOptions): Promise<string> => {
    const { exitCode, stdout, stderr } = await program(argv, options);
    if (exitCode === 0) return stdout.trim();
    // A shell says with its exit code what it did not find.
    const said = firstLine(container.redact(stderr) || container.redact(stdout));
    throw new Unable(`${nameOf(argv)} failed (${said || `exit code ${exitCode}`})`);
  };
  const file: Ask['file'] = async (at, most) => {
    const limits = { entries: 1, bytesEach: most, bytesTotal: most + 4096 };
    const [entry] = (await engine.archive(id, at, limits, signal))?.entries ?? [];
    return entry?.kind === 'file' && entry.bytes.length === entry.size ? entry.bytes : null;
  };
  return {
    container,
    attempt: program,
    run,
    shell: (script, options) => run(['sh', '-c', script], options),
    http: (request) => reach(engine, container, request, signal),
    logs: async (lines) => container.redact(await engine.logs(id, lines, signal)),
    env: container.environment,
    async secret(name) {
      const value = container.environment(name);
      if (value !== undefined && value !== '') return value;
      const named = container.environment(`${name}_FILE`);
      const bytes = named ? await file(named, SECRET_FILE) : null;
      return bytes
        ? Buffer.from(bytes)
            .toString('utf8')
            .replace(/\r?\n$/, '')
        : undefined;
    },
    stat: (at) => engine.stat(id, at, signal),
    archive: (at, limits) => engine.archive(id, at, limits, signal),
    file,
  };
}

/** The words of runc, crun and of a shell. */
const MISSING = /executable file [`']?.*not found|no such file or directory|: not found|OCI runtime (exec|attempted)/i;

const isMissing = ({ exitCode, stdout, stderr }: Run): boolean =>
  (exitCode === 126 || exitCode === 127) && MISSING.test(`${stdout}\n${stderr}`);

function notRun(error: unknown, program: string): unknown {
  if (!(error instanceof EngineFault) || isFatal(error)) return error;
  if (error.code === 'timeout') return new Unable(`${program} did not answer in time`);
  if (/not running|is paused|restarting/i.test(error.message)) return new Unable('the container does not run');
  if (MISSING.test(error.message)) return new Unable(`there is no ${program} in the container`);
  return new Unable(error.message.replace(/\.$/, ''));
}

/** A script may be long, and is of no use to the reader. */
const nameOf = (argv: readonly string[]): string => (argv[0] === 'sh' ? 'A command in the container' : argv[0]!);

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').trim().slice(0, LOG_LINE);
