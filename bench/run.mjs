// `npm run bench`: measures the built product against a bare YAML parse and against its peers, all in one run.
//
//   --write     put the figures into bench/README.md
//   --quick     fewer repetitions, and no dclint (which takes most of the time)
import * as fs from 'node:fs';
import * as path from 'node:path';
import { build } from './lib/build.mjs';
import { OUT } from './lib/paths.mjs';
import { installPeers } from './lib/peers.mjs';
import { markdown, targets } from './lib/report.mjs';
import { machine, step, writeFigures } from './lib/run.mjs';
import { measureCli } from './measure/cli.mjs';
import { measureCold } from './measure/cold.mjs';
import { measureEdits } from './measure/edit.mjs';
import { measureEngine } from './measure/engine.mjs';
import { measureWorkspace } from './measure/workspace.mjs';

const quick = process.argv.includes('--quick');

installPeers();
await build();
const results = {
  machine: machine(),
  edits: await step('edits', () => measureEdits(quick ? { edits: 20 } : {})),
  cold: await step('starting', () => measureCold(quick ? { times: 3 } : {})),
  cli: await step('command line', () => measureCli(quick ? { times: 2, peers: false } : {})),
  engine: await step('growth', measureEngine),
  workspace: await step('a large workspace', measureWorkspace),
};
fs.writeFileSync(path.join(OUT, 'results.json'), JSON.stringify(results, null, 2));
const figures = markdown(results);
console.log(figures);
if (process.argv.includes('--write')) writeFigures('run.mjs', 'end of the figures', figures);
const missed = targets(results).filter(({ met }) => !met);
console.log(missed.length === 0 ? 'All targets are met.' : `${missed.length} targets are missed.`);
