/** What `dist/server.js` is: the language server, as it was compiled by an earlier run. */
import { performance } from 'node:perf_hooks';
import { start } from './start.ts';
import { keepYoungSpaceSmall, unrestrained } from './young.ts';

const keep = start('server', 'server');

/** The first document is open by the first; what else people do has been done by the others. In ms. */
const LOOKS = [5_000, 60_000, 600_000];

/** Keeping stops the process for a moment: it waits for a second in which next to nothing is done. */
const SECOND = 1_000;
const QUIET = 0.02;

if (keep) look(() => unrestrained(keep), LOOKS);
setImmediate(keepYoungSpaceSmall);

function look(act: () => void, [wait, ...rest]: readonly number[]): void {
  if (wait === undefined) return;
  const once = (): void => {
    act();
    look(act, rest);
  };
  setTimeout(() => whenQuiet(once), wait).unref();
}

function whenQuiet(act: () => void): void {
  const before = performance.eventLoopUtilization();
  setTimeout(() => {
    if (performance.eventLoopUtilization(before).utilization > QUIET) whenQuiet(act);
    else act();
  }, SECOND).unref();
}
