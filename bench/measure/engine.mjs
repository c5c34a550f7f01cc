// Whether the time grows as the file does, and what the catalogue costs.
import * as path from 'node:path';
import { BENCH } from '../lib/paths.mjs';
import { runNode } from '../lib/run-node.mjs';

export async function measureEngine() {
  const { output } = await runNode([path.join(BENCH, 'lib/engine-process.mjs')]);
  return JSON.parse(output);
}
