/**
 * Whether the editor tells of changes as it says. Some tell of nothing but what they save themselves, none can watch a
 * folder of another machine, and systems run out of watchers. So when nobody types, all that was taken without a look is
 * looked at. An editor that has missed a change is not believed again: from then on everything is looked at each time.
 */
import type { Files } from '../files.ts';
import type { Log } from './log.ts';
import type { Projects } from './projects.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trusting } from './trust-watched.ts';

export interface ReviewParts {
  /** As they are read, and as they are now. */
  readonly files: Files;
  readonly now: Files;
  readonly watched: Trusting;
  readonly projects: Pick<Projects, 'review' | 'touchAll'>;
  readonly scheduler: () => Pick<Scheduler, 'now'>;
  readonly log: Log;
  /** How long nobody types, and how late the editor may tell, in ms. */
  readonly pause: number;
}

/** Of the time that passes a review takes this part at most. */
const SHARE = 0.02;

export class Reviewer {
  /** The editor has missed a change. */
  isBlind = false;
  private readonly parts: ReviewParts;
  private timer: NodeJS.Timeout | undefined;
  private active = false;
  /** Not before. */
  private next = 0;

  constructor(parts: ReviewParts) {
    this.parts = parts;
  }

  /** After a pause without another call. */
  soon(): void {
    clearTimeout(this.timer);
    if (this.isBlind) return;
    const wait = Math.max(this.parts.pause, this.next - Date.now());
    this.timer = setTimeout(() => void this.now(), wait).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.isBlind = true;
  }

  private async now(): Promise<void> {
    if (this.active || this.isBlind) return;
    this.active = true;
    try {
      await this.review();
    } catch (error) {
      this.parts.log.fault('Looking at what is remembered', error);
    } finally {
      this.active = false;
    }
  }

  private async review(): Promise<void> {
    const { files, now, watched, projects, scheduler, log, pause } = this.parts;
    const started = Date.now();
    const missed = files.watch ? await projects.review(now, files.watch) : null;
    this.next = Date.now() + (Date.now() - started) / SHARE;
    if (missed === null) return;
    const told = watched.told(missed);
    await new Promise<void>((resolve) => void setTimeout(resolve, pause).unref());
    // It was told late, as editors do that gather changes.
    if (this.isBlind || watched.told(missed) !== told) return;
    this.isBlind = true;
    log.once(`The editor did not tell that ${missed} changed: from now on all files are looked at each time`);
    watched.trust([]);
    projects.touchAll();
    await scheduler().now();
  }
}
