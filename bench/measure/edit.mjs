// From an edit to its diagnostics. All take turns at each edit, so that what else the machine does hits them alike.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { edited, ofLines } from '../lib/compose.mjs';
import { Floor } from '../lib/floor.mjs';
import { OUT } from '../lib/paths.mjs';
import { opened } from '../lib/servers.mjs';
import { stats } from '../lib/stats.mjs';

const WARM_UP = 25;

export async function measureEdits({
  sizes = [30, 300, 3000],
  edits = 40,
  kinds = ['push', 'pull', 'composeLs'],
} = {}) {
  const results = [];
  for (const lines of sizes) results.push(await atSize(lines, edits, kinds));
  return results;
}

async function atSize(lines, edits, kinds) {
  const folder = path.join(OUT, `edit-${lines}`);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'compose.yaml');
  let current = ofLines(lines);
  fs.writeFileSync(file, current);
  const floor = new Floor();
  const running = [];
  for (const kind of kinds) running.push({ kind, times: [], ...(await opened(kind, folder, file, current)) });
  const floorTimes = [];
  for (let n = 0; n < WARM_UP + edits; n++) {
    const edit = edited(current, n);
    current = edit.text;
    const bare = await floor.parse(current);
    if (n >= WARM_UP) floorTimes.push(bare);
    for (const one of running) {
      const { ms, diagnostics } = await one.server.edit(edit, one.pull);
      if (n >= WARM_UP) one.times.push(ms);
      one.found = diagnostics.length;
    }
  }
  for (const { server } of running) await server.stop();
  floor.stop();
  const servers = running.map(({ kind, times, found }) => ({ kind, found, ...stats(times) }));
  return { lines, floor: stats(floorTimes), servers };
}
