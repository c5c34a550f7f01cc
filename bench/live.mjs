// `npm run bench:live`: measures the built live check on a container engine, against the bare calls.
//
//   --write     put the figures into bench/README.md
//   --quick     fewer repetitions
import * as fs from 'node:fs';
import * as path from 'node:path';
import { build } from './lib/build.mjs';
import { startEngine } from './lib/container-engine.mjs';
import { markdown, targets } from './lib/live-report.mjs';
import { LIVE } from './lib/paths.mjs';
import { listenForInterrupts, machine, step, writeFigures } from './lib/run.mjs';
import { measureDrill } from './measure/live-drill.mjs';
import { measureVerify } from './measure/live-verify.mjs';

const quick = process.argv.includes('--quick');

await build({ out: LIVE, entries: ['live', 'bare-calls'] });
listenForInterrupts();
const stop = await startEngine(['redis', 'app']).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
try {
  const results = {
    machine: machine(),
    verify: await step('verify', () => measureVerify(quick ? { times: 3 } : {})),
    drills: await step('drills', () => measureDrill(quick ? { times: 1 } : {})),
  };
  fs.writeFileSync(path.join(LIVE, 'results.json'), JSON.stringify(results, null, 2));
  const figures = markdown(results);
  console.log(figures);
  if (process.argv.includes('--write')) writeFigures('live.mjs', 'end of the figures of the live check', figures);
  const missed = targets(results).filter(({ met }) => !met);
  console.log(missed.length === 0 ? 'All targets are met.' : `${missed.length} targets are missed.`);
} finally {
  await stop();
}
