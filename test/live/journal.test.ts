import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { journalOf, type Planted } from '../../server/live/journal.ts';
import { birthOf } from '../../server/live/process-birth.ts';
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
const entry: Omit<Planted, 'process' | 'at'> = {
  mark: '0a1b2c3d',
  engine: 'E',
  container: { id: 'c1', name: 'shop-cache-1' },
  store,
  path: '/data',
  holder: { type: 'volume', name: 'shop_cache' },
};
const fileIn = (home: string): string =>
  path.join(home, '.local/state/compose-persistence/planted', `${entry.mark}.json`);

/** As a run on this machine that has ended, or never was. */
function writtenBy(home: string, change: Partial<Planted['process']>, more: Partial<Planted> = {}): void {
  const noted = JSON.parse(fs.readFileSync(fileIn(home), 'utf8')) as Planted;
  fs.writeFileSync(fileIn(home), JSON.stringify({ ...noted, ...more, process: { ...noted.process, ...change } }));
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

  test('but no run takes a day', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    writtenBy(home, { host: 'elsewhere', pid: 1 }, { at: new Date(Date.now() - 25 * 3_600_000).toISOString() });
    expect(journal.left('E')).toMatchObject([entry]);
  });

  test('what this very process could not remove is left to its next run', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    expect(journalOf(machine(home)).left('E')).toEqual([]);
    journal.giveUp(entry.mark);
    expect(journalOf(machine(home)).left('E')).toMatchObject([entry]);
  });

  test.skipIf(!fs.existsSync('/proc/self/stat'))(
    'a process that has ended, and that nobody has asked about',
    async () => {
      const home = folder();
      const journal = journalOf(machine(home));
      journal.enter(entry);
      // The parent never waits for its child.
      const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
      const born = birthOf(pid);
      expect(born).not.toBe('');
      writtenBy(home, { pid, born });
      expect(journal.left('E')).toEqual([]);
      await expect.poll(() => birthOf(pid), { timeout: 5000 }).toBe('ended');
      expect(journal.left('E')).toMatchObject([entry]);
      parent.kill();
    },
  );

  test('a note that was not finished is cleared away once its process has ended', () => {
    const home = folder();
    const journal = journalOf(machine(home));
    journal.enter(entry);
    const ended = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    for (const pid of [ended, process.pid]) fs.writeFileSync(`${fileIn(home)}.${pid}.0a0b0c0d`, '{');
    expect(journal.left('E')).toEqual([]);
    expect(fs.readdirSync(path.dirname(fileIn(home))).sort()).toEqual([
      `${entry.mark}.json`,
      `${entry.mark}.json.${process.pid}.0a0b0c0d`,
    ]);
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
