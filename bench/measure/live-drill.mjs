// A drill of a server and an application, by Compose and by the engine's API alone, which take turns.
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { composeProgram, environment } from '../lib/container-engine.mjs';
import { LiveProject, PAIR, surroundings } from '../lib/live-project.mjs';
import { LIVE } from '../lib/paths.mjs';
import { interrupted } from '../lib/run.mjs';

const WAYS = ['compose', 'api'];

export async function measureDrill({ times = 3 } = {}) {
  const analysed = await new LiveProject('pair', PAIR).analysed();
  const taken = WAYS.map((by) => ({ by, runs: [] }));
  for (let i = 0; i < times; i++) for (const { by, runs } of taken) runs.push(await drillOnce(analysed, by));
  return taken;
}

async function drillOnce(project, by) {
  const { composeOver, connect, drill, thisMachine } = await import(path.join(LIVE, 'entries/live.js'));
  const machine = thisMachine(surroundings);
  const engine = await connect({ machine, access: 'write' });
  const compose = by === 'compose' ? composeOver(composeProgram, [], environment) : null;
  const calls = [];
  // Cancelled, it takes its copy away all the same.
  const signal = interrupted;
  const onCall = ({ name, time }) => calls.push({ name, time, end: performance.now() });
  try {
    const report = await drill(engine, { project, runtime: 'compose', machine, compose, signal, onCall });
    const wrong = report.results.filter(({ agrees }) => agrees !== true);
    if (wrong.length > 0 || report.errors.length > 0)
      throw new Error(`${by}: ${report.errors[0]?.message ?? `${wrong[0].service}: ${wrong[0].reason}`}`);
    return { ...report.time, busy: busyOf(calls), names: byName(calls) };
  } finally {
    engine.close();
  }
}

/** How many there were of each kind, and how long they took. */
function byName(calls) {
  const names = {};
  for (const { name, time } of calls) {
    const { count = 0, total = 0 } = names[name] ?? {};
    names[name] = { count: count + 1, total: total + time };
  }
  return names;
}

/** The time in which at least one call was under way. */
export function busyOf(calls) {
  const spans = calls.map(({ time, end }) => [end - time, end]).sort((a, b) => a[0] - b[0]);
  let busy = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans) {
    busy += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return busy;
}
