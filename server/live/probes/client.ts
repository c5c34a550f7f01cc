/** What the probes share that run a client program in the container. */
import { type Ask, type Run, type Told, Unable } from './probe.ts';

/** Sets `$t`: what stops a client that hangs before we stop waiting, so that it is not left running in the container. */
export const TIMED = "t=; timeout 8 true 2>/dev/null && t='timeout 8'";

/** Sets `$c` to the first of these programs that there is. */
export const chosen = (...programs: string[]): string =>
  `c=; for p in ${programs.join(' ')}; do command -v "$p" >/dev/null 2>&1 && c=$p && break; done
[ -n "$c" ] || { echo "there is no ${programs[0]} in the container" >&2; exit 3; }`;

/** For the shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const inShell = (ask: Ask, script: string, user?: string): Promise<Run> =>
  ask.attempt(['sh', '-c', script], { timeout: 10_000, ...(user === undefined ? {} : { user }) });

const SHOWN = 160;

export const firstLine = (text: string): string =>
  (
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '') ?? ''
  ).slice(0, SHOWN);

/** @throws Unable unless it ended well, with the first line that it said */
export function output({ exitCode, stdout, stderr }: Run, what: string): string {
  if (exitCode === 0) return stdout.trim();
  if (exitCode === 124 || exitCode === 143) throw new Unable(`${what} did not answer in time`);
  throw new Unable(firstLine(stderr) || firstLine(stdout) || `${what} failed with exit code ${exitCode}`);
}

/** What follows each line `@name`, up to the next. */
export function sections(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let open: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const name = /^@([a-z_-]+)$/.exec(line)?.[1];
    if (name === undefined) open?.push(line);
    else {
      open = [];
      found.set(name, open);
    }
  }
  return found;
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What a server says when it says nothing; a probe fills in what it heard. */
export const SILENT: Told = {
  writesTo: [],
  fingerprint: null,
  empty: null,
  count: null,
  contents: null,
  weaknesses: [],
  evidence: [],
};

/** Absolute paths, once each, without those that lie in an earlier one. */
export function places(paths: readonly (string | null | undefined)[]): string[] {
  const kept: string[] = [];
  for (const path of paths) {
    const clean = path ? path.replace(/\/+$/, '') || '/' : '';
    if (clean.startsWith('/') && !kept.some((one) => clean === one || clean.startsWith(`${one}/`))) kept.push(clean);
  }
  return kept;
}

export const below = (directory: string, path: string): string =>
  path.startsWith('/') ? path : `${directory.replace(/\/+$/, '')}/${path.replace(/^(\.\/)+|^\.$/, '')}`;

export interface Process {
  readonly id: number;
  /** As `docker exec --user` takes it. */
  readonly user: string;
}

/** By the name that the kernel knows, of which there are 15 characters. Null: it cannot be seen. */
export async function processOf(ask: Ask, names: readonly string[]): Promise<Process | null> {
  const script = `for d in /proc/[0-9]*; do
{ read -r n <"$d/comm"; } 2>/dev/null || continue
case $n in ${names.map((name) => name.slice(0, 15)).join('|')}) ;; *) continue ;; esac
echo "\${d#/proc/}" $(sed -n 's/^[UG]id:[[:space:]]*[0-9]*[[:space:]]*\\([0-9]*\\).*/\\1/p' "$d/status")
break
done`;
  const said = await orNull(inShell(ask, script));
  const [, id, user, group] = /^(\d+) (\d+) (\d+)\s*$/.exec(said?.stdout ?? '') ?? [];
  return id === undefined ? null : { id: Number(id), user: `${user}:${group}` };
}

/**
 * Where a server works, which for many is where their data is. Only the process's own user may see it: root in a
 * container is not allowed to look into the processes of others.
 */
export async function workingDirectory(ask: Ask, names: readonly string[]): Promise<string | null> {
  const process = await processOf(ask, names);
  if (!process) return null;
  const said = await orNull(ask.attempt(['readlink', `/proc/${process.id}/cwd`], { user: process.user }));
  const path = said?.exitCode === 0 ? said.stdout.trim() : '';
  return path.startsWith('/') && !path.endsWith('(deleted)') ? path : null;
}

/** Null also where it could not be asked. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unable) return null;
    throw error;
  }
}

/** KiB */
const LEAST = 32 * 1024;

/** Why nothing must be written there; null also where the free space is not known. */
export async function fullDisk(ask: Ask, directory: string | undefined): Promise<string | null> {
  if (directory === undefined) return null;
  const said = await orNull(ask.attempt(['df', '-Pk', directory]));
  const columns = said?.exitCode === 0 ? (said.stdout.trim().split('\n').at(-1)?.split(/\s+/) ?? []) : [];
  const free = Number(columns[3]);
  return columns.length >= 6 && free < LEAST ? `the disk that holds ${directory} is full` : null;
}
