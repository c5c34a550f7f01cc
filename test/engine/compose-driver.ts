import type { Driver, Step } from './driver.ts';
import type { EngineUnderTest } from './engines.ts';
import { change, type OnDisk } from './project.ts';
import { until } from './shell.ts';

const STEPS = {
  restart: { event: 'restart', how: 'compose restart' },
  kill: { event: 'crash', how: 'compose kill, start' },
  force: { event: 'recreate', how: 'compose up --force-recreate' },
  mark: { event: 'recreate', how: 'compose up after a changed environment' },
  rebuild: { event: 'recreate', how: 'compose up after a rebuilt image' },
  down: { event: 'down', how: 'compose down, up' },
  downVolumes: { event: 'down-volumes', how: 'compose down --volumes, up' },
} as const satisfies Record<string, Step>;

export const composeSteps: readonly Step[] = Object.values(STEPS);

export type ComposeStep = keyof typeof STEPS;

/** Real Compose. */
export function composeDriver(engine: EngineUnderTest, on: OnDisk, names?: readonly ComposeStep[]): Driver {
  const compose = (...args: string[]): Promise<string> =>
    engine.compose(
      ['--progress', 'quiet', '-p', on.name, ...on.project.compose.flatMap((file) => ['-f', file]), ...args],
      on.folder,
    );
  const up = (...args: string[]) => compose('up', '-d', '--pull', 'never', '-t', '0', ...args);
  let mark = 'a';
  let revision = 1;
  const ways: Record<ComposeStep, () => Promise<unknown>> = {
    restart: () => compose('restart', '-t', '0'),
    async kill() {
      await compose('kill');
      // Compose starts nothing that still seems to run.
      await until('what was killed ends', async () => (await compose('ps', '--quiet', '--status', 'running')) === '');
      await compose('start');
    },
    force: () => up('--force-recreate'),
    async mark() {
      mark += 'a';
      change(on, mark, revision);
      await up();
    },
    async rebuild() {
      revision = 2;
      change(on, mark, revision);
      await up('--build');
    },
    async down() {
      await compose('down', '-t', '0');
      await up();
    },
    async downVolumes() {
      await compose('down', '--volumes', '-t', '0');
      await up();
    },
  };
  const chosen = names ?? (Object.keys(STEPS) as ComposeStep[]);
  const byStep = new Map<Step, ComposeStep>(chosen.map((name) => [STEPS[name], name]));
  return {
    steps: [...byStep.keys()],
    up: async () => void (await up('--build')),
    carryOut: async (step) => void (await ways[byStep.get(step)!]()),
    remove: async () => void (await compose('down', '--volumes', '-t', '1', '--remove-orphans', '--rmi', 'local')),
  };
}
