// `npm test`: every suite, in order, a line for each at the end. Names of suites as arguments run only those.
//
// The editor suite is left out, and says so, where VS Code or a browser cannot be had, and the engine suite where no
// container engine can be had; PERSISTENCE_REQUIRE=editor,engine makes that a failure.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules', name);

/** Runs Node on a script and passes on what it prints. Resolves to its exit code and the last line it printed. */
function node(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (data) => {
      process.stdout.write(data);
      tail = (tail + data).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, last: tail.trimEnd().split('\n').at(-1) }));
  });
}

/** What `npm run generate` writes and git keeps. */
function generated() {
  const pages = path.join(root, 'docs/rules');
  const names = fs.existsSync(pages) ? fs.readdirSync(pages).map((name) => `docs/rules/${name}`) : [];
  return new Map(
    ['package.json', 'README.md', 'docs/losses.md', 'syntaxes/compose-volumes.injection.tmLanguage.json', ...names]
      .map((name) => [name, path.join(root, name)])
      .filter(([, file]) => fs.existsSync(file))
      .map(([name, file]) => [name, fs.readFileSync(file, 'utf8')]),
  );
}

async function isCurrent() {
  const before = generated();
  const { code } = await node('scripts/generate.mjs');
  const after = generated();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  for (const name of stale) console.log(`${name} was out of date: commit what \`npm run generate\` has now written.`);
  return code === 0 && stale.length === 0;
}

const succeeds = async (...args) => (await node(...args)).code === 0;

async function check() {
  const checks = {
    'generated files are up to date': isCurrent,
    'the bundles build': () => succeeds('esbuild.mjs'),
    'the types are right': () => succeeds(bin('typescript/bin/tsc'), '-p', '.', '--noEmit'),
    'the style is kept': () => succeeds(bin('@biomejs/biome/bin/biome'), 'check'),
  };
  const counts = { passed: 0, failed: 0 };
  for (const [title, holds] of Object.entries(checks)) {
    const held = await holds();
    counts[held ? 'passed' : 'failed']++;
    console.log(`  ${held ? 'passed' : 'FAILED'}  ${title}`);
  }
  return counts;
}

async function vitest(config) {
  const file = path.join(root, '.tmp/vitest.json');
  fs.rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await node(bin('vitest/vitest.mjs'), 'run', '--config', config, ...reporters);
  if (!fs.existsSync(file)) return { passed: 0, failed: 1 };
  const results = JSON.parse(fs.readFileSync(file, 'utf8'));
  // A file that does not load holds no failed test, nor does an error that no test caught.
  const unloaded = results.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
  const failed = results.numFailedTests + unloaded.length;
  const skipped = results.numPendingTests + results.numTodoTests;
  return { passed: results.numPassedTests, failed: failed || Number(code !== 0), skipped };
}

async function editor() {
  const { code, last } = await node('test/editor/run.mjs');
  const [, passed, failed, skipped = 0] = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(last) ?? [];
  if (passed === undefined) return { passed: 0, failed: 1 };
  return { passed: Number(passed), failed: Number(failed) || Number(code !== 0), skipped: Number(skipped) };
}

const unit = () => vitest('vitest.config.ts');

const engine = () => vitest('test/engine/vitest.config.ts');

const SUITES = { check, unit, editor, engine };

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SUITES);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}. There are: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}
const total = { passed: 0, failed: 0 };
const summary = [];
for (const name of wanted) {
  console.log(`\n# ${name}`);
  const started = Date.now();
  const {
    passed,
    failed,
    skipped = 0,
  } = await SUITES[name]().catch((error) => {
    console.error(error);
    return { passed: 0, failed: 1 };
  });
  total.passed += passed;
  total.failed += failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const left = skipped > 0 ? `, ${skipped} left out (why is said above)` : '';
  summary.push(`${name.padEnd(8)}${passed} passed, ${failed} failed${left} in ${seconds} s`);
}
console.log(`\n${summary.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
