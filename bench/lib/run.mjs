// What every run does around its measurements.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BENCH } from './paths.mjs';

export const machine = () =>
  `Node ${process.versions.node} on ${os.cpus().length} cores with a load of ${os.loadavg()[0].toFixed(1)}`;

const interruption = new AbortController();
/** Ctrl-C, for those who have to take something away before they end. A second one ends them at once. */
export const interrupted = interruption.signal;
export function listenForInterrupts() {
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interruption.abort(new Error('Interrupted.')));
}

export async function step(title, measure) {
  const started = Date.now();
  process.stderr.write(`${title} ...`);
  const result = await measure();
  process.stderr.write(` ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  return result;
}

/** Into bench/README.md, between the comments that `by` and `end` are in. */
export function writeFigures(by, end, figures) {
  const readme = path.join(BENCH, 'README.md');
  const text = fs.readFileSync(readme, 'utf8');
  const [begin, stop] = [`<!-- figures: written by ${by} -->`, `<!-- ${end} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(stop, from);
  if (from < 0 || to < 0) throw new Error(`bench/README.md has no place for the figures of ${by}`);
  fs.writeFileSync(readme, `${text.slice(0, from)}${begin}\n\n${figures}\n${text.slice(to)}`);
}
