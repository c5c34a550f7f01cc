// What an edit costs in a large workspace: 300 services, 20 build contexts of 2000 source files each.
import * as path from 'node:path';
import { BENCH } from '../lib/paths.mjs';
import { runNode } from '../lib/run-node.mjs';

export async function measureWorkspace() {
  const { output } = await runNode([path.join(BENCH, 'lib/workspace-process.mjs')]);
  return JSON.parse(output);
}
