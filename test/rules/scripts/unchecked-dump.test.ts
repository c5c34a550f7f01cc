/** What the sentences of `unchecked-backup` rest on, asked of the shells themselves. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'dump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (shell: string, text: string) => spawnSync(shell, ['-c', text], { cwd: folder, encoding: 'utf8' });

describe.each(['sh', 'bash'])('a pipeline in %s', (shell) => {
  it('ends well when what is piped fails, for set -e and for if', () => {
    expect(run(shell, 'set -e; false | gzip > a.gz; echo went on').stdout).toBe('went on\n');
    expect(run(shell, 'if false | gzip > a.gz; then echo well; fi').stdout).toBe('well\n');
    expect(run(shell, 'false | gzip > a.gz; echo $?').stdout).toBe('0\n');
  });
  it('leaves an archive of nothing, which is no empty file', () => {
    run(shell, 'false | gzip > b.gz');
    expect(statSync(path.join(folder, 'b.gz')).size).toBeGreaterThan(0);
    expect(execFileSync('gzip', ['-t', 'b.gz'], { cwd: folder, encoding: 'utf8' })).toBe('');
    expect(run(shell, 'gzip -dc b.gz | wc -c').stdout.trim()).toBe('0');
  });
});

it('is ended by set -e with pipefail', () => {
  expect(run('bash', 'set -eo pipefail; false | gzip > c.gz; echo went on')).toMatchObject({ status: 1, stdout: '' });
});

it('goes on behind a failure that nobody asks for', () => {
  expect(run('sh', 'false > d.sql; echo went on').stdout).toBe('went on\n');
  expect(run('sh', 'set -e; false > d.sql; echo went on').stdout).toBe('');
});
