/** Opens an engine for no more than a level needs, and verifies. The command line and the language server both end here. */
import { connect } from './connect.ts';
import type { Access, Engine } from './engine.ts';
import { EngineFault } from './fault.ts';
import type { Level, Report } from './model.ts';
import { type VerifyOptions, verify } from './verify.ts';

export interface RunOptions extends VerifyOptions {
  readonly level: Level;
  /** As `--host` and `--context` name the engine. */
  readonly host?: string | undefined;
  readonly context?: string | undefined;
}

/** A probe writes through clients in the containers: the engine itself is only asked. */
const ACCESS: Readonly<Record<Level, Access>> = { inspect: 'inspect', read: 'read', probe: 'read', drill: 'write' };

/** @throws EngineFault */
export async function run(options: RunOptions): Promise<Report> {
  const { level, machine, host, context, signal } = options;
  const engine = await connect({ access: ACCESS[level], machine, host, context, signal });
  try {
    refuseRemote(engine, level);
    return await verify(engine, options);
  } finally {
    engine.close();
  }
}

/** @throws EngineFault */
function refuseRemote({ identity }: Engine, level: Level): void {
  if (!identity.remote || level === 'inspect' || level === 'read') return;
  throw new EngineFault(
    'not-allowed',
    `The engine at ${identity.endpoint} is on another machine, where a ${level} could meet what others depend on. Run it on that machine, or take --level read.`,
  );
}
