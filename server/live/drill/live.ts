/** `drill --live`: only when it was confirmed by name, and nothing of it can be lost as far as anybody can tell. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { AnalysedService } from '../../stores/model.ts';
import { askOf, waysInto } from '../ask.ts';
import { type CheckResult, runCheck } from '../checks.ts';
import type { Container, Engine } from '../engine.ts';
import { isWritable, type WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal } from '../fault.ts';
import { VERDICTS, type Verdict } from '../model.ts';
import { isSameData } from '../probes/fingerprint.ts';
import { probeOf } from '../probes/index.ts';
import { type Told, Unable } from '../probes/probe.ts';
import { sizeText } from '../sizes.ts';
import type { LiveDrillOptions, LiveDrillReport, LiveDrillStore, LivePlan, PlannedStore } from './live-model.ts';
import { planLive, recreate } from './live-plan.ts';
import { ready } from './ready.ts';
import type { ScratchService } from './scratch-model.ts';

const PATIENCE = 120_000;

/** @throws EngineFault when it was not confirmed, the backup does not succeed, or the engine goes away */
export async function drillLive(engine: Engine, options: LiveDrillOptions): Promise<LiveDrillReport> {
  const { project, service, confirm, compose, composeArgs, folder, signal } = options;
  const { name } = project.project;
  if (!isWritable(engine)) throw new EngineFault('not-allowed', 'The engine was not opened for a drill.');
  if (confirm !== name)
    throw new EngineFault(
      'not-allowed',
      `The service ${service} of your own project is made anew only when that is confirmed with the project's name: ${name}.`,
    );
  const steps = 5;
  const progress = (message: string, done: number): void => options.onProgress?.({ message, done, total: steps });
  progress(`Looking at ${service}`, 0);
  const { plan, container, analysed } = await planLive(engine, options);
  const report = { level: 'drill-live', engine: engine.identity, project: name, service, plan } as const;
  const refused = { ...report, done: false, stores: [], checks: [], backups: [] };
  if (!container || !compose || plan.refusals.length > 0) return { ...refused, verdict: plan.verdict ?? 'UNKNOWN' };
  const different = await differs(container, options);
  if (different !== null) return { ...refused, plan: { ...plan, refusals: [different] }, verdict: 'UNKNOWN' };

  progress(`Asking ${service} about its data`, 1);
  const before = await questions(engine, analysed, container, plan, options);
  const backups = await backUp(engine, container, plan, options, () => progress(`Copying the data of ${service}`, 2));
  progress(plan.command, 3);
  // From here on nothing is cancelled: the service is to run again.
  await compose.run([...composeArgs, ...recreate(service)], { folder, noted: false });
  const again = await back(engine, analysed, container, options);
  progress(`Asking ${service} again`, 4);
  const after =
    'container' in again
      ? await questions(engine, analysed, again.container, plan, { ...options, signal: undefined })
      : null;
  const reason = 'container' in again ? null : again.reason;
  const stores = plan.stores.map((store, index) =>
    compared(store, before.told[index] ?? null, after?.told[index] ?? null, reason),
  );
  const checks = before.checks.map((one, index) => {
    const then = after?.checks[index];
    return {
      before: one,
      after: then ?? { ...one, passed: null, count: null, reason: reason ?? '' },
      passed: then ? same(one, then) : null,
    };
  });
  signal?.throwIfAborted();
  return { ...report, done: true, stores, checks, backups, verdict: worst(stores, checks) };
}

/** Other variables in the shell, another env file: then Compose would make something else than what runs. */
async function differs(
  container: Container,
  { compose, composeArgs, folder, service, signal }: LiveDrillOptions,
): Promise<string | null> {
  const text = await compose!.run([...composeArgs, 'config', '--format', 'json'], { folder, noted: false, signal });
  const model = JSON.parse(text) as Model;
  for (const mount of model.services?.[service]?.volumes ?? []) {
    const now = container.mounts.find(({ target }) => target === mount.target);
    const expected =
      mount.type === 'volume' && mount.source ? (model.volumes?.[mount.source]?.name ?? mount.source) : mount.source;
    const actual = mount.type === 'volume' ? now?.name : now?.source;
    if (expected !== undefined && mount.type !== 'tmpfs' && expected !== actual)
      return `Compose would mount ${expected} at ${mount.target}, which is not what the container has: ${actual ?? 'nothing'}`;
  }
  return null;
}

interface Model {
  readonly services?: Readonly<
    Record<
      string,
      { readonly volumes?: readonly { readonly type: string; readonly source?: string; readonly target: string }[] }
    >
  >;
  readonly volumes?: Readonly<Record<string, { readonly name?: string }>>;
}

interface Answers {
  /** As the plan has its stores. */
  readonly told: readonly (Told | null)[];
  readonly checks: readonly CheckResult[];
}

async function questions(
  engine: WritableEngine,
  analysed: AnalysedService,
  container: Container,
  plan: LivePlan,
  { checks = [], service, signal }: LiveDrillOptions,
): Promise<Answers> {
  const told = plan.stores.map(async ({ technology, path: at }): Promise<Told | null> => {
    const store = analysed.stores.find(({ store: one }) => one.technology === technology)?.store;
    const probe = store && probeOf(store);
    if (!store || !probe) return null;
    const ask = askOf({ engine, container, store, path: at, signal });
    return retried(() => probe.read(ask));
  });
  const own = checks.filter((check) => check.service === service);
  const results = own.map((check) => runCheck(waysInto({ engine, container, signal }), check));
  return { told: await Promise.all(told), checks: await Promise.all(results) };
}

const TRIES = 20;

/** A server that was just started may not answer at once. */
async function retried(read: () => Promise<Told>): Promise<Told | null> {
  for (let i = 1; ; i++) {
    try {
      return await read();
    } catch (error) {
      if (error instanceof EngineFault && isFatal(error)) throw error;
      if (!(error instanceof Unable) && !(error instanceof EngineFault)) throw error;
      if (i === TRIES || /^there is no /.test(error.message)) return null;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}

/** Stopped meanwhile, so that the copy is of one moment. When it fails the service is started again, and that was all. */
async function backUp(
  engine: WritableEngine,
  container: Container,
  { stores }: LivePlan,
  { backup, compose, composeArgs, folder, service, machine, signal }: LiveDrillOptions,
  begin: () => void,
): Promise<LiveDrillReport['backups']> {
  if (backup === undefined) return [];
  begin();
  fs.mkdirSync(backup, { recursive: true, mode: 0o700 });
  const room = machine.disk(backup);
  const known = stores.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const free = Math.max((room?.free ?? 0) * 0.9, 0);
  if (!room || known > free)
    throw new EngineFault(
      'not-allowed',
      `The backup needs ${sizeText(known)}, and there is room for ${sizeText(free)} in ${backup}. Nothing was done.`,
    );
  await compose!.run([...composeArgs, 'stop', service], { folder, noted: false });
  const files: { path: string; file: string; size: number }[] = [];
  try {
    let left = free;
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    for (const [index, store] of stores.entries()) {
      if (store.path === null) continue;
      const file = path.join(backup, `${service}-${store.technology}-${index + 1}-${stamp}.tar`);
      const size = await engine.save(container.id, store.path, file, left, signal);
      left -= size;
      files.push({ path: store.path, file, size });
    }
    return files;
  } catch (error) {
    await compose!.run([...composeArgs, 'start', service], { folder, noted: false });
    if (error instanceof EngineFault)
      throw new EngineFault(error.code, `The backup failed, and the service was started again: ${error.message}`);
    throw error;
  }
}

async function back(
  engine: WritableEngine,
  analysed: AnalysedService,
  { id, name }: Container,
  { patience = PATIENCE }: LiveDrillOptions,
) {
  const found = (await engine.containers()).find((one) => one.name === name && one.id !== id);
  // Its own policy starts it again: not we.
  const service = { name: analysed.service.name, restarts: false } as ScratchService;
  return ready(service, found?.id, { engine, patience, signal: undefined }, true);
}

function compared(store: PlannedStore, before: Told | null, after: Told | null, reason: string | null): LiveDrillStore {
  const base = { ...store, before, after };
  if (reason !== null) return { ...base, verdict: 'UNKNOWN', reason };
  if (!before || !after)
    return { ...base, verdict: 'UNKNOWN', reason: 'The server could not be asked before and after' };
  if (before.fingerprint !== null && (after.fingerprint === null || !isSameData(before.fingerprint, after.fingerprint)))
    return { ...base, verdict: 'NOT PERSISTED', reason: 'Its data was made anew: another fingerprint' };
  if (before.count !== null && after.count !== null && after.count < before.count)
    return {
      ...base,
      verdict: 'NOT PERSISTED',
      reason: `Before there was more: ${before.contents}, and now ${after.contents}`,
    };
  if (before.fingerprint === null && before.count === null)
    return { ...base, verdict: 'UNKNOWN', reason: 'The server says nothing that could be compared' };
  if (before.empty === true)
    return { ...base, verdict: 'EMPTY', reason: 'There was nothing in it that could have been lost' };
  const what = [
    before.fingerprint === null ? [] : ['the same fingerprint'],
    after.contents === null ? [] : [after.contents],
  ].flat();
  return { ...base, verdict: 'SAFE', reason: `It is there after the service was made anew: ${what.join(', ')}` };
}

const same = (before: CheckResult, after: CheckResult): boolean | null =>
  before.passed === null || after.passed === null
    ? null
    : (after.passed || !before.passed) &&
      !(before.count !== null && after.count !== null && after.count < before.count);

function worst(stores: readonly LiveDrillStore[], checks: LiveDrillReport['checks']): Verdict {
  const all: Verdict[] = [
    ...stores.map(({ verdict }) => verdict),
    ...checks.map(({ passed }): Verdict => (passed === null ? 'UNKNOWN' : passed ? 'SAFE' : 'NOT PERSISTED')),
  ];
  return VERDICTS.find((verdict) => all.includes(verdict)) ?? 'UNKNOWN';
}
