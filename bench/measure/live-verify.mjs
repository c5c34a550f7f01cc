// Verifying a project of many containers: as a command, and in a process that is warm. All take turns.
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { environment, socket } from '../lib/container-engine.mjs';
import { LiveProject, serversText, surroundings } from '../lib/live-project.mjs';
import { BENCH, LIVE } from '../lib/paths.mjs';
import { interrupted } from '../lib/run.mjs';
import { runNode } from '../lib/run-node.mjs';
import { stats } from '../lib/stats.mjs';

const COUNT = 20;
const LEVELS = ['inspect', 'read'];
const WARM_UP = 3;

export async function measureVerify({ times = 10 } = {}) {
  const project = new LiveProject('twenty', serversText(COUNT));
  try {
    await project.up();
    return await measure(project, times);
  } finally {
    await project.down();
  }
}

async function measure(project, times) {
  const { bareCalls, bareCommands } = await import(path.join(LIVE, 'entries/live.js'));
  const inside = (...argv) => bareCommands(socket, project.name, argv);
  await until(() => inside('redis-cli', 'ping'));
  await inside('redis-cli', 'set', 'note', '1');
  await inside('redis-cli', 'save');
  const analysed = await project.analysed();
  const bare = path.join(BENCH, 'lib/bare-process.mjs');
  const ways = {
    floorProcess: () => runNode([bare, socket, project.name], { env: environment }),
    inspectProcess: () => command(project, 'inspect'),
    readProcess: () => command(project, 'read'),
    floor: () => bareCalls(socket, project.name),
    floorCommands: () => inside('redis-cli', 'ping'),
    inspect: () => inProcess(analysed, 'inspect'),
    read: () => inProcess(analysed, 'read'),
  };
  const calls = {};
  let engine = '';
  for (const level of LEVELS) ({ engine, calls: calls[level] } = await look(project, analysed, level));
  const taken = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let i = 0; i < WARM_UP + times; i++) {
    for (const [name, act] of Object.entries(ways)) {
      interrupted.throwIfAborted();
      if (i < WARM_UP && name.endsWith('Process')) continue;
      const from = performance.now();
      await act();
      if (i >= WARM_UP) taken[name].push(performance.now() - from);
    }
  }
  const figures = Object.fromEntries(Object.entries(taken).map(([name, list]) => [name, stats(list)]));
  return { count: COUNT, calls, engine, ...figures };
}

/** It ends with 1 where there is something to say. */
const command = ({ folder, name }, level, ...more) =>
  runNode([path.join(LIVE, 'dist/cli.js'), 'verify', '--project-name', name, '--level', level, ...more], {
    cwd: folder,
    env: surroundings,
    allowed: [0, 1],
  });

/** From opening the engine to the report. */
async function inProcess(project, level, onCall = () => undefined) {
  const { connect, thisMachine, verify } = await import(path.join(LIVE, 'entries/live.js'));
  const machine = thisMachine(surroundings);
  const engine = await connect({ machine, access: level, onCall });
  try {
    return await verify(engine, { project, runtime: 'compose', machine, level });
  } finally {
    engine.close();
  }
}

/** Once, whether what is measured is right. @returns how many calls it makes, how many of them run a command, and on what */
async function look(project, analysed, level) {
  const told = JSON.parse((await command(project, level, '--format', 'json')).output);
  const paths = [];
  const report = await inProcess(analysed, level, (call) => paths.push(call.path));
  for (const { results } of [told, report]) {
    const safe = results.filter(({ verdict }) => verdict === 'SAFE');
    if (safe.length !== COUNT) throw new Error(`${level}: ${safe.length} of ${COUNT} are told to be safe`);
  }
  const commands = paths.filter((one) => /\/containers\/[^/]+\/exec/.test(one)).length;
  const { name, version } = report.engine;
  return { engine: `${name} ${version}`, calls: { all: paths.length, commands } };
}

async function until(act) {
  for (let left = 100; ; left--) {
    try {
      return await act();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
