// Tries the packaged extension in real VS Code, the newest and the oldest supported: `node test/editor/run.mjs`.
//
//   --vsix <file>   take this package instead of building one
//   --host <name>   only this version: newest or oldest
//   --part <name>   only this part: suite, story, colors, verify or restricted
//
// Where a browser or VS Code cannot be had, says so and leaves the suite out; with `editor` in PERSISTENCE_REQUIRE that
// is a failure. So it is with what needs a container engine, and `editor` and `engine`. The last line counts.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { findChromium } from './browser.mjs';
import { COLORS } from './colors.mjs';
import { hangingEngine, slowEngine, startEngine } from './engine.mjs';
import { HOSTS, install, run } from './hosts/hosts.mjs';
import { restrictedSteps } from './restricted.mjs';
import { STORY } from './story.mjs';
import { stepsOf } from './ui.mjs';
import { withEngine, withoutEngine } from './verify.mjs';
import { installVsix, temporaryFolder } from './vscode-server.mjs';
import { play } from './workbench.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: { vsix: { type: 'string' }, host: { type: 'string' }, part: { type: 'string' } },
});
const isRequired = (suite) => (process.env.PERSISTENCE_REQUIRE ?? '').split(/[\s,]+/).includes(suite);
const hosts = HOSTS.filter(({ name }) => !options.host || name === options.host);
const wants = (part) => !options.part || options.part === part;
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

async function playStory(host, extensions, shots) {
  const workspace = freshWorkspace({ '.': STORY.folder });
  await play(host, { server: { extensions }, workspace, shots, steps: stepsOf(STORY), report });
  fs.rmSync(workspace, { recursive: true, force: true });
}

async function playColors(host, extensions, shots) {
  const workspace = freshWorkspace({ '.': 'test/syntaxes/whole' });
  await play(host, { server: { extensions }, workspace, shots, steps: COLORS, report });
  fs.rmSync(workspace, { recursive: true, force: true });
}

async function playRestricted(host, extensions, shots) {
  const workspace = freshWorkspace({ '.': 'test/editor/fixtures/verify' });
  const steps = restrictedSteps('compose.yaml');
  await play(host, { server: { extensions, trust: true }, workspace, shots, steps, report });
  fs.rmSync(workspace, { recursive: true, force: true });
}

/** In an environment of its own: no engine is there but those that it names. */
async function playVerify(host, extensions, shots, engine) {
  const workspace = freshWorkspace({ '.': 'test/editor/fixtures/verify' });
  const file = path.join(workspace, 'compose.yaml');
  const project = `editor-${process.pid}`;
  fs.writeFileSync(file, `name: ${project}\n\n${fs.readFileSync(file, 'utf8')}`);
  const hanging = await hangingEngine();
  const slow = engine && (await slowEngine(engine.socket, 400));
  const nowhere = `unix://${path.join(workspace, 'nowhere.sock')}`;
  try {
    await engine?.up(workspace, 'cache');
    await play(host, {
      server: { extensions, environment: { DOCKER_HOST: nowhere } },
      workspace,
      shots,
      steps: {
        ...withoutEngine({ nowhere, hanging: hanging.address, project }),
        ...(slow && withEngine({ engine: slow.address, project })),
      },
      report,
    });
  } finally {
    await engine?.down(workspace);
    slow?.close();
    hanging.close();
    fs.rmSync(workspace, { recursive: true, force: true });
  }
}

async function tryOn(host, version, vsix, suite, engine) {
  const started = Date.now();
  console.log(`VS Code ${version}`);
  const shots = path.join(root, 'shots', host.name);
  if (!options.part) fs.rmSync(shots, { recursive: true, force: true });
  fs.mkdirSync(shots, { recursive: true });
  const installed = await installVsix(host, vsix);
  report('the package installs');
  const { extensions } = installed;
  if (wants('suite')) await runSuite(host, installed.extension, suite, shots);
  if (wants('story')) await playStory(host, extensions, shots);
  if (wants('colors')) await playColors(host, extensions, path.join(shots, 'colors'));
  if (wants('verify')) await playVerify(host, extensions, path.join(shots, 'verify'), engine);
  if (wants('restricted')) await playRestricted(host, extensions, path.join(shots, 'restricted'));
  installed.remove();
  console.log(`  ${((Date.now() - started) / 1000).toFixed(0)} s; screenshots in ${path.relative(root, shots)}/`);
}

async function engineOrNone() {
  try {
    return await startEngine();
  } catch (error) {
    console.log(`What needs a container engine is left out: ${error.message}`);
    if (isRequired('engine')) report('an engine is there, as PERSISTENCE_REQUIRE asks', error.message);
    else counts.skipped += hosts.length;
  }
}

async function tryAll() {
  let versions;
  try {
    versions = await prepare();
  } catch (error) {
    console.log(`The suite in VS Code is left out: ${error.message}`);
    if (isRequired('editor')) report('VS Code is there, as PERSISTENCE_REQUIRE asks', error.message);
    else counts.skipped = hosts.length;
    return;
  }
  const vsix = await buildVsix();
  const suite = await buildSuite();
  const engine = wants('verify') ? await engineOrNone() : undefined;
  for (const host of hosts) {
    const version = versions.get(host.name);
    await tryOn(host, version, vsix, suite, engine).catch((error) => report(`${host.name} ran`, error.stack));
  }
  await engine?.stop();
}

await tryAll().catch((error) => report('the suite could be prepared', error.stack));
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed > 0 ? 1 : 0);
