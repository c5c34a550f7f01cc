/** What the probes that speak HTTP share. */
import * as path from 'node:path';
import { type Ask, type HttpAnswer, type HttpRequest, PREFIX, Unable } from './probe.ts';

/** @throws Unable unless it is answered well, or with one of the statuses `also` */
export async function asked(ask: Ask, request: HttpRequest, also: readonly number[] = []): Promise<HttpAnswer> {
  const answer = await ask.http(request);
  const { status } = answer;
  if ((status >= 200 && status < 300) || also.includes(status)) return answer;
  const at = request.path.replace(/\?.*$/, '');
  if (status === 401 || status === 403)
    throw new Unable(`the server asks for other credentials than are known (${status} at ${at})`);
  throw new Unable(`${request.method ?? 'GET'} ${at} was answered with ${status}`);
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies there in JSON; undefined where the way ends. */
export function at(json: unknown, ...way: readonly (string | number)[]): unknown {
  let value = json;
  for (const step of way) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The last value of a flag, as `--flag value` or `--flag=value`. */
export function flag(command: readonly string[], ...names: readonly string[]): string | undefined {
  let found: string | undefined;
  command.forEach((word, index) => {
    const equals = word.indexOf('=');
    if (equals > 0 && names.includes(word.slice(0, equals))) found = word.slice(equals + 1);
    else if (names.includes(word)) found = command[index + 1];
  });
  return found;
}

/** Of `8080`, `:8080`, `0.0.0.0:8080`, `http://0.0.0.0:8080`. */
export function portOf(address: string | undefined): number | undefined {
  const port = Number(/(?:^|:)(\d{1,5})\/?$/.exec(address ?? '')?.[1] ?? Number.NaN);
  return port > 0 && port < 65_536 ? port : undefined;
}

/** A path that the server was given, in the container. */
export const inContainer = (ask: Ask, given: string): string =>
  path.posix.resolve(ask.container.workingDirectory, given).replace(/(?<=.)\/$/, '');

/** What processes have open, as far as it may be seen: where data really goes. Empty without a shell. */
export async function openFiles(ask: Ask): Promise<string[]> {
  try {
    const found = await ask.shell('for f in /proc/[0-9]*/fd/*; do readlink "$f"; done 2>/dev/null | sort -u; true');
    return found.split('\n').filter((file) => file.startsWith('/'));
  } catch (error) {
    if (error instanceof Unable) return [];
    throw error;
  }
}

/** What a pattern's first group names in files that are open. */
export function openIn(files: readonly string[], pattern: RegExp): string | undefined {
  for (const file of files) {
    const found = pattern.exec(file)?.[1];
    if (found !== undefined) return found === '' ? '/' : found;
  }
  return undefined;
}

export const isPlanted = (name: string): boolean => name.toLowerCase().startsWith(PREFIX);

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
