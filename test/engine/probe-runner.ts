/**
 * Level `probe` in a process of its own, for tests that end it in the middle: at the n-th call to the engine it kills itself,
 * or tells the test and waits. Reads its orders as JSON from the environment.
 */
import * as fs from 'node:fs';
import { connect } from '../../server/live/connect.ts';
import { verify } from '../../server/live/verify.ts';
import { analyse, machineWith } from './drill-projects.ts';

export interface Orders {
  readonly socket: string;
  readonly folder: string;
  readonly name: string;
  readonly state: string;
  /** 0: never. */
  readonly at: number;
  /** `kill`: before the call. `kill-during`: when it is under way. `tell`: says so, and goes on when it is told to. */
  readonly what: 'kill' | 'kill-during' | 'tell';
}

export interface Said {
  readonly calls: number;
  /** Numbers of those that ran a program in a container. */
  readonly runs: readonly number[];
  readonly evidence?: readonly string[];
  readonly errors?: readonly string[];
  readonly failed?: string;
}

const orders = JSON.parse(process.env.PROBE_ORDERS ?? '') as Orders;
const runs: number[] = [];
let calls = 0;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Nothing else of this process goes on meanwhile. */
function tell(): void {
  fs.writeSync(1, 'here\n');
  fs.readSync(0, Buffer.alloc(1));
}

function onCall({ path }: { readonly path: string }): void {
  calls++;
  if (/^\/exec\/[^/]+\/start$/.test(path)) runs.push(calls);
  if (calls !== orders.at) return;
  if (orders.what === 'kill') die();
  else if (orders.what === 'tell') tell();
  else setTimeout(die, 3);
}

const say = (said: Omit<Said, 'calls' | 'runs'>): void => console.log(JSON.stringify({ calls, runs, ...said }));

const machine = machineWith(orders.state);
try {
  const engine = await connect({ access: 'read', machine, host: `unix://${orders.socket}`, onCall });
  try {
    const project = await analyse(orders.folder, orders.name);
    const { results, errors } = await verify(engine, { level: 'probe', project, runtime: 'compose', machine });
    say({ evidence: results.flatMap(({ evidence }) => evidence), errors: errors.map(({ message }) => message) });
  } finally {
    engine.close();
  }
} catch (error) {
  say({ failed: (error as Error).message });
}
