/** Which records of ours are in servers right now: written down before they are planted, so that a run that was killed can be cleaned up after. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Store } from '../survival/words.ts';
import type { Machine } from './machine.ts';
import { stateFolder, writeState } from './state.ts';

export interface Planted {
  readonly mark: string;
  /** The engine's own id. */
  readonly engine: string;
  /** Id, and the name under which a new one would take its place. */
  readonly container: { readonly id: string; readonly name: string };
  readonly store: Store;
  readonly path: string | null;
  readonly process: { readonly host: string; readonly pid: number; readonly started: string };
}

export interface Journal {
  /** @throws when it cannot be written: then nothing must be planted. */
  enter(planted: Omit<Planted, 'process'>): void;
  strike(mark: string): void;
  /** What runs that ended without cleaning up have left on this engine. */
  left(engine: string): readonly Planted[];
}

export function journalOf(machine: Machine): Journal {
  const folder = path.join(stateFolder(machine), 'planted');
  const fileOf = (mark: string): string => path.join(folder, `${mark}.json`);
  const own = { host: os.hostname(), pid: process.pid, started: startOf(process.pid) };
  return {
    enter: (planted) => writeState(fileOf(planted.mark), JSON.stringify({ ...planted, process: own })),
    strike: (mark) => fs.rmSync(fileOf(mark), { force: true }),
    left: (engine) =>
      (machine.list(folder) ?? [])
        .filter((name) => /^[0-9a-f]+\.json$/.test(name))
        .flatMap((name) => plantedIn(machine.read(path.join(folder, name))))
        .filter((planted) => planted.engine === engine && !isAlive(planted.process)),
  };
}

function plantedIn(text: string | null): Planted[] {
  try {
    const value = JSON.parse(text ?? '') as Partial<Planted>;
    const whole = value.mark && value.engine && value.container?.id && value.store?.technology && value.process;
    return whole ? [value as Planted] : [];
  } catch {
    return [];
  }
}

/** Process ids come round again: the time of the start tells two of them apart where the system shows it. */
function isAlive({ host, pid, started }: Planted['process']): boolean {
  if (host !== os.hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** In ticks since the boot, and the boot itself; empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name of the program stands in brackets, and may hold anything.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}
