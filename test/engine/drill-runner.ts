/**
 * A drill in a process of its own, for tests that end it in the middle: at the n-th call to the engine or to Compose it
 * kills itself, or tells the test and waits. Reads its orders as JSON from the environment.
 */
import { connect } from '../../server/live/connect.ts';
import type { Compose } from '../../server/live/drill/compose.ts';
import { drill } from '../../server/live/drill/drill.ts';
import type { DrillEvent } from '../../server/live/drill/model.ts';
import type { WritableEngine } from '../../server/live/engine-write.ts';
import { analyse, composeOf, machineWith } from './drill-projects.ts';

export interface Orders {
  readonly socket: string;
  readonly folder: string;
  readonly name: string;
  readonly images: Readonly<Record<string, { readonly paths: readonly string[] }>>;
  readonly state: string;
  /** The program; null: the API alone. */
  readonly compose: string | null;
  readonly environment: NodeJS.ProcessEnv;
  /** 0: never. */
  readonly at: number;
  /** `kill`: before the call. `kill-during`: when it is under way. `tell`: says so, and goes on when it is told to. */
  readonly what: 'kill' | 'kill-during' | 'tell';
  /** All that need no consent when absent. */
  readonly events?: readonly DrillEvent[];
  readonly allowBuild?: boolean;
}

const orders = JSON.parse(process.env.DRILL_ORDERS ?? '') as Orders;
let calls = 0;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

async function around<T>(act: () => Promise<T>): Promise<T> {
  if (++calls !== orders.at) return act();
  if (orders.what === 'kill') die();
  if (orders.what === 'tell') {
    console.log('here');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.pause();
  }
  const under = act();
  if (orders.what === 'kill-during') setTimeout(die, 3);
  return under;
}

const counted = (engine: WritableEngine): WritableEngine =>
  Object.fromEntries(
    Object.entries(engine).map(([name, value]) => [
      name,
      typeof value === 'function' && name !== 'close'
        ? (...args: unknown[]) => around(async () => (value as (...args: unknown[]) => unknown)(...args))
        : value,
    ]),
  ) as unknown as WritableEngine;

const machine = machineWith(orders.state);
const engine = await connect({ access: 'write', machine, host: `unix://${orders.socket}` });
const plain = orders.compose === null ? null : composeOf(orders.compose, orders.environment);
const compose: Compose | null = plain && {
  name: plain.name,
  run: (args, options) => around(() => plain.run(args, options)),
};
try {
  const project = await analyse(orders.folder, orders.name, orders.images);
  const { events = ['restart', 'crash', 'recreate', 'down', 'down-volumes'], allowBuild } = orders;
  const report = await drill(counted(engine), {
    project,
    runtime: 'compose',
    machine,
    compose,
    events,
    allowBuild,
    patience: 15_000,
  });
  console.log(JSON.stringify({ calls, agrees: report.results.map(({ agrees }) => agrees), errors: report.errors }));
} catch (error) {
  console.log(JSON.stringify({ calls, failed: (error as Error).message }));
} finally {
  engine.close();
}
