/** What is said of data beforehand, and what a real engine does to it: they must agree. */
import * as path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { EVENTS } from '../../server/survival/words.ts';
import { apiDriver, apiSteps } from './api-driver.ts';
import { type ComposeStep, composeDriver, composeSteps } from './compose-driver.ts';
import { CORNERS, corner } from './corners.ts';
import { expected } from './differences.ts';
import type { Step } from './driver.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';
import { KINDS, matrix } from './matrix.ts';
import { type OnDisk, print, write } from './project.ts';
import { randomProject } from './random-projects.ts';
import { inParallel } from './shell.ts';
import { type Observation, type Planted, REBOOT, Stack, sweep } from './stack.ts';

/** What may run beside each other; more only wait for the engine. */
const AT_ONCE = { docker: 5, podman: 3 };
/** Stacks that run while the engine restarts. */
const BATCH = { docker: 30, podman: 14 };

const COUNT = Number(process.env.PERSISTENCE_ORACLE ?? 12);
const today = Math.floor(Date.now() / 86_400_000);
/** Each run of every day is the same; the long one is another each day. */
const SEED = Number(process.env.PERSISTENCE_SEED ?? (process.env.PERSISTENCE_ORACLE === undefined ? 1 : today * 1000));

const FIVE: readonly ComposeStep[] = ['restart', 'kill', 'mark', 'down', 'downVolumes'];

// `sweep` knows what a run that was killed has left by it.
const PREFIX = `oracle-${process.pid}`;

function place(engine: EngineUnderTest, name: string): { name: string; folder: string } {
  const full = `${PREFIX}-${name}`;
  return { name: full, folder: path.join(HOME, 'projects', engine.name, full) };
}

/** All events on all stacks; a stack that fails keeps its error, and the others go on. */
async function carryThrough(engine: EngineUnderTest, stacks: readonly Stack[]): Promise<void> {
  const attempt = (work: (stack: Stack) => Promise<void>) =>
    inParallel(AT_ONCE[engine.kind], stacks, async (stack) => {
      if (stack.failure) return;
      await work(stack).catch((error) => {
        stack.failure = error;
      });
    });
  const removes = ({ event }: Step) => event === 'down' || event === 'down-volumes';
  const removeAll = () => inParallel(AT_ONCE[engine.kind], stacks, (stack) => stack.remove());
  const planted = new Map<Stack, Planted>();
  try {
    await attempt(async (stack) => {
      await stack.up();
      for (const step of stack.driver.steps) if (!removes(step)) await stack.observe(step);
      planted.set(stack, await stack.plant());
    });
    await engine.reboot();
    await attempt(async (stack) => {
      await stack.compare(REBOOT, planted.get(stack)!);
      for (const step of stack.driver.steps) if (removes(step)) await stack.observe(step);
    });
  } catch (error) {
    // What hinders the removal as well would hide the cause.
    await removeAll().catch(() => undefined);
    throw error;
  }
  await removeAll();
}

const agrees = (engine: EngineUnderTest, { store, how, event, fate }: Observation): boolean =>
  expected(engine.name, store, { event, how }).includes(fate);

const inWords = (engine: EngineUnderTest, { store, how, event, fate }: Observation): string =>
  `${store.service}:${store.path} (${store.backing.type}${store.backing.reason ? `, ${store.backing.reason}` : ''}) ${how}: ` +
  `${fate}, but ${expected(engine.name, store, { event, how }).join(' or ')} was said`;

/** How often each backing met each event, for the record. */
function tally(stacks: readonly (Stack | undefined)[]): string {
  const all = stacks.flatMap((stack) => stack?.observations ?? []);
  const types = [...new Set(all.map(({ store }) => store.backing.type))].sort();
  const lines = types.map((type) => {
    const counts = EVENTS.map((event) => {
      const of = all.filter(({ store, event: other }) => store.backing.type === type && other === event);
      return `${of.length}`.padStart(12);
    });
    return type.padEnd(18) + counts.join('');
  });
  return [`${' '.repeat(18)}${EVENTS.map((event) => event.padStart(12)).join('')}`, ...lines].join('\n');
}

if (engines().length === 0) test.skip(`left out: ${whyNone()}`);

for (const engine of engines()) {
  const drivers = { Compose: composeSteps, 'API alone': apiSteps };
  const matrices = new Map<string, Stack>();
  const corners = new Map<string, Stack>();
  const random: { seed: number; on: OnDisk; text: string; stack: Stack | undefined; failure: unknown }[] = [];

  describe(engine.name, () => {
    beforeAll(async () => {
      await sweep(engine);
      await engine.images('busybox', 'redis', 'volume');
      for (const by of Object.keys(drivers)) {
        const { name, folder } = place(engine, by === 'Compose' ? 'matrix' : 'api');
        const on = write(folder, name, matrix(engine.restartPolicy, folder));
        const stack = await Stack.of(engine, on, ({ project }) =>
          by === 'Compose' ? composeDriver(engine, on) : apiDriver(engine, on, project),
        );
        matrices.set(by, stack);
      }
      for (const [i, one] of CORNERS.entries()) {
        const { name, folder } = place(engine, `corner-${i}`);
        const on = write(folder, name, corner(one, engine.restartPolicy));
        corners.set(one.title, await Stack.of(engine, on, () => composeDriver(engine, on, FIVE)));
      }
      for (let i = 0; i < COUNT; i++) {
        const seed = SEED + i;
        const { name, folder } = place(engine, `${seed}`);
        const { project, steps } = randomProject(seed, engine.restartPolicy, folder);
        const on = write(folder, name, project);
        const text = print(on);
        try {
          const stack = await Stack.of(engine, on, () => composeDriver(engine, on, steps));
          random.push({ seed, on, text, stack, failure: undefined });
        } catch (failure) {
          random.push({ seed, on, text, stack: undefined, failure });
        }
      }
      const queue = [...matrices.values(), ...corners.values(), ...random.flatMap(({ stack }) => stack ?? [])];
      while (queue.length > 0) await carryThrough(engine, queue.splice(0, BATCH[engine.kind]));
    });

    for (const [by, steps] of Object.entries(drivers)) {
      describe(by, () => {
        test('every project event was carried out', () => {
          const { failure } = matrices.get(by)!;
          if (failure) throw failure;
        });
        for (const [at, kind] of Object.entries(KINDS)) {
          test.each([...steps, REBOOT])(`${kind}, $how`, (step) => {
            const found = matrices
              .get(by)!
              .observations.filter(({ store, how }) => store.path === at && how === step.how);
            expect(found.filter((one) => !agrees(engine, one)).map((one) => inWords(engine, one))).toEqual([]);
            expect(found).toHaveLength(1);
          });
        }
      });
    }

    test('the matrix holds every backing that can be made here', () => {
      const types = new Set(matrices.get('Compose')!.predicted.stores.map(({ backing }) => backing.type));
      expect([...types].sort()).toEqual([
        'anonymous-volume',
        'bind-mount',
        'external-volume',
        'image',
        'named-volume',
        'tmpfs',
        'writable-layer',
      ]);
    });

    for (const { title, assumed, open } of CORNERS) {
      (open ? test.fails : test)(title, () => {
        const { observations, failure } = corners.get(title)!;
        if (failure) throw failure;
        const wrong = observations.filter((one) => !agrees(engine, one));
        if (!assumed) expect(wrong.map((one) => inWords(engine, one))).toEqual([]);
        else {
          expect(wrong.filter(({ store }) => store.backing.reason === undefined)).toEqual([]);
          expect(wrong.length).toBeGreaterThan(0);
        }
      });
    }

    test('random projects', () => {
      console.log(`${engine.name}: ${COUNT} random projects from seed ${SEED} (PERSISTENCE_SEED, PERSISTENCE_ORACLE)`);
      console.log(tally([...matrices.values(), ...corners.values(), ...random.map(({ stack }) => stack)]));
      const faults = random.flatMap(({ text, stack, failure }) => {
        const wrong = (stack?.observations ?? [])
          .filter((one) => !agrees(engine, one))
          .map((one) => inWords(engine, one));
        const error = failure ?? stack?.failure;
        return wrong.length > 0 || error ? [[...wrong, ...(error ? [String(error)] : []), text].join('\n')] : [];
      });
      expect(faults.join('\n\n')).toBe('');
    });
  });
}
