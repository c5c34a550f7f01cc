/** Compose itself, with the scratch copy as its only file. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { WritableEngine } from '../engine-write.ts';
import type { BuildPlan } from './build-plan.ts';
import type { Compose, ComposeRun } from './compose.ts';
import type { Driver } from './driver.ts';
import { untilEnded } from './ended.ts';
import type { DrillEvent } from './model.ts';
import { containerName } from './scratch-api.ts';
import { buildText, composeText } from './scratch-compose.ts';
import { type Scratch, withImages } from './scratch-model.ts';

/** ms; programs are fetched and translated. */
const BUILDING = 30 * 60_000;

export function composeDriver(
  engine: WritableEngine,
  compose: Compose,
  scratch: Scratch,
  patience: number,
  signal: AbortSignal | undefined,
): Driver {
  const { folder, name, labels, services } = scratch;
  const file = path.join(folder, 'project.json');
  const empty = path.join(folder, 'empty.env');
  const runOn = async (of: string, args: readonly string[], more: Partial<ComposeRun> = {}): Promise<void> => {
    // No env file of any folder is read: the copy is resolved.
    const base = ['--progress', 'quiet', '--project-directory', folder, '--env-file', empty, '-p', name, '-f', of];
    await compose.run([...base, ...args], { folder, noted: true, signal, ...more });
  };
  const run = (...args: string[]): Promise<void> => runOn(file, args);
  const up = (...more: string[]): Promise<void> => run('up', '-d', '--no-build', '--pull', 'never', ...more);
  const ways: Readonly<Record<Exclude<DrillEvent, 'rebuild'>, () => Promise<void>>> = {
    restart: () => run('restart'),
    crash: async () => {
      await run('kill');
      // Compose starts nothing that still seems to run.
      await Promise.all(
        services.map((service) => untilEnded(engine, containerName(scratch, service.name), patience, signal)),
      );
      await run('start');
    },
    recreate: () => up('--force-recreate'),
    down: async () => {
      await run('down');
      await up();
    },
    'down-volumes': async () => {
      await run('down', '--volumes');
      await up();
    },
  };
  async function build(plan: BuildPlan): Promise<void> {
    const at = path.join(folder, `build-${++builds}`);
    fs.mkdirSync(at, { mode: 0o700 });
    const dockerfile = path.join(at, 'Dockerfile');
    const of = path.join(at, 'build.json');
    fs.writeFileSync(dockerfile, plan.dockerfile, { mode: 0o600 });
    // Of two ignore files the one beside the Dockerfile is taken.
    if (plan.ignore !== null) fs.writeFileSync(`${dockerfile}.dockerignore`, plan.ignore, { mode: 0o600 });
    fs.writeFileSync(of, buildText(plan, dockerfile), { mode: 0o600 });
    // What it would note of the build in the user's own folder is noted in ours.
    const env = { BUILDX_CONFIG: path.join(at, 'buildx'), BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
    await runOn(of, ['build', plan.service], { env, timeout: BUILDING });
  }
  let builds = 0;
  return {
    by: 'compose',
    how: {
      restart: `${compose.name} restart`,
      crash: `${compose.name} kill, start`,
      recreate: `${compose.name} up --force-recreate`,
      down: `${compose.name} down, up`,
      'down-volumes': `${compose.name} down --volumes, up`,
      rebuild: `${compose.name} build, up`,
    },
    async up() {
      fs.writeFileSync(file, composeText(scratch), { mode: 0o600 });
      fs.writeFileSync(empty, '', { mode: 0o600 });
      for (const volume of scratch.volumes) {
        if (volume.external) await engine.createVolume({ name: volume.name, labels }, signal);
      }
      await up();
    },
    carryOut: (event) => ways[event](),
    build,
    async replace(images) {
      fs.writeFileSync(file, composeText(withImages(scratch, images)), { mode: 0o600 });
      await up();
    },
  };
}
