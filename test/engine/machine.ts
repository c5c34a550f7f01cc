/** The engines by name, and the scripts that install, start and stop them. */
import * as path from 'node:path';
import { succeed } from './shell.ts';

export const ENGINE_NAMES = ['docker26', 'docker20', 'podman4'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What the start of the suite found out. */
export interface Started {
  readonly engines: readonly EngineName[];
  /** Why the others are left out. */
  readonly absent: Readonly<Partial<Record<EngineName, string>>>;
}

const SETUP = path.join(import.meta.dirname, 'setup');

/** Where engines and what belongs to them are; the scripts in setup/ know the same place. */
export const HOME = path.resolve(
  process.env.PERSISTENCE_ENGINE_DIR ?? path.join(import.meta.dirname, '../../.tmp/engine'),
);

export const script = (name: string, ...args: string[]): Promise<string> =>
  succeed(path.join(SETUP, `${name}.sh`), args, { timeoutMs: 300_000 });
