/** Which records of ours are in servers right now: written down before they are planted, so that a run that was killed can be cleaned up after. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Store } from '../survival/words.ts';
import type { MountPoint } from './engine.ts';
import type { Machine } from './machine.ts';
import { birthOf, isAlive } from './process-birth.ts';
import { stateFolder, writeState } from './state.ts';

export interface Planted {
  readonly mark: string;
  /** The engine's own id. */
  readonly engine: string;
  /** Id, and the name under which a new one would take its place. */
  readonly container: { readonly id: string; readonly name: string };
  readonly store: Store;
  readonly path: string | null;
  /** What holds the path; null: the container itself. */
  readonly holder: Pick<MountPoint, 'type' | 'name'> | null;
  /** ISO time, of just before it was planted. */
  readonly at: string;
  readonly process: { readonly host: string; readonly pid: number; readonly born: string };
}

export interface Journal {
  /** @throws when it cannot be written: then nothing must be planted. */
  enter(planted: Omit<Planted, 'process' | 'at'>): void;
  strike(mark: string): void;
  /** It could not be removed: the next run is to do it, also one of this process. */
  giveUp(mark: string): void;
  /** What runs that ended without cleaning up have left on this engine. */
  left(engine: string): readonly Planted[];
}

/** Records that this process is at work on. */
const atWork = new Set<string>();

export function journalOf(machine: Machine): Journal {
  const folder = path.join(stateFolder(machine), 'planted');
  const fileOf = (mark: string): string => path.join(folder, `${mark}.json`);
  const own = { host: os.hostname(), pid: process.pid, born: birthOf(process.pid) };
  return {
    enter(planted) {
      const file = fileOf(planted.mark);
      writeState(file, JSON.stringify({ ...planted, at: new Date().toISOString(), process: own }));
      // Servers flush what is planted: a power cut must not take the note of it alone.
      flush(file);
      flush(folder);
      atWork.add(planted.mark);
    },
    strike(mark) {
      fs.rmSync(fileOf(mark), { force: true });
      atWork.delete(mark);
    },
    giveUp: (mark) => void atWork.delete(mark),
    left(engine) {
      const names = machine.list(folder) ?? [];
      for (const name of names) if (isHalf(name)) fs.rmSync(path.join(folder, name), { force: true });
      return names
        .filter((name) => /^[0-9a-f]+\.json$/.test(name))
        .flatMap((name) => plantedIn(machine.read(path.join(folder, name))))
        .filter((planted) => planted.engine === engine && isLeft(planted));
    },
  };
}

/** Written by a process that was killed before the note had its name; nothing was planted then. */
function isHalf(name: string): boolean {
  const pid = /^[0-9a-f]+\.json\.(\d+)\.[0-9a-f]+$/.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid), '');
}

function flush(file: string): void {
  try {
    const handle = fs.openSync(file, 'r');
    try {
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    // Not every system can do it, or does it for folders.
  }
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

const DAY = 24 * 60 * 60 * 1000;

/** From elsewhere, as another container that shares the folder, it cannot be seen whether a process runs: no run takes a day. */
function isLeft({ mark, at, process: { host, pid, born } }: Planted): boolean {
  if (host !== os.hostname()) return Date.now() - Date.parse(at) > DAY;
  if (pid === process.pid && born === birthOf(pid)) return !atWork.has(mark);
  return !isAlive(pid, born);
}
