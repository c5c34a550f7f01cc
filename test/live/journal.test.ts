import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { journalOf, type Planted } from '../../server/live/journal.ts';
import type { Store } from '../../server/survival/words.ts';
import { folder, machine } from './helpers.ts';

const store: Store = {
  technology: 'redis',
  title: 'Redis',
  path: '/data',
  isFile: false,
  kind: 'essential',
  need: 'required',
  confidence: 'primary',
  evidence: [{ from: 'image', note: 'known', confidence: 'primary' }],
  role: 'server',
};
const entry: Omit<Planted, 'process'> = {
  mark: '0a1b2c3d',
  engine: 'E',
  container: { id: 'c1', name: 'shop-cache-1' },
  store,
  path: '/data',
};
const fileIn = (home: string): string =>
  path.join(home, '.local/state/compose-persistence/planted', `${entry.mark}.json`);

/** As a run on this machine that has ended, or never was. */
function writtenBy(home: string, change: Partial<Planted['process']>): void {
  const noted = JSON.parse(fs.readFileSync(fileIn(home), 'utf8')) as Planted;
  fs.writeFileSync(fileIn(home), JSON.stringify({ ...noted, process: { ...noted.process, ...change } }));
}

describe('the journal of what is planted', () => {
  test('a record of a run that goes on is not left over', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    expect(fs.existsSync(fileIn(home))).toBe(true);
    expect(journal.left('E')).toEqual([]);
  });

  test('a record of a run that was killed is, on its engine alone', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    const ended = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    writtenBy(home, { pid: ended });
    expect(journal.left('E')).toMatchObject([entry]);
    expect(journal.left('another')).toEqual([]);
    journal.strike(entry.mark);
    expect(journal.left('E')).toEqual([]);
    expect(fs.existsSync(fileIn(home))).toBe(false);
  });

  test.skipIf(!fs.existsSync('/proc/self/stat'))('another process that got the same id does not hide it', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    const other = spawn('sleep', ['20']);
    writtenBy(home, { pid: other.pid! });
    expect(journal.left('E')).toMatchObject([entry]);
    other.kill();
  });

  test('what runs on another machine cannot be told to have ended', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    writtenBy(home, { host: 'elsewhere', pid: 1 });
    expect(journal.left('E')).toEqual([]);
  });

  test.each(['', '{}', 'null', '[1]'])('a file that says %j is passed over', (text) => {
    const home = folder({ [path.relative('/', fileIn('/'))]: text });
    expect(journalOf(machine(home)).left('E')).toEqual([]);
  });

  test('where it cannot be written, nothing must be planted: it throws', () => {
    const home = folder({ '.local': 'a file' });
    expect(() => journalOf(machine(home)).enter(entry)).toThrow();
  });
});
