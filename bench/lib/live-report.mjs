// What was measured on an engine, as Markdown.
import { ms, table, targetTable, times } from './markdown.mjs';
import { stats } from './stats.mjs';

const MOST_MS = 1000;
const MOST_DRILL = 1.3;
const BY = { compose: 'by Compose', api: "by the engine's API" };

const runsOf = (drills, by) => drills.find((one) => one.by === by).runs;
const spread = (runs, value) => stats(runs.map(value));
const ofCalls = ({ wall, inCalls }) => wall / inCalls;
const ofBusy = ({ wall, busy }) => wall / busy;
const atOnce = ({ inCalls, busy }) => inCalls / busy;

export function targets({ verify, drills }) {
  const within = (target, { min, median }) => ({
    target,
    reached: `${ms(min)} (median ${ms(median)})`,
    met: min <= MOST_MS,
  });
  // Both parts of such a ratio are of one drill: what else the machine does weighs on both, so its median is as good.
  const ratio = (target, { min, median }) => ({
    target,
    reached: `${times(median)} (least ${times(min)})`,
    met: median <= MOST_DRILL,
  });
  const { count } = verify;
  return [
    within(`\`verify\` of ${count} containers, from start to end: at most 1 s`, verify.inspectProcess),
    within('the same with `--level read`', verify.readProcess),
    ...Object.entries(BY).flatMap(([by, words]) => {
      const runs = runsOf(drills, by);
      return [
        ratio(`a drill ${words}: at most ${MOST_DRILL} × the sum of its calls`, spread(runs, ofCalls)),
        ratio('the same, calls beside each other counted once', spread(runs, ofBusy)),
      ];
    }),
  ];
}

function verifyTable({ calls, floorProcess, floor, floorCommands, ...ours }) {
  const both = (one, bare) => `${times(one.min / bare.min)} · ${times(one.median / bare.median)}`;
  const rowOf = (name, level) => {
    const [process, within] = [ours[`${level}Process`], ours[level]];
    return [
      name,
      `${calls[level].all}, ${calls[level].commands}`,
      `${ms(process.min)} · ${ms(process.median)}`,
      both(process, floorProcess),
      `${ms(within.min)} · ${ms(within.median)}`,
      both(within, floor),
    ];
  };
  const count = ours.count;
  const bare = [
    'bare calls: listed, inspected, asked for changes',
    `${1 + 2 * count}, 0`,
    `${ms(floorProcess.min)} · ${ms(floorProcess.median)}`,
    '1 ×',
    `${ms(floor.min)} · ${ms(floor.median)}`,
    '1 ×',
  ];
  const commands = [
    'one command in each, no more',
    `${1 + 3 * count}, ${count}`,
    '',
    '',
    `${ms(floorCommands.min)} · ${ms(floorCommands.median)}`,
    both(floorCommands, floor),
  ];
  const head = ['', 'calls, commands among them', 'as a process', 'multiple', 'in one that is warm', 'multiple'];
  return table(head, [bare, commands, rowOf('`inspect`', 'inspect'), rowOf('`read`', 'read')]);
}

function drillTable(drills) {
  const rows = Object.entries(BY).map(([by, words]) => {
    const runs = runsOf(drills, by);
    const seconds = (value) => {
      const { min, median } = spread(runs, value);
      return `${(min / 1000).toFixed(1)} s · ${(median / 1000).toFixed(1)} s`;
    };
    const { min: calls } = spread(runs, (one) => one.calls);
    return [
      words,
      seconds((one) => one.wall),
      calls,
      seconds((one) => one.inCalls),
      seconds((one) => one.busy),
      seconds((one) => one.names.compose?.total ?? 0),
      spread(runs, atOnce).median.toFixed(2),
    ];
  });
  const head = ['', 'wall time', 'calls', 'their sum', 'beside each other counted once', 'in Compose itself'];
  return table([...head, 'calls under way at once'], rows);
}

export function markdown({ machine, verify, drills }) {
  return `Measured with ${machine}, on ${verify.engine}.

${targetTable(targets({ verify, drills }))}

### \`verify\` of ${verify.count} containers

Each is \`redis:7\` with a volume and without a network, so that a server can only be asked inside its container. Least ·
median of ${verify.inspect.count}; multiples of the bare calls, which are all sent at once.

${verifyTable(verify)}

### A drill

\`redis:7\` and an application with SQLite go through restart, recreate and down: least · median of ${runsOf(drills, 'api').length}. A call to Compose
counts as one: what it asks of the engine itself, and what of that beside each other, is not seen. How many calls are under
way at once, in the time in which there is any, tells how far the services go through it beside each other.

${drillTable(drills)}
`;
}
