/** Where the live check keeps what it must remember between two runs: the user's own folder, never the project's. */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Machine } from './machine.ts';

const NAME = 'compose-persistence';

/** As each system has it; XDG_STATE_HOME wins everywhere. */
export function stateFolder({ env, home, platform }: Machine): string {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local } = env;
  if (state && path.isAbsolute(state)) return path.join(state, NAME);
  if (platform === 'win32') return path.join(local || path.join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', NAME);
  return path.join(home, '.local', 'state', NAME);
}

/** Whole or not at all, for nobody else to read; two that write at once do not mix. @throws as node:fs does */
export function writeState(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.${crypto.randomBytes(4).toString('hex')}`;
  try {
    fs.writeFileSync(fresh, text, { mode: 0o600 });
    fs.renameSync(fresh, file);
  } catch (error) {
    fs.rmSync(fresh, { force: true });
    throw error;
  }
}
