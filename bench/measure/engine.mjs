// Whether the time grows as the file does, and what the catalogue costs.
import * as path from 'node:path';
import { BENCH } from '../lib/paths.mjs';
import { runNode } from '../lib/run-node.mjs';

const STARTS = 9;

export async function measureEngine() {
  const { output } = await runNode([path.join(BENCH, 'lib/engine-process.mjs')]);
  const { load, ...rest } = JSON.parse(output);
  return { ...rest, load: { ...load, ...(await measureCatalogue()) } };
}

/** Each time in a process of its own, as at a start; the least of them. */
async function measureCatalogue() {
  const runs = [];
  for (let i = 0; i < STARTS; i++)
    runs.push(JSON.parse((await runNode([path.join(BENCH, 'lib/catalogue-process.mjs')])).output));
  const least = (what) => Math.min(...runs.map((run) => run[what]));
  return { index: least('index'), firstFamily: least('firstFamily') };
}
