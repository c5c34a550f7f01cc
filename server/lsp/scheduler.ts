/** When to lint: at once, or when the typing pauses; never two rounds at a time. */
import type { Log } from './log.ts';

export class Scheduler {
  private timer: NodeJS.Timeout | undefined;
  private active: Promise<void> | null = null;
  private again = false;
  private readonly round: () => Promise<void>;
  private readonly log: Log;

  constructor(round: () => Promise<void>, log: Log) {
    this.round = round;
    this.log = log;
  }

  /** After `delay` ms without another call. */
  soon(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), delay);
  }

  now(): Promise<void> {
    clearTimeout(this.timer);
    this.again = true;
    this.active ??= this.loop();
    return this.active;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async loop(): Promise<void> {
    while (this.again) {
      this.again = false;
      try {
        await this.round();
      } catch (error) {
        this.log.fault('Reporting', error);
      }
    }
    this.active = null;
  }
}
