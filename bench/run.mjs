// `npm run bench`: measures the built product against a bare YAML parse and against its peers, all in one run.
//
//   --write     put the figures into bench/README.md
//   --quick     fewer repetitions, and no dclint (which takes most of the time)
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from './lib/build.mjs';
import { BENCH, OUT } from './lib/paths.mjs';
import { installPeers } from './lib/peers.mjs';
import { markdown, targets } from './lib/report.mjs';
import { measureCli } from './measure/cli.mjs';
import { measureCold } from './measure/cold.mjs';
import { measureEdits } from './measure/edit.mjs';
import { measureEngine } from './measure/engine.mjs';

const [BEGIN, END] = ['<!-- figures: written by run.mjs -->', '<!-- end of the figures -->'];
const quick = process.argv.includes('--quick');

async function step(title, measure) {
  const started = Date.now();
  process.stderr.write(`${title} ...`);
  const result = await measure();
  process.stderr.write(` ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  return result;
}

function write(figures) {
  const readme = path.join(BENCH, 'README.md');
  const text = fs.readFileSync(readme, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('bench/README.md has no place for the figures');
  fs.writeFileSync(readme, `${before}${BEGIN}\n\n${figures}\n${END}${after}`);
}

installPeers();
await build();
const results = {
  machine: `Node ${process.versions.node} on ${os.cpus().length} cores with a load of ${os.loadavg()[0].toFixed(1)}`,
  edits: await step('edits', () => measureEdits(quick ? { edits: 20 } : {})),
  cold: await step('starting', () => measureCold(quick ? { times: 3 } : {})),
  cli: await step('command line', () => measureCli(quick ? { times: 2, peers: false } : {})),
  engine: await step('growth', measureEngine),
};
fs.writeFileSync(path.join(OUT, 'results.json'), JSON.stringify(results, null, 2));
const figures = markdown(results);
console.log(figures);
if (process.argv.includes('--write')) write(figures);
const missed = targets(results).filter(({ met }) => !met);
console.log(missed.length === 0 ? 'All targets are met.' : `${missed.length} targets are missed.`);
