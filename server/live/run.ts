/** Opens an engine for no more than a level needs, and verifies. The command line and the language server both end here. */
import { connect } from './connect.ts';
import type { LiveDrillOptions } from './drill/live-model.ts';
import type { DrillEvent } from './drill/model.ts';
import type { Access, Engine } from './engine.ts';
import { EngineFault } from './fault.ts';
import type { Level, LiveError, Report } from './model.ts';
import { type VerifyOptions, verify } from './verify.ts';

export interface RunOptions extends VerifyOptions {
  readonly level: Level;
  /** As `--host` and `--context` name the engine. */
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  /** Of a drill; the usual ones when absent. */
  readonly events?: readonly DrillEvent[] | undefined;
  /** Of the event `rebuild`: commands of a Dockerfile may be run. */
  readonly allowBuild?: boolean | undefined;
  /** A drill of the user's own service in place of a scratch copy. */
  readonly live?: LiveRequest | undefined;
}

export interface LiveRequest extends Pick<LiveDrillOptions, 'service' | 'backup' | 'composeArgs' | 'folder'> {
  /** Null: what would be done is to be told, and nothing done. */
  readonly confirm: string | null;
}

/** A probe writes through clients in the containers: the engine itself is only asked. */
export const ACCESS: Readonly<Record<Level, Access>> = {
  inspect: 'inspect',
  read: 'read',
  probe: 'read',
  drill: 'write',
};

/** @throws EngineFault */
export async function run(options: RunOptions): Promise<Report> {
  const { level, machine, host, context, signal } = options;
  // Cancelled, what writes still has to clean up: its engine is not closed by the signal.
  const limits = level === 'drill' || level === 'probe' ? {} : { signal };
  const engine = await connect({ access: ACCESS[level], machine, host, context, ...limits });
  try {
    refuseRemote(engine, level);
    if (level !== 'drill') return withErrors(await verify(engine, options), await leftOvers(engine, options));
    return await (options.live ? drillOwn(engine, options, options.live) : drillCopy(engine, options));
  } finally {
    engine.close();
  }
}

const withErrors = (report: Report, errors: readonly LiveError[]): Report => ({
  ...report,
  errors: [...errors, ...report.errors],
});

/** What a drill that was killed has left: a level that writes takes it away, the others only tell of it. */
async function leftOvers(engine: Engine, options: RunOptions): Promise<LiveError[]> {
  const { isLittered, sweep } = await import('./drill/sweep.ts');
  const { level, machine, host, context, signal } = options;
  if (!(await isLittered(engine, machine, signal))) return [];
  if (level !== 'probe') {
    const message =
      'A drill that was interrupted has left a scratch copy: it is removed by the next --level drill or probe';
    return [{ code: 'left-over', message }];
  }
  const writer = await connect({ access: 'write', machine, host, context });
  try {
    const { isWritable } = await import('./engine-write.ts');
    if (!isWritable(writer)) return [];
    return (await sweep(writer, machine)).problems.map((message) => ({ code: 'left-over', message }));
  } finally {
    writer.close();
  }
}

async function drillCopy(engine: Engine, options: RunOptions): Promise<Report> {
  // Loaded by those who drill.
  const [{ drill }, { findCompose }, { reportOf }] = await Promise.all([
    import('./drill/drill.ts'),
    import('./drill/compose.ts'),
    import('./drill/report.ts'),
  ]);
  const compose = await findCompose(options.machine, engine.identity, options);
  return reportOf(await drill(engine, { ...options, compose }));
}

async function drillOwn(engine: Engine, options: RunOptions, request: LiveRequest): Promise<Report> {
  const [{ drillLive }, { planLive }, { findCompose }, { liveReportOf }, { isWritable }] = await Promise.all([
    import('./drill/live.ts'),
    import('./drill/live-plan.ts'),
    import('./drill/compose.ts'),
    import('./drill/report.ts'),
    import('./engine-write.ts'),
  ]);
  const compose = await findCompose(options.machine, engine.identity, options);
  const { confirm, ...rest } = request;
  const all = { ...options, ...rest, compose };
  if (confirm !== null) return liveReportOf(await drillLive(engine, { ...all, confirm }), options.project);
  if (!isWritable(engine)) throw new EngineFault('not-allowed', 'The engine was not opened for a drill.');
  const { plan } = await planLive(engine, all);
  const refusals = plan.refusals.map((reason) => ` It would be refused: ${reason}.`).join('');
  const copy = plan.backupCommands.length > 0 ? `, or by hand: ${plan.backupCommands.join('; ')}` : '';
  throw new EngineFault(
    'not-allowed',
    `This makes the running service ${request.service} anew (${plan.command}), so nothing was done.${refusals} Keep a copy first (--backup <folder>${copy}), then confirm with the project's name: --confirm ${options.project.project.name}.`,
  );
}

/** @throws EngineFault */
function refuseRemote({ identity }: Engine, level: Level): void {
  if (!identity.remote || level === 'inspect' || level === 'read') return;
  throw new EngineFault(
    'not-allowed',
    `The engine at ${identity.endpoint} is on another machine, where a ${level} could meet what others depend on. Run it on that machine, or take --level read.`,
  );
}
