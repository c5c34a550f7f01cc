// Tries the packaged extension in real VS Code, the newest and the oldest supported: `node test/editor/run.mjs`.
//
//   --vsix <file>   take this package instead of building one
//   --host <name>   only this version: newest or oldest
//
// Where a browser or VS Code cannot be had, says so and leaves the suite out; with `editor` in PERSISTENCE_REQUIRE that
// is a failure. The last line counts.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { findChromium } from './browser.mjs';
import { HOSTS, install, run } from './hosts/hosts.mjs';
import { STORY } from './story.mjs';
import { play } from './ui.mjs';
import { installVsix, temporaryFolder } from './vscode-server.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const here = import.meta.dirname;
const { values: options } = parseArgs({ options: { vsix: { type: 'string' }, host: { type: 'string' } } });
const required = (process.env.PERSISTENCE_REQUIRE ?? '').split(/[\s,]+/).includes('editor');
const hosts = HOSTS.filter(({ name }) => !options.host || name === options.host);
const counts = { passed: 0, failed: 0, skipped: 0 };

function report(title, error) {
  counts[error ? 'failed' : 'passed']++;
  console.log(`  ${error ? 'FAILED' : 'passed'}  ${title}`);
  if (error) console.log(error.replace(/^/gm, '          '));
}

/** What VS Code needs. Returns the versions by host name; throws, saying why, where it cannot be had here. */
async function prepare() {
  if (!findChromium()) throw new Error('no Chromium is installed (Debian: apt-get install chromium)');
  const versions = new Map();
  for (const host of hosts) versions.set(host.name, await install(host));
  return versions;
}

async function buildVsix() {
  if (options.vsix) return path.resolve(options.vsix);
  await run('npm', ['run', 'package'], { cwd: root });
  return path.join(root, 'compose-persistence.vsix');
}

async function buildSuite() {
  const outdir = path.join(root, '.tmp', 'editor-suite');
  fs.rmSync(outdir, { recursive: true, force: true });
  const sources = fs.readdirSync(path.join(here, 'suite')).filter((name) => /^index\.ts$|\.test\.ts$/.test(name));
  await esbuild.build({
    entryPoints: sources.map((name) => path.join(here, 'suite', name)),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.cjs');
}

/** A copy of folders of the repository, to be written to. */
function freshWorkspace(sources) {
  const folder = temporaryFolder('workspace');
  for (const [to, source] of Object.entries(sources)) {
    fs.cpSync(path.join(root, source), path.join(folder, to), { recursive: true });
  }
  return folder;
}

async function runSuite(host, extension, suite, shots) {
  const workspace = freshWorkspace({ '.': 'test/editor/fixtures/workspace', examples: 'examples' });
  const results = path.join(root, '.tmp', `editor-${host.name}.json`);
  fs.rmSync(results, { force: true });
  const environment = { EDITOR_HOST: host.name, EDITOR_RESULTS: results, EDITOR_SHOT: path.join(shots, 'suite.png') };
  let ended;
  try {
    await runTests({
      vscodeExecutablePath: path.join(here, 'code.mjs'),
      extensionDevelopmentPath: extension,
      extensionTestsPath: suite,
      extensionTestsEnv: environment,
      launchArgs: [workspace],
    });
  } catch (error) {
    ended = error.message;
  }
  const tests = fs.existsSync(results) ? JSON.parse(fs.readFileSync(results, 'utf8')) : [];
  for (const { title, error } of tests) report(title, error);
  // A suite that ends without a failed test to show for it, or without any test at all, proves nothing.
  if (tests.length === 0 || (ended && !tests.some(({ error }) => error))) {
    report('the suite ran to its end', ended ?? 'it held no test');
  }
  fs.rmSync(workspace, { recursive: true, force: true });
}

async function tryOn(host, version, vsix, suite) {
  const started = Date.now();
  console.log(`VS Code ${version}`);
  const shots = path.join(root, 'shots', host.name);
  fs.rmSync(shots, { recursive: true, force: true });
  fs.mkdirSync(shots, { recursive: true });
  const installed = await installVsix(host, vsix);
  report('the package installs');
  await runSuite(host, installed.extension, suite, shots);
  const workspace = freshWorkspace({ '.': STORY.folder });
  await play(host, { extensions: installed.extensions, workspace, shots, story: STORY, report });
  fs.rmSync(workspace, { recursive: true, force: true });
  installed.remove();
  console.log(`  ${((Date.now() - started) / 1000).toFixed(0)} s; screenshots in ${path.relative(root, shots)}/`);
}

async function tryAll() {
  let versions;
  try {
    versions = await prepare();
  } catch (error) {
    console.log(`The suite in VS Code is left out: ${error.message}`);
    if (required) report('VS Code is there, as PERSISTENCE_REQUIRE asks', error.message);
    else counts.skipped = hosts.length;
    return;
  }
  const vsix = await buildVsix();
  const suite = await buildSuite();
  for (const host of hosts) {
    await tryOn(host, versions.get(host.name), vsix, suite).catch((error) => report(`${host.name} ran`, error.stack));
  }
}

await tryAll().catch((error) => report('the suite could be prepared', error.stack));
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed > 0 ? 1 : 0);
