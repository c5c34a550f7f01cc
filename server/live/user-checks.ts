/** Puts the questions of the settings to the containers of their services. */
import { waysInto } from './ask.ts';
import { type Check, type CheckResult, runCheck } from './checks.ts';
import type { Container, Engine } from './engine.ts';
import type { LiveFinding } from './model.ts';

export interface ChecksAround {
  readonly engine: Engine;
  /** Those that run, by service; of several containers of one service the first is asked. */
  readonly running: ReadonlyMap<string, Container>;
  /** Services of the project. */
  readonly services: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
}

/** One after the other: they may count what the others change. @throws EngineFault when the engine goes away */
export async function runChecks(checks: readonly Check[], around: ChecksAround): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runOne(check, around));
  return results;
}

async function runOne(check: Check, { engine, running, services, signal }: ChecksAround): Promise<CheckResult> {
  const { name, service } = check;
  const container = running.get(service);
  if (container) return runCheck(waysInto({ engine, container, signal }), check);
  const reason = services.has(service) ? 'no container of the service runs' : `the project has no service ${service}`;
  return { name, service, count: null, passed: null, reason };
}

export const ofChecks = (results: readonly CheckResult[]): LiveFinding[] =>
  results.flatMap(({ name, service, passed, reason }): LiveFinding[] =>
    passed === false ? [{ rule: 'check-failed', severity: 'error', message: `${name}: ${reason}`, service }] : [],
  );
