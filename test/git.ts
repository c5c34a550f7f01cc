/** The git command for tests, which knows nothing of the settings of this machine. */
import { execFileSync } from 'node:child_process';
import * as os from 'node:os';

const ENV = { ...process.env, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };

export function git(cwd: string, ...words: string[]): void {
  execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...words], { cwd, env: ENV });
}

/** A repository with one commit of all that is there. */
export function commitAll(folder: string): void {
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'all');
}
