/** The Compose command line: found, told which engine to talk to, and never left running without us. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Choice } from '../candidates.ts';
import { currentContext } from '../context.ts';
import type { EngineIdentity } from '../engine.ts';
import { EngineFault } from '../fault.ts';
import type { Machine } from '../machine.ts';
import { birthOf, isAlive } from '../process-birth.ts';
import { redacted } from '../redact.ts';

export interface ComposeRun {
  /** Where it runs. */
  readonly folder: string;
  /** The process is noted in the folder, so that it can be stopped when we were killed. */
  readonly noted: boolean;
  readonly signal?: AbortSignal | undefined;
  /** ms */
  readonly timeout?: number;
  /** Besides what it has anyway. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Compose {
  /** `docker compose`, as people are to read it. */
  readonly name: string;
  /** @throws EngineFault with what it said last when it fails */
  run(args: readonly string[], options: ComposeRun): Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Compose 2 as it is installed, talking to the engine that was chosen; null where there is none. */
export async function findCompose(
  machine: Machine,
  engine: Pick<EngineIdentity, 'endpoint'>,
  choice: Choice = {},
): Promise<Compose | null> {
  const env = environmentFor(machine, engine, choice);
  for (const [program, ...first] of [['docker', 'compose'], ['docker-compose']] as const) {
    if (await isVersion2(program, first, env)) return composeOver(program, first, env);
  }
  return null;
}

export const composeOver = (program: string, first: readonly string[], env: Environment): Compose => ({
  name: [path.basename(program), ...first].join(' '),
  run: (args, options) => run(program, [...first, ...args], env, options),
});

/** A context is left to the command line, which knows its TLS files; an address is handed over as it was found. */
function environmentFor(machine: Machine, { endpoint }: Pick<EngineIdentity, 'endpoint'>, choice: Choice): Environment {
  const { DOCKER_HOST: host, DOCKER_CONTEXT: context, ...env } = machine.env;
  // These belong to the user's project, and would change what is read.
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('COMPOSE_')));
  const named = choice.context ?? (choice.host || host ? undefined : context || (currentContext(machine) ?? undefined));
  if (named !== undefined && named !== 'default') return { ...own, DOCKER_CONTEXT: named };
  return { ...own, DOCKER_HOST: choice.host ?? host ?? endpoint.replace(/ \(TLS\)$/, '') };
}

const isVersion2 = (program: string, first: readonly string[], env: Environment): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { env: env as NodeJS.ProcessEnv, timeout: 20_000 };
    execFile(program, [...first, 'version', '--short'], options, (error, stdout) =>
      resolve(!error && /^v?([2-9]|\d{2,})\./.test(stdout.trim())),
    );
  });

const LIMIT = 10 * 60_000;
const NOTE = 'compose.json';
const KEPT = 4 * 1024 * 1024;

async function run(
  program: string,
  args: readonly string[],
  env: Environment,
  { folder, noted, signal, timeout = LIMIT, env: more }: ComposeRun,
): Promise<string> {
  const doing = `run ${path.basename(program)} ${args.find((arg) => /^[a-z]+$/.test(arg) && arg !== 'compose') ?? ''}`;
  if (signal?.aborted) throw new EngineFault('cancelled', `Cancelled while it was to ${doing}.`);
  // A group of its own: the command line runs Compose as a program of its own, and both must be stopped.
  const options = {
    cwd: folder,
    env: { ...env, ...more } as NodeJS.ProcessEnv,
    detached: process.platform !== 'win32',
  };
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const note = path.join(folder, NOTE);
  if (noted && child.pid !== undefined)
    fs.writeFileSync(note, JSON.stringify({ pid: child.pid, born: birthOf(child.pid) }), { mode: 0o600 });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout = (stdout + data.toString('utf8')).slice(-KEPT);
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr = (stderr + data.toString('utf8')).slice(-KEPT);
  });
  const clock = AbortSignal.timeout(timeout);
  const either = signal ? AbortSignal.any([signal, clock]) : clock;
  const stop = (): void => void stopChild(child);
  either.addEventListener('abort', stop, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (signal?.aborted) throw new EngineFault('cancelled', `Cancelled while it was to ${doing}.`);
    if (clock.aborted)
      throw new EngineFault('timeout', `Compose did not end within ${timeout / 1000} s when it was to ${doing}.`);
    if (code === 0) return stdout;
    throw new EngineFault(
      'failed',
      `Compose could not ${doing} (${lastLine(stderr || stdout) || `exit code ${code}`}).`,
    );
  } catch (error) {
    if (error instanceof EngineFault) throw error;
    throw new EngineFault('failed', `Compose could not be run: ${(error as Error).message}.`);
  } finally {
    either.removeEventListener('abort', stop);
    if (noted) fs.rmSync(note, { force: true });
  }
}

const lastLine = (text: string): string => redacted((text.trim().split('\n').at(-1) ?? '').trim(), []).slice(0, 300);

/** First as a user would, with Ctrl-C. */
function stopChild({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  setTimeout(() => signalGroup(pid, 'SIGKILL'), 5000).unref();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}

/** The Compose that a drill which was killed has left running: told by its number and the time of its start. */
export async function stopCompose(folder: string): Promise<void> {
  const noted = noteIn(path.join(folder, NOTE));
  if (!noted || noted.born === '' || !isAlive(noted.pid, noted.born)) return;
  signalGroup(noted.pid, 'SIGKILL');
  for (let i = 0; i < 100 && isAlive(noted.pid, noted.born); i++) await new Promise((done) => setTimeout(done, 20));
}

function noteIn(file: string): { readonly pid: number; readonly born: string } | null {
  try {
    const { pid, born } = JSON.parse(fs.readFileSync(file, 'utf8')) as { pid?: unknown; born?: unknown };
    return typeof pid === 'number' && pid > 1 && typeof born === 'string' ? { pid, born } : null;
  } catch {
    return null;
  }
}
