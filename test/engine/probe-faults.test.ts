/**
 * No harm by a probe that ends in the middle: its process is killed, it is cancelled, or the engine stops, at every step.
 * Afterwards all of the user's is as before, and the next probe leaves nothing of ours behind.
 *
 *     PERSISTENCE_FAULTS=100    so many points at which the process is killed
 */
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../server/live/connect.ts';
import type { Report } from '../../server/live/model.ts';
import { run } from '../../server/live/run.ts';
import { verify } from '../../server/live/verify.ts';
import { analyse, machineWith } from './drill-projects.ts';
import { type EngineUnderTest, engine as engineNamed, engines, whyNone } from './engines.ts';
import { HOME, script } from './machine.ts';
import type { Orders, Said } from './probe-runner.ts';
import { RECIPES, User } from './probe-user.ts';
import { bundleRunner } from './runner-bundle.ts';
import { until } from './shell.ts';

const POINTS = Number(process.env.PERSISTENCE_FAULTS ?? 24);
/** Projects, each with servers of its own. */
const USERS = 3;
/** Probes of one project that are killed beside each other. */
const AT_ONCE = 8;
const STOPS = Number(process.env.PERSISTENCE_STOPS ?? 4);

const PREFIX = `probe-${process.pid}-faults`;
const root = path.join(HOME, 'projects', PREFIX);
const RUNNER = path.join(root, 'runner.mjs');
const DONE = /^A marked record was written, read back and removed/;

function start(orders: Orders): ChildProcess {
  const env = { ...process.env, PROBE_ORDERS: JSON.stringify(orders) };
  return spawn(process.execPath, [RUNNER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let said = '';
  child.stdout!.on('data', (data: Buffer) => {
    said += data.toString('utf8');
  });
  return new Promise((resolve) => child.on('close', (_, signal) => resolve({ signal, said })));
}

/** How many calls there are depends on how long servers are waited for: one that had fewer is killed earlier. */
async function killedAt(user: User, at: number, before: boolean): Promise<boolean> {
  for (let point = at, tries = 0; tries < 5; tries++, point = Math.ceil(point * 0.7)) {
    const { signal } = await ended(start(user.orders(point, before ? 'kill' : 'kill-during')));
    if (signal === 'SIGKILL') return true;
  }
  return false;
}

const saidBy = ({ said }: Ended): Said => JSON.parse(said.replace(/^here\n/, '')) as Said;

const planted = (evidence: readonly string[]): number => evidence.filter((line) => DONE.test(line)).length;

/** A probe that nobody disturbs. */
async function whole(user: User): Promise<Said> {
  const said = saidBy(await ended(start(user.orders(0, 'kill'))));
  expect(said.errors).toEqual([]);
  expect({ planted: planted(said.evidence ?? []), said: said.evidence }).toMatchObject({ planted: 3 });
  return said;
}

/** Spread over all calls, the first and the last among them. */
const spread = (points: number, calls: number): number[] =>
  Array.from({ length: points }, (_, i) => 1 + Math.round((i * (calls - 1)) / Math.max(points - 1, 1)));

const CLEAN = { marks: [], noted: [], strange: [] };
/** A removal is over a moment after the run that was cancelled. */
const LATER = { timeout: 15_000, interval: 200 };

interface Here {
  readonly signal?: AbortSignal;
  readonly onCall?: () => void;
}

/** In this process. The engine hears of a cancellation from the calls alone. */
async function probeHere(under: EngineUnderTest, user: User, { signal, onCall }: Here = {}): Promise<Report> {
  const machine = machineWith(user.state);
  const engine = await connect({ access: 'read', machine, host: `unix://${under.socket}`, onCall });
  try {
    const project = await analyse(user.folder, user.name);
    return await verify(engine, { level: 'probe', project, runtime: 'compose', machine, signal });
  } finally {
    engine.close();
  }
}

const evidenceOf = ({ results }: Report): string[] => results.flatMap(({ evidence }) => evidence);

async function nextProbe(under: EngineUnderTest, user: User): Promise<void> {
  const report = await probeHere(under, user);
  const evidence = evidenceOf(report);
  expect({ errors: report.errors, planted: planted(evidence), evidence }).toMatchObject({ errors: [], planted: 3 });
}

beforeAll(async () => {
  fs.mkdirSync(root, { recursive: true });
  await bundleRunner('probe-runner.ts', RUNNER);
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

if (engines().length === 0) test.skip(`left out: ${whyNone()}`);

for (const under of engines().filter(({ kind }) => kind === 'docker')) {
  describe(under.name, { timeout: 600_000 }, () => {
    const users = Array.from({ length: USERS }, (_, i) => new User(under, `${PREFIX}-${under.name}-${i}`, root));
    const user = users[0]!;
    let said: Said;
    beforeAll(async () => {
      await under.images(...RECIPES);
      await Promise.all(users.map((one) => one.up()));
      said = await whole(user);
    });
    afterAll(async () => void (await Promise.all(users.map((one) => one.down()))));

    /** Kills so many at once. @returns how many were, and how many records they left */
    async function killed(one: User, batch: readonly number[]): Promise<{ killed: number; records: number }> {
      const before = await one.snapshot();
      const where = `killed at the calls ${batch.join(', ')} of ${said.calls}`;
      const ends = await Promise.all(batch.map((at, k) => killedAt(one, at, k % 2 === 0)));
      const { marks, noted, strange } = await one.left();
      const unknown = marks.filter((mark) => !noted.includes(mark));
      expect({ where, strange, unknown }).toEqual({ where, strange: [], unknown: [] });
      await nextProbe(under, one);
      expect({ where, left: await one.left() }).toEqual({ where, left: CLEAN });
      expect({ where, user: await one.snapshot() }).toEqual({ where, user: before });
      return { killed: ends.filter((died) => died).length, records: marks.length };
    }

    test('the process is killed', async () => {
      const points = spread(POINTS, said.calls);
      const sum = { killed: 0, records: 0 };
      // A few at a time: records of several that died are to be told apart, too.
      for (let i = 0; i < points.length; i += AT_ONCE * USERS) {
        const each = users.map((one, u) => ({
          one,
          batch: points.slice(i, i + AT_ONCE * USERS).filter((_, k) => k % USERS === u),
        }));
        for (const { killed: count, records } of await Promise.all(each.map(({ one, batch }) => killed(one, batch)))) {
          sum.killed += count;
          sum.records += records;
        }
      }
      console.log(
        `${under.name}: killed at ${sum.killed} of ${points.length} points in ${said.calls} calls; ${sum.records} records were left`,
      );
      expect(sum.killed).toBe(points.length);
      expect(sum.records).toBeGreaterThan(0);
    });

    test('two probes at once do not meet, nor does one that was killed meet one that runs', async () => {
      const before = await user.snapshot();
      const [here, here2, other] = await Promise.all([
        probeHere(under, user),
        probeHere(under, user),
        ended(start(user.orders(0, 'kill'))),
        ended(start(user.orders(Math.round(said.calls / 2), 'kill'))),
      ]);
      const { evidence = [], errors } = saidBy(other);
      expect([...here.errors, ...here2.errors, ...(errors ?? [])]).toEqual([]);
      const all = [evidenceOf(here), evidenceOf(here2), evidence];
      expect({ planted: all.map(planted), all }).toMatchObject({ planted: [3, 3, 3] });
      await nextProbe(under, user);
      expect(await user.left()).toEqual(CLEAN);
      expect(await user.snapshot()).toEqual(before);
    });

    async function cancelled(one: User, at: number): Promise<void> {
      const cancel = new AbortController();
      let calls = 0;
      const onCall = (): void => void (++calls === at && cancel.abort());
      const where = `cancelled at call ${at} of ${said.calls}`;
      const code = await probeHere(under, one, { signal: cancel.signal, onCall }).then(
        () => 'done',
        (error) => error.code,
      );
      // The last removal is not cancelled.
      expect({ where, code }).toEqual({ where, code: expect.stringMatching(/^(cancelled|done)$/) });
      await expect.poll(async () => ({ where, left: await one.left() }), LATER).toEqual({ where, left: CLEAN });
    }

    test('cancelled, it removes the record at once', async () => {
      // While programs run in the containers, most of all while records are there.
      const points = spread(2 * USERS, said.runs.length).map((n) => said.runs[n - 1]!);
      await Promise.all(
        users.map(async (one, u) => {
          const before = await one.snapshot();
          for (const at of points.filter((_, k) => k % USERS === u)) await cancelled(one, at);
          expect(await one.snapshot()).toEqual(before);
        }),
      );
    });

    async function cancelledAfter(one: User, late: number): Promise<void> {
      const before = await one.snapshot();
      const cancel = new AbortController();
      const machine = machineWith(one.state);
      const project = await analyse(one.folder, one.name);
      const host = `unix://${under.socket}`;
      const code = run({ level: 'probe', project, runtime: 'compose', machine, host, signal: cancel.signal }).then(
        () => 'done',
        (error) => error.code,
      );
      const journal = path.join(one.state, 'compose-persistence/planted');
      await until('a record', async () => fs.existsSync(journal) && fs.readdirSync(journal).length > 0);
      await new Promise((resolve) => setTimeout(resolve, late));
      cancel.abort();
      expect(await code).toBe('cancelled');
      await expect.poll(() => one.left(), LATER).toEqual(CLEAN);
      expect(await one.snapshot()).toEqual(before);
    }

    test('cancelled after a record was noted, as a person does it', () =>
      Promise.all(users.map((one, u) => cancelledAfter(one, 400 * u))));

    test('no record comes back when the servers start again', async () => {
      await user.compose('restart', '-t', '10');
      await user.ready();
      expect(await user.left()).toEqual(CLEAN);
      await user.snapshot();
    });
  });
}

/** An engine that nobody else uses: it is stopped and started again and again. */
describe.runIf(process.env.PERSISTENCE_STOP_ENGINE !== undefined || engines().some(({ name }) => name === 'docker20'))(
  'the engine is stopped',
  { timeout: 600_000 },
  () => {
    const under = engineNamed('docker20');
    const user = new User(under, `${PREFIX}-stopped`, root);
    beforeAll(async () => {
      await script('install', 'docker20');
      await script('start', 'docker20');
      await under.images(...RECIPES);
      await user.up();
    });
    afterAll(async () => {
      await script('start', 'docker20');
      await user.down();
      if (!engines().some(({ name }) => name === 'docker20')) await script('stop', 'docker20');
    });

    test('the next probe removes what it left', async () => {
      // Once started anew, an application has written its journal back.
      await user.compose('restart', '-t', '10');
      await user.ready();
      const { calls, runs } = await whole(user);
      let stopped = 0;
      let withRecord = 0;
      for (const n of spread(STOPS, runs.length)) {
        const at = runs[n - 1]!;
        const before = await user.snapshot(false);
        const child = start(user.orders(at, 'tell'));
        const end = ended(child);
        const told = await Promise.race([
          new Promise<boolean>((resolve) =>
            child.stdout!.on('data', (data: Buffer) => data.toString().includes('here') && resolve(true)),
          ),
          end.then(() => false),
        ]);
        if (told) {
          stopped++;
          await script('stop', 'docker20', 'keep-network');
          child.stdin!.end('on\n');
        }
        const { said } = await end;
        await script('start', 'docker20');
        await until('the engine', async () => (await under.docker.ping().catch(() => null)) !== null);
        await user.ready();
        const where = `stopped at call ${at} of ${calls}: ${said.replace(/^here\n/, '').slice(0, 300)}`;
        const { marks, noted } = await user.left();
        withRecord += marks.length;
        expect({ where, unknown: marks.filter((mark) => !noted.includes(mark)) }).toEqual({ where, unknown: [] });
        await nextProbe(under, user);
        expect({ where, left: await user.left() }).toEqual({ where, left: CLEAN });
        expect({ where, user: await user.snapshot(false) }).toEqual({ where, user: before });
      }
      console.log(`${under.name}: stopped at ${stopped} points in ${calls} calls; ${withRecord} records were left`);
      expect(stopped).toBeGreaterThanOrEqual(STOPS - 1);
    });
  },
);
