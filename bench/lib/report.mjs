// What was measured, as Markdown: ratios, and beside each target whether it is met.
import { table, targetTable, times } from './markdown.mjs';

const LABELS = {
  push: 'compose-persistence, pushed, no debounce',
  pull: 'compose-persistence, pulled as VS Code does',
  shipped: 'compose-persistence',
  uncompiled: 'compose-persistence at its very first start',
  composeLs: 'compose-language-service 1.0.0, no debounce',
};

function editTable(edits) {
  const rows = edits[0].servers.map(({ kind }, i) => [
    LABELS[kind],
    ...edits.map(({ floor, servers }) => {
      const { min, median, p95 } = servers[i];
      return `${times(min / floor.min)} · ${times(median / floor.median)} · ${times(p95 / floor.p95)}`;
    }),
  ]);
  return table(['', ...edits.map(({ lines }) => `${lines} lines`)], rows);
}

function coldTable(cold) {
  const rows = cold[0].servers.map(({ kind }, i) => [
    LABELS[kind],
    ...cold.map(({ floor, servers }) => {
      const one = servers[i];
      return `${times(one.cold.min / floor.min)} · ${times(one.cold.median / floor.median)}`;
    }),
  ]);
  return table(['', ...cold.map(({ lines }) => `${lines} lines`)], rows);
}

function memoryTable(cold) {
  const rows = cold[0].servers.map(({ kind }, i) => [
    LABELS[kind],
    ...cold.map(({ servers }) => `${mb(servers[i].first.median)} · ${mb(servers[i].later.median)}`),
  ]);
  return table(['', ...cold.map(({ lines }) => `${lines} lines`)], rows);
}

const mb = (value) => (value === null ? 'not known here' : `${Math.round(value)} MB`);
const perSecond = (files, ms) => Math.round((files * 1000) / ms);

function cliTable({ files, floor, ours, json, dclint }) {
  const bare = floor.cold.min;
  const rows = [
    ['bare parse of all files, first pass', '1 ×', perSecond(files, bare)],
    ['`compose-persistence lint`, from start to end', times(ours.min / bare), perSecond(files, ours.min)],
    ['the same with `--format json`', times(json.min / bare), perSecond(files, json.min)],
  ];
  if (dclint !== null) rows.push(['`dclint -r` 3.1.0', times(dclint / bare), perSecond(files, dclint)]);
  return table(['', 'time, as a multiple', 'files a second'], rows);
}

/** The cost of a unit in the largest file, as a multiple of its cost in the smallest. */
export function growth(points, what) {
  const [first, last] = [points[0], points.at(-1)];
  return last[what] / last.size / (first[what] / first.size);
}

function growthTable(series) {
  const rows = series.map(({ unit, points }) => [
    `${unit}, ${points[0].size} to ${points.at(-1).size}`,
    times(growth(points, 'lint')),
    times(growth(points, 'floor')),
    times(points.at(-1).lint / points.at(-1).floor),
  ]);
  return table(['', 'lint', 'bare parse', 'lint as a multiple of the bare parse, largest file'], rows);
}

const MAX_GROWTH = 1.5;

/** Each target with what was reached. Nothing is left out, and nothing is rounded towards it. */
export function targets({ edits, cold, cli, engine, workspace }) {
  const at = (list, lines) => list.find((one) => one.lines === lines);
  const large = at(edits, 3000);
  const pushed = large.servers.find(({ kind }) => kind === 'push');
  const server = (lines) => at(cold, lines).servers.find(({ kind }) => kind === 'shipped');
  const start = server(300).cold;
  const rss = server(300);
  const speed = perSecond(cli.files, cli.ours.min);
  const worst = engine.series
    .map(({ unit, points }) => ({ unit, value: growth(points, 'lint'), floor: growth(points, 'floor') }))
    // Where the parser itself slows down, nobody behind it can be linear: it is counted out.
    .map((one) => ({ ...one, own: one.value / Math.max(1, one.floor) }))
    .reduce((a, b) => (b.own > a.own ? b : a));
  const list = [
    {
      target: 'change to diagnostics at 3000 lines: at most 1.5 × the bare parse (least times)',
      reached: times(pushed.min / large.floor.min),
      met: pushed.min <= 1.5 * large.floor.min,
    },
    {
      target: 'the same by the medians',
      reached: times(pushed.median / large.floor.median),
      met: pushed.median <= 1.5 * large.floor.median,
    },
    {
      target: 'start to first diagnostics at 300 lines: at most 200 ms',
      reached: `${Math.round(start.min)} ms (median ${Math.round(start.median)}); node and one parse alone ${Math.round(at(cold, 300).floor.min)}`,
      met: start.min <= 200,
    },
    {
      target: 'memory at 300 lines: at most 80 MB',
      reached: `${mb(rss.first.median)}, after 30 edits ${mb(rss.later.median)}`,
      met: Math.max(rss.first.median ?? 0, rss.later.median ?? 0) <= 80,
    },
    {
      target: `\`lint\` of ${cli.files} files: at least 500 a second`,
      reached: `${speed} a second`,
      met: speed >= 500,
    },
    {
      target: `a line, service, alias, merge key costs as much in a large file as in a small one (at most ${MAX_GROWTH} ×, beyond what the parse grows)`,
      reached: `${times(worst.own)} (${worst.unit})`,
      met: worst.own <= MAX_GROWTH,
    },
    {
      target: `an edit in a workspace of ${workspace.services} services and ${workspace.sources} source files: none of the others is read again`,
      reached: `${workspace.compose.asked.read} reads at an edit of the Compose file, ${workspace.source.asked.read} at one of a source file, ${workspace.cold.asked.read} at first`,
      met: Math.max(workspace.compose.asked.read, workspace.source.asked.read) <= 2 * workspace.services,
    },
    {
      target: 'such an edit to its findings: at most 1.5 × the bare parse of the Compose file (least times)',
      reached: `${times(workspace.compose.ms / workspace.floor)}; of a source file ${times(workspace.source.ms / workspace.floor)}`,
      met: Math.max(workspace.compose.ms, workspace.source.ms) <= 1.5 * workspace.floor,
    },
    {
      target: 'loading the catalogue, its index and the first family that is asked for: under 15 ms (least times)',
      reached: `${ms(engine.load.index)}, the first family ${ms(engine.load.firstFamily)}`,
      met: engine.load.index + engine.load.firstFamily < 15,
    },
  ];
  return list;
}

const ms = (value) => `${value.toFixed(1)} ms`;

function workspaceTable({ floor, cold, compose, source }) {
  const row = (what, { ms: time, asked }) => [what, times(time / floor), asked.read, asked.list, asked.kind];
  const rows = [
    row('first lint', cold),
    row('edit of the Compose file', compose),
    row('edit of a source file', source),
  ];
  return table(
    ['', 'multiple of a bare parse of the Compose file', 'files read', 'folders asked', 'looked whether there'],
    rows,
  );
}

export function markdown(results) {
  const { edits, cold, cli, engine, workspace, machine } = results;
  const { module, index, firstFamily } = engine.load;
  return `Measured with ${machine}.

### Targets

${targetTable(targets(results))}

### From an edit to its diagnostics

Multiples of a bare parse of the same text, in a process of its own that is as warm: least · median · 95th percentile.

${editTable(edits)}

### From starting a server to its first diagnostics

Multiples of a process that loads the parser, parses the file once and ends: least · median.

${coldTable(cold)}

Resident memory, behind the first diagnostics · behind 30 edits:

${memoryTable(cold)}

### \`lint\` over ${cli.files} files of ${cli.lines} lines

${cliTable(cli)}

One file alone takes ${times(cli.one.min / cli.ours.min)} the time of all ${cli.files}: that is what starting costs.

### Growth

What one unit costs in the largest file, as a multiple of what it costs in the smallest: 1 × is linear.

${growthTable(engine.series)}

### A large workspace

${workspace.services} services in ${workspace.lines} lines, of which some are built from ${workspace.contexts} contexts with ${workspace.sources} source files together; linted as the
language server does it. Least times. A folder that is asked has its clock looked at; it is listed again where that has moved.

${workspaceTable(workspace)}

### The catalogue

Loading its index takes ${times(index / at30(edits))} the time of a bare parse of 30 lines, the first family that is asked for ${times(firstFamily / at30(edits))}; loading the engine with it ${times(module / at30(edits))}.
`;
}

const at30 = (edits) => edits[0].floor.min;
