// `lint` over a folder of small projects.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ourCli } from '../lib/build.mjs';
import { ofLines } from '../lib/compose.mjs';
import { BENCH, OUT } from '../lib/paths.mjs';
import { dclint } from '../lib/peers.mjs';
import { runNode } from '../lib/run-node.mjs';
import { COMPILED } from '../lib/servers.mjs';
import { stats } from '../lib/stats.mjs';

const LINES = 57;

export function makeProjects(folder, count) {
  for (let i = 0; i < count; i++) {
    const project = path.join(folder, `app-${String(i).padStart(3, '0')}`);
    fs.mkdirSync(project, { recursive: true });
    // Each begins with another kind of service.
    fs.writeFileSync(path.join(project, 'compose.yaml'), ofLines(LINES, i + 1));
  }
}

export async function measureCli({ files = 500, times = 3, peers = true } = {}) {
  const folder = path.join(OUT, `projects-${files}`);
  makeProjects(folder, files);
  const ours = [];
  const json = [];
  const one = [];
  const floor = { wall: [], cold: [], warm: [] };
  // The first run keeps what it has compiled; the others are like all later ones.
  const lint = async (...args) => {
    const env = { ...process.env, XDG_CACHE_HOME: COMPILED };
    return (await runNode([ourCli, 'lint', ...args, '--fail-on', 'never'], { cwd: folder, env })).ms;
  };
  for (let i = 0; i < times; i++) {
    const bare = await runNode([path.join(BENCH, 'lib/floor-folder.mjs'), folder]);
    const { cold, warm } = JSON.parse(bare.output);
    floor.wall.push(bare.ms);
    floor.cold.push(cold);
    floor.warm.push(warm);
    ours.push(await lint());
    json.push(await lint('--format', 'json'));
    one.push(await lint('app-000'));
  }
  const theirs = peers ? (await runNode([dclint, '-r', '.'], { cwd: folder, allowed: [0, 1] })).ms : null;
  return {
    files,
    lines: LINES,
    floor: { cold: stats(floor.cold), warm: stats(floor.warm) },
    ours: stats(ours),
    json: stats(json),
    one: stats(one),
    dclint: theirs,
  };
}
