/** Results that are worked out from files, kept until one of these files is another. */
import type { Files, Watch } from '../files.ts';
import { type Asked, isSame, noteAgain, trace } from './recall/asked.ts';
import { type Cover, coverOf } from './recall/cover.ts';

interface Kept {
  readonly asked: readonly Asked[];
  readonly given: readonly unknown[];
  readonly result: unknown;
  /** What need not be looked at while nobody tells of a change; null where nobody does. */
  cover: Cover | null;
  /** The last round in which all files were found to be the same. */
  round: object;
  used: number;
}

/** More than any workspace has builds and mounted folders. */
const MAX_KEPT = 1000;

/** How long looking at what is remembered may keep others waiting, in ms. */
const SLICE = 10;

export class Recall {
  readonly kept = new Map<string, Kept>();
  readonly ofObjects = new WeakMap<object, Kept>();
  private rounds = 0;

  /** One analysis: what it has found to be the same once it does not look at again. */
  begin(): Round {
    this.rounds++;
    if (this.kept.size > MAX_KEPT)
      for (const [key, { used }] of this.kept) if (used < this.rounds - 1) this.kept.delete(key);
    return new Round(this, this.rounds);
  }

  /**
   * Looks at what is taken without a look, bit by bit.
   *
   * @param files as they are now, whatever anybody tells or does not tell
   * @returns a path that is another, and nobody told
   */
  async review(files: Files, watch: Watch): Promise<string | null> {
    let started = performance.now();
    for (const { asked, cover } of [...this.kept.values()]) {
      for (const one of asked) {
        if (performance.now() - started > SLICE) {
          await new Promise((resolve) => setImmediate(resolve));
          started = performance.now();
        }
        // What was told of meanwhile is looked at in any case.
        if (!cover?.stands(watch)) break;
        if (!cover.others.has(one) && !isSame(one, files)) return one.path;
      }
    }
    return null;
  }
}

export class Round {
  private readonly recall: Recall;
  private readonly number: number;

  constructor(recall: Recall, number: number) {
    this.recall = recall;
    this.number = number;
  }

  /**
   * What `compute` made of `key` before, if each answer that it had from the files is still the same, and `given` are the
   * same objects. All it reads must come from the files it is handed.
   */
  get<T>(key: string | object, given: readonly unknown[], files: Files, compute: (files: Files) => T): T {
    const before = this.before(key, given, files);
    if (before) return before.result as T;
    const { traced, asked } = trace(files);
    const result = compute(traced);
    // Who is read anew changes often, and is looked at once more anyhow: what is watched of it is found out then.
    const watch = this.kept(key) ? undefined : files.watch;
    return this.keep(key, given, asked, result, watch);
  }

  /** The same for what takes its time. */
  async later<T>(
    key: string | object,
    given: readonly unknown[],
    files: Files,
    compute: (files: Files) => Promise<T>,
  ): Promise<T> {
    const before = this.before(key, given, files);
    if (before) return before.result as T;
    const { traced, asked } = trace(files);
    // Of what was told in the meantime nobody can say whether it came before the look or after it.
    return this.keep(key, given, asked, await compute(traced), undefined);
  }

  private kept(key: string | object): Kept | undefined {
    const { kept, ofObjects } = this.recall;
    return typeof key === 'string' ? kept.get(key) : ofObjects.get(key);
  }

  private before(key: string | object, given: readonly unknown[], files: Files): Kept | null {
    const before = this.kept(key);
    if (!before || before.given.length !== given.length || !before.given.every((one, i) => one === given[i]))
      return null;
    if (before.round === this) noteAgain(files, before.asked);
    else if (!stands(before, files)) return null;
    before.round = this;
    before.used = this.number;
    return before;
  }

  private keep<T>(
    key: string | object,
    given: readonly unknown[],
    asked: readonly Asked[],
    result: T,
    watch: Watch | undefined,
  ): T {
    const { kept, ofObjects } = this.recall;
    const one = { asked, given, result, cover: coverOf(asked, watch), round: this, used: this.number };
    if (typeof key === 'string') kept.set(key, one);
    else ofObjects.set(key, one);
    return result;
  }
}

/** Where somebody watches, a look at what is not watched is enough until something is told. */
function stands(kept: Kept, files: Files): boolean {
  const { watch } = files;
  if (watch && kept.cover?.stands(watch)) {
    for (const asked of kept.cover.others) if (!isSame(asked, files)) return false;
    files.took?.(kept.cover.paths);
    return true;
  }
  if (!kept.asked.every((asked) => isSame(asked, files))) return false;
  kept.cover = coverOf(kept.asked, watch);
  return true;
}
