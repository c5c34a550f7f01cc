// The peers, with versions that package-lock.json holds. Installed here when they are first needed.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { BENCH } from './paths.mjs';

const modules = path.join(BENCH, 'node_modules');

export const composeLanguageServer = path.join(
  modules,
  '@microsoft/compose-language-service/bin/docker-compose-langserver',
);
export const dclint = path.join(modules, 'dclint/bin/dclint.cjs');

export function installPeers() {
  if (fs.existsSync(composeLanguageServer) && fs.existsSync(dclint)) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: BENCH, stdio: 'inherit' });
}
