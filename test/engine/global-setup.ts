/**
 * Starts the engines that PERSISTENCE_ENGINES lists (all: docker26,docker20,podman4) and stops those that it started.
 * Where one cannot be had, the tests are left out and it is said why; PERSISTENCE_REQUIRE=engine makes that a failure.
 */
import type { TestProject } from 'vitest/node';
import { ENGINE_NAMES, type EngineName, script } from './machine.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const wanted = (process.env.PERSISTENCE_ENGINES ?? 'docker26').split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !ENGINE_NAMES.includes(name as EngineName));
  if (unknown.length > 0) throw new Error(`PERSISTENCE_ENGINES: there is no ${unknown.join(', ')}`);

  const engines: EngineName[] = [];
  const absent: Partial<Record<EngineName, string>> = {};
  const ours: EngineName[] = [];
  for (const name of wanted as EngineName[]) {
    try {
      await script('install', name);
      if ((await script('start', name)).trim() === 'started') ours.push(name);
      engines.push(name);
    } catch (error) {
      absent[name] = (error instanceof Error ? error.message : String(error)).trim().split('\n').slice(1).join(' ');
    }
  }
  const stop = async (): Promise<void> => {
    for (const name of ours) await script('stop', name);
  };
  const reasons = Object.entries(absent);
  for (const [name, why] of reasons) console.error(`The tests with ${name} are left out: ${why}`);
  if (reasons.length > 0 && (process.env.PERSISTENCE_REQUIRE ?? '').split(',').includes('engine')) {
    await stop();
    throw new Error('PERSISTENCE_REQUIRE asks for the engines');
  }
  project.provide('started', { engines, absent });
  return stop;
}
