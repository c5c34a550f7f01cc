/** The user's own questions to a service: what they count can be compared before and after its containers are made anew. */
import type { Check, Expectation } from '../lint/settings-checks.ts';
import { EngineFault, isFatal } from './fault.ts';
import { type Ask, Unable } from './probes/probe.ts';

export type { Check } from '../lint/settings-checks.ts';

export interface CheckResult {
  readonly name: string;
  readonly service: string;
  /** Null: it counts nothing, or could not be asked. */
  readonly count: number | null;
  /** Null: it could not be asked. */
  readonly passed: boolean | null;
  /** A sentence without a full stop; what an answer says stands in none of them. */
  readonly reason: string;
}

/** As much of an {@link Ask} as is needed: no store. */
export type Askable = Pick<Ask, 'http' | 'attempt' | 'logs'>;

type Verdict = Pick<CheckResult, 'count' | 'passed' | 'reason'>;

/** @throws EngineFault when the engine goes away */
export async function runCheck(ask: Askable, check: Check): Promise<CheckResult> {
  const { name, service } = check;
  try {
    return { name, service, ...(await verdictOf(ask, check)) };
  } catch (error) {
    if (error instanceof EngineFault && isFatal(error)) throw error;
    if (!(error instanceof Unable) && !(error instanceof EngineFault)) throw error;
    return { name, service, count: null, passed: null, reason: error.message.replace(/\.$/, '') };
  }
}

async function verdictOf(ask: Askable, { what, expect, timeout }: Check): Promise<Verdict> {
  switch (what.kind) {
    case 'http': {
      const { port, path, method, tls, headers, body } = what;
      const answer = await ask.http({
        port,
        path,
        method,
        tls,
        headers,
        timeout,
        ...(body === undefined ? {} : { body }),
      });
      const { status, text, json } = answer;
      const good = expect.status ? expect.status.includes(status) : status >= 200 && status < 300;
      if (good) return judged(expect, text, json, `it was answered with ${status}`);
      const wanted = expect.status?.join(' or ') ?? '200 to 299';
      return { count: null, passed: false, reason: `it was answered with ${status}, not ${wanted}` };
    }
    case 'exec': {
      const { exitCode, stdout } = await ask.attempt(what.argv, { timeout });
      const wanted = expect.exitCode ?? 0;
      if (exitCode === wanted) return judged(expect, stdout, parsed(stdout), `it ended with exit code ${exitCode}`);
      return { count: null, passed: false, reason: `it ended with exit code ${exitCode}, not ${wanted}` };
    }
    case 'log':
      return judged(expect, await ask.logs(what.lines), undefined, 'the log was read');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function judged(expect: Expectation, text: string, json: unknown, done: string): Verdict {
  const { json: way, pattern, absent, atLeast } = expect;
  if (pattern) {
    const { found, count } = matches(pattern, text);
    if (absent) {
      if (found === 0) return { count: 0, passed: true, reason: 'its pattern is not found' };
      return { count: found, passed: false, reason: `its pattern is found ${times(found)}` };
    }
    if (found === 0 && atLeast !== 0) return { count: 0, passed: false, reason: 'its pattern is not found' };
    return measured(count, atLeast, `its pattern is found ${times(found)}`);
  }
  if (way) {
    if (json === undefined) return { count: null, passed: false, reason: 'the answer is no JSON' };
    const at = wayText(way);
    const value = valueAt(json, way);
    if (value === undefined) return { count: null, passed: false, reason: `there is nothing at ${at} in the answer` };
    const count = countOf(value);
    if (count === null && atLeast !== undefined)
      return { count, passed: false, reason: `${at} is neither a number nor a list` };
    return measured(count, atLeast, `there is something at ${at}`);
  }
  const number = text.trim();
  const count = /^-?\d+(\.\d+)?$/.test(number) ? Number(number) : null;
  if (count === null && atLeast !== undefined) return { count, passed: false, reason: `${done}, but said no number` };
  return measured(count, atLeast, done);
}

function measured(count: number | null, atLeast: number | undefined, done: string): Verdict {
  if (count === null) return { count, passed: true, reason: done };
  if (atLeast === undefined) return { count, passed: true, reason: `it counts ${count}` };
  if (count >= atLeast) return { count, passed: true, reason: `it counts ${count}, at least ${atLeast}` };
  return { count, passed: false, reason: `it counts ${count}, not at least ${atLeast}` };
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** The last one counts: a log that goes on tells the newest at its end. */
function matches(pattern: RegExp, text: string): { found: number; count: number } {
  const all = [...text.matchAll(pattern)];
  const told = Number(all.at(-1)?.[1]?.replace(/[_,](?=\d{3})/g, '') || Number.NaN);
  return { found: all.length, count: Number.isNaN(told) ? all.length : told };
}

/** `length` is that of a list, unless something has that name. */
export function valueAt(json: unknown, way: readonly (string | number)[]): unknown {
  let value = json;
  for (const step of way) {
    if (Array.isArray(value))
      value = step === 'length' ? value.length : typeof step === 'number' ? value[step] : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, step))
      value = (value as Record<string, unknown>)[step];
    else return undefined;
  }
  return value;
}

function countOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

const wayText = (way: readonly (string | number)[]): string =>
  way.length === 0
    ? '$'
    : way.reduce<string>((text, step) => {
        if (typeof step === 'number') return `${text}[${step}]`;
        if (!/^[\w@-]+$/.test(step)) return `${text}["${step}"]`;
        return text === '' ? step : `${text}.${step}`;
      }, '');
