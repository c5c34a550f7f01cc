/** Compose itself, with the scratch copy as its only file. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { WritableEngine } from '../engine-write.ts';
import type { Compose } from './compose.ts';
import type { Driver } from './driver.ts';
import type { DrillEvent } from './model.ts';
import { composeText } from './scratch-compose.ts';
import type { Scratch } from './scratch-model.ts';

export function composeDriver(
  engine: WritableEngine,
  compose: Compose,
  scratch: Scratch,
  signal: AbortSignal | undefined,
): Driver {
  const { folder, name, labels } = scratch;
  const file = path.join(folder, 'project.json');
  const run = async (...args: string[]): Promise<void> => {
    // No env file of any folder is read: the copy is resolved.
    const base = ['--progress', 'quiet', '--project-directory', folder, '--env-file', empty, '-p', name, '-f', file];
    await compose.run([...base, ...args], { folder, noted: true, signal });
  };
  const empty = path.join(folder, 'empty.env');
  const up = (...more: string[]): Promise<void> => run('up', '-d', '--no-build', '--pull', 'never', ...more);
  const ways: Readonly<Record<DrillEvent, () => Promise<void>>> = {
    restart: () => run('restart'),
    crash: async () => {
      await run('kill');
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
  return {
    by: 'compose',
    how: {
      restart: `${compose.name} restart`,
      crash: `${compose.name} kill, start`,
      recreate: `${compose.name} up --force-recreate`,
      down: `${compose.name} down, up`,
      'down-volumes': `${compose.name} down --volumes, up`,
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
  };
}
