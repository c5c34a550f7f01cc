// From starting a server to its first diagnostics, and the memory it holds then.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { edited, ofLines } from '../lib/compose.mjs';
import { BENCH, OUT } from '../lib/paths.mjs';
import { runNode } from '../lib/run-node.mjs';
import { compileOnce, opened } from '../lib/servers.mjs';
import { stats } from '../lib/stats.mjs';

const EDITS = 30;

export async function measureCold({
  sizes = [30, 300, 3000],
  times = 7,
  kinds = ['shipped', 'uncompiled', 'composeLs'],
} = {}) {
  const results = [];
  for (const lines of sizes) results.push(await atSize(lines, times, kinds));
  return results;
}

async function atSize(lines, times, kinds) {
  const folder = path.join(OUT, `cold-${lines}`);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'compose.yaml');
  const text = ofLines(lines);
  fs.writeFileSync(file, text);
  const floor = [];
  if (kinds.includes('shipped')) await compileOnce(folder, file, text);
  const servers = kinds.map((kind) => ({ kind, cold: [], first: [], later: [] }));
  for (let i = 0; i < times; i++) {
    floor.push((await runNode([path.join(BENCH, 'lib/floor-once.mjs'), file])).ms);
    for (const one of servers) {
      const { server, pull, cold } = await opened(one.kind, folder, file, text);
      one.cold.push(cold);
      one.first.push(server.memory());
      // The debounce of the server as it ships makes each edit take its time: a few are enough.
      if (i === 0) {
        let current = text;
        for (let n = 0; n < EDITS; n++) {
          const edit = edited(current, n);
          current = edit.text;
          await server.edit(edit, pull);
        }
        one.later.push(server.memory());
      }
      await server.stop();
    }
  }
  return {
    lines,
    floor: stats(floor),
    servers: servers.map(({ kind, cold, first, later }) => ({
      kind,
      cold: stats(cold),
      first: stats(first),
      later: stats(later),
    })),
  };
}
