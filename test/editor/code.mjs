#!/usr/bin/env node
// Stands in for the desktop `code` binary: takes the arguments that @vscode/test-electron's runTests passes, runs the
// suite in the extension host of the server that EDITOR_HOST names, and exits with its code.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { HOSTS } from './hosts/hosts.mjs';
import { startServer } from './vscode-server.mjs';

const LIMIT = 240_000;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});
const host = HOSTS.find(({ name }) => name === process.env.EDITOR_HOST);
const server = await startServer(host, { driver: true });
const browser = await launchBrowser();
const printed = [];

function suiteEnds() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`the suite did not end in ${LIMIT} ms`)), LIMIT).unref();
    server.ended.then(() => reject(new Error('the VS Code server ended')));
    browser.page.on('crash', () => reject(new Error('the workbench page crashed')));
    const payload = ['extensionDevelopmentPath', 'extensionTestsPath'].map((name) => [
      name,
      server.remote(path.resolve(values[name])),
    ]);
    Promise.resolve()
      .then(() => browser.page.exposeFunction('codeAutomationLog', (_type, args) => printed.push(args.join(' '))))
      .then(() => browser.page.exposeFunction('codeAutomationExit', resolve))
      .then(() => browser.page.goto(server.url(path.resolve(positionals[0]), payload)))
      .catch(reject);
  });
}

let code;
try {
  code = await suiteEnds();
} catch (error) {
  code = 70;
  console.error(error.message);
  await browser.page.screenshot({ path: process.env.EDITOR_SHOT }).catch(() => {});
}
await browser.close();
await server.stop();
// The workbench reports 0 even where the extension host was killed: only the results that the suite writes last count.
if (!fs.existsSync(process.env.EDITOR_RESULTS)) {
  console.error('the extension host ended before the suite did', printed.join('\n').slice(-4000), server.log());
  code ||= 71;
}
process.exit(code);
