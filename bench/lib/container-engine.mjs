// The engine that the tests install: started where it does not run, and then stopped again.
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.mjs';

const NAME = 'docker26';
const SETUP = path.join(ROOT, 'test/engine/setup');
const HOME = path.resolve(process.env.PERSISTENCE_ENGINE_DIR ?? path.join(ROOT, '.tmp/engine'));
const PROGRAMS = path.join(HOME, 'trixie/root/usr');

export const socket = path.join(HOME, NAME, 'engine.sock');
export const composeProgram = path.join(PROGRAMS, 'libexec/docker/cli-plugins/docker-compose');
/** For programs that are to talk to it. */
export const environment = {
  PATH: `${PROGRAMS}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: path.join(HOME, 'client'),
  DOCKER_HOST: `unix://${socket}`,
  DOCKER_CONFIG: path.join(HOME, 'client'),
};

const run = promisify(execFile);
const script = async (name, ...args) => (await run(path.join(SETUP, `${name}.sh`), args)).stdout.trim();

/** @returns what stops it; nothing when it ran before. @throws with a sentence that says why there is none */
export async function startEngine(recipes) {
  let ours = false;
  const stop = async () => {
    if (ours) await script('stop', NAME);
    ours = false;
  };
  try {
    await script('install', NAME);
    ours = (await script('start', NAME)) === 'started';
    await script('images', NAME, ...recipes);
    return stop;
  } catch (error) {
    await stop().catch(() => undefined);
    const why = (error.stderr || error.message).trim().split('\n').at(-1);
    throw new Error(`There is no engine to measure with: ${why}`);
  }
}

export async function compose(folder, name, ...args) {
  await run(composeProgram, ['--progress', 'quiet', '-p', name, ...args], { cwd: folder, env: environment });
}
