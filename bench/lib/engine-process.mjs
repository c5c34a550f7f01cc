// Measures the engine alone, in a process of its own. Prints JSON.
import { performance } from 'node:perf_hooks';
import { ourEngine } from './build.mjs';
import * as compose from './compose.mjs';
import { parseDocument } from './yaml.mjs';

const started = performance.now();
const { createLinter, parseYaml, readSettings } = await import(ourEngine);
const load = { module: performance.now() - started };

let files = 0;

/** Nothing on the disk but one text: another file at each call, or what is known of the last would be taken again. */
function onlyFile(text, file = `/bench/${files++}.yaml`) {
  const source = { path: file, text };
  return {
    read: (path) => {
      if (path === file) return source;
      throw new Error(`${path} was not to be read`);
    },
    kind: (path) => (path === file ? 'file' : 'missing'),
    list: () => [],
    head: () => null,
    realPath: (path) => path,
  };
}

const { settings } = readSettings(onlyFile(''), '/bench', {});

async function lint(text) {
  const file = `/bench/${files++}.yaml`;
  const { findings, errors } = await createLinter(onlyFile(text, file)).lint({ files: [file] }, settings);
  if (errors.length > 0) throw new Error(errors[0].message);
  return findings.length;
}

/** The least of several runs: what comes on top is the machine's. */
async function least(times, act) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    await act();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

const SERIES = {
  lines: { make: compose.ofLines, sizes: [300, 1200, 4800, 9600] },
  services: { make: compose.ofServices, sizes: [10, 30, 100, 300] },
  aliases: { make: compose.ofAliases, sizes: [1000, 4000, 16000] },
  'merge chain': { make: compose.ofMergeChain, sizes: [50, 200, 800] },
  extends: { make: compose.ofExtends, sizes: [10, 50, 250] },
  suppressions: { make: compose.ofSuppressions, sizes: [25, 100, 400] },
};

const series = [];
for (let i = 0; i < 60; i++) await lint(compose.ofLines(300));
for (const [unit, { make, sizes }] of Object.entries(SERIES)) {
  const points = [];
  for (const size of sizes) {
    const text = make(size);
    const times = size === sizes[0] ? 25 : size === sizes.at(-1) ? 5 : 9;
    const found = await lint(text);
    const floor = await least(times, () => parseDocument(text));
    const parse = await least(times, () => parseYaml({ path: '/bench/compose.yaml', text }));
    points.push({ size, found, floor, parse, lint: await least(times, () => lint(text)) });
  }
  series.push({ unit, points });
}
console.log(JSON.stringify({ load, series }));
