/** One project, what linting it said last, and whether that still holds. */
import type { Outcome, Selection } from '../lint/model.ts';
import type { Paths } from '../lint/reads.ts';
import { directoryOf } from './uris.ts';

export class Project {
  readonly selection: Selection;
  /** Null before the first run, and when the engine failed. */
  outcome: Outcome | null = null;
  /** One of its Compose files is open; else it was found from a document that it reads. */
  owned = false;
  stale = true;
  private running = false;
  /** What a change must touch to make it stale; kept when a run fails. */
  private reads: Paths;
  /** The folders above them, once asked for. */
  private above: ReadonlySet<string> | null = null;

  constructor(selection: Selection) {
    this.selection = selection;
    this.reads = new Set(selection.files);
  }

  get base(): string {
    return this.selection.files[0] ?? '';
  }

  isMadeOf(path: string): boolean {
    return this.selection.files.includes(path) || this.reads.has(path);
  }

  /** The text of `path` changed. What a run that goes on has read is not known yet. */
  touch(path: string): void {
    if (this.running || this.isMadeOf(path)) this.stale = true;
  }

  /** `path` appeared or vanished, with all that lies in it. */
  touchEntry(path: string): void {
    if (!this.stale && (this.reads.has(directoryOf(path)) || this.foldersAbove().has(path))) this.stale = true;
    this.touch(path);
  }

  /** Other programs change thousands of files at once: each is looked up, not searched for. */
  private foldersAbove(): ReadonlySet<string> {
    if (!this.above) {
      const above = new Set<string>();
      for (const read of this.reads)
        for (let folder = directoryOf(read); !above.has(folder); folder = directoryOf(folder)) above.add(folder);
      this.above = above;
    }
    return this.above;
  }

  /** Runs `lint` until nothing changed during a run. @throws what `lint` throws */
  async settle(lint: (selection: Selection) => Promise<Outcome>): Promise<void> {
    this.running = true;
    try {
      while (this.stale) {
        this.stale = false;
        const outcome = await lint(this.selection);
        if (this.stale) continue;
        this.outcome = outcome;
        this.reads = outcome.reads;
        this.above = null;
      }
    } catch (error) {
      this.outcome = null;
      throw error;
    } finally {
      this.running = false;
    }
  }
}
