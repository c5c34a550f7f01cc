/** What each server said of its data when it was last asked: another fingerprint means that the data was made anew. */
import * as path from 'node:path';
import type { Machine } from './machine.ts';
import { stateFolder, writeState } from './state.ts';

export interface Remembered {
  /** Null: its data has none. */
  readonly fingerprint: string | null;
  readonly count: number | null;
  /** ISO time of the last time that it was seen. */
  readonly seen: string;
}

export interface Memory {
  recall(key: string): Remembered | undefined;
  /** Kept in memory until `save`. */
  remember(key: string, value: Remembered): void;
  /** What others have written meanwhile stays. Never throws: a check must not fail for its notes. @returns what went wrong */
  save(): string | null;
}

/** Volumes of the same name on another engine, or of another project, hold other data. */
export const memoryKey = (parts: {
  readonly engine: string;
  readonly project: string;
  /** Its name, which stays when it is recreated. */
  readonly container: string;
  readonly technology: string;
}): string => [parts.engine, parts.project, parts.container, parts.technology].join('\n');

/** More than anybody has; beyond it the oldest are forgotten. */
const MOST = 2000;

export function memoryOf(machine: Machine): Memory {
  const file = path.join(stateFolder(machine), 'fingerprints.json');
  const known = entriesOf(machine.read(file));
  const changed = new Map<string, Remembered>();
  return {
    recall: (key) => changed.get(key) ?? known.get(key),
    remember: (key, value) => void changed.set(key, value),
    save() {
      if (changed.size === 0) return null;
      const all = [...entriesOf(machine.read(file)), ...changed].map(([key, value]) => ({ key, ...value }));
      const unique = [...new Map(all.map((entry) => [entry.key, entry])).values()];
      unique.sort((a, b) => (a.seen < b.seen ? 1 : -1));
      try {
        writeState(file, `${JSON.stringify({ schema: 1, entries: unique.slice(0, MOST) }, null, 1)}\n`);
        return null;
      } catch (error) {
        return `What the servers said could not be noted for the next time: ${(error as Error).message}`;
      }
    },
  };
}

/** A file that is broken, or of a later version, says nothing. */
function entriesOf(text: string | null): Map<string, Remembered> {
  const entries = parsed(text);
  const found = new Map<string, Remembered>();
  for (const entry of Array.isArray(entries) ? (entries as Partial<Remembered & { key: string }>[]) : []) {
    const { key, fingerprint, count, seen } = entry ?? {};
    if (typeof key !== 'string' || typeof seen !== 'string') continue;
    if (typeof fingerprint !== 'string' && typeof count !== 'number') continue;
    found.set(key, {
      fingerprint: typeof fingerprint === 'string' ? fingerprint : null,
      count: typeof count === 'number' ? count : null,
      seen,
    });
  }
  return found;
}

function parsed(text: string | null): unknown {
  try {
    const value = JSON.parse(text ?? '') as { readonly schema?: unknown; readonly entries?: unknown } | null;
    return value?.schema === 1 ? value.entries : undefined;
  } catch {
    return undefined;
  }
}
