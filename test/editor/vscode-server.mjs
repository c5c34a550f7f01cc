// Starts the server of an installed host, with settings under which nothing leaves the machine and nothing distracts.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { plainEnvironment, run } from './hosts/hosts.mjs';

const SETTINGS = {
  'chat.disableAIFeatures': true,
  // What lies over a line cannot be clicked through: the header that sticks, and the bar of a long line.
  'editor.stickyScroll.enabled': false,
  'editor.wordWrap': 'on',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  // The web workbench would save by itself.
  'files.autoSave': 'off',
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export const temporaryFolder = (name) => fs.mkdtempSync(path.join(os.tmpdir(), `compose-persistence-${name}-`));

const remove = (folder) => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Installs a .vsix into a new folder of extensions, as `code --install-extension` does. */
export async function installVsix(host, vsix) {
  const extensions = temporaryFolder('extensions');
  const data = temporaryFolder('data');
  const folders = ['--extensions-dir', extensions, '--server-data-dir', data];
  await run(host.node, [
    host.main,
    '--accept-server-license-terms',
    ...folders,
    '--install-extension',
    vsix,
    '--force',
  ]);
  remove(data);
  return {
    extensions,
    extension: path.join(
      extensions,
      fs.readdirSync(extensions).find((name) => name.startsWith('compose-persistence.')),
    ),
    remove: () => remove(extensions),
  };
}

async function answers(port, server, log) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).catch(() => null);
    if (response && response.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the VS Code server did not come up\n${log()}`);
}

/** Sooner or later without the whole group: extension hosts and language servers are its children. */
async function stopGroup(server) {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const signal = (name) => {
    try {
      process.kill(-server.pid, name);
    } catch {
      // Gone already.
    }
  };
  if (server.exitCode === null && server.signalCode === null) {
    signal('SIGTERM');
    const timer = setTimeout(() => signal('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * @param extensions folder of installed extensions; none by default
 * @param driver     lets the page name the extension and the suite to run; notifications are not shown then
 * @param trust      asks whether a workspace is trusted, as VS Code does unless told otherwise
 */
export async function startServer(host, { extensions, environment = {}, driver = false, trust = false } = {}) {
  const root = temporaryFolder('server');
  const data = path.join(root, 'data');
  fs.mkdirSync(path.join(data, 'User'), { recursive: true });
  fs.writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify(SETTINGS));
  const port = await freePort();
  const args = [
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', '--server-data-dir', data, '--user-data-dir', data],
    ...['--extensions-dir', extensions ?? path.join(root, 'extensions')],
    '--disable-getting-started-override',
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...(driver ? ['--enable-smoke-test-driver'] : []),
  ];
  const server = spawn(host.node, [host.main, ...args], {
    // No gallery: nothing asks for it.
    env: { ...plainEnvironment(), EXTENSIONS_GALLERY: '{}', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  server.stdout.on('data', (data) => (text += data));
  server.stderr.on('data', (data) => (text += data));
  const log = () => text.slice(-4000);
  const stop = async () => {
    await stopGroup(server);
    remove(root);
  };
  try {
    await answers(port, server, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    log,
    stop,
    ended: new Promise((resolve) => server.once('exit', resolve)),
    /** The settings of this machine, which no workspace can change. */
    configure(settings) {
      fs.mkdirSync(path.join(data, 'Machine'), { recursive: true });
      fs.writeFileSync(path.join(data, 'Machine', 'settings.json'), JSON.stringify(settings));
    },
    /** Names a file on this server for the page. */
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    url(folder, payload = []) {
      const url = new URL(`http://127.0.0.1:${port}/`);
      url.searchParams.set('folder', folder);
      url.searchParams.set(
        'payload',
        JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]),
      );
      return url.href;
    },
  };
}
