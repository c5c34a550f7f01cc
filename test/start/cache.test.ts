import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOfToday, readCache, touchCache, writeCache } from '../../server/start/cache.ts';
import { folder } from '../cli/helpers.ts';

const DATA = Buffer.from('compiled code');
const HOURS = 3_600_000;

const fresh = (): string => path.join(folder(), 'sub/folder/body-AAAAAAAA-server.compiled');

function aged(file: string, hours: number): void {
  const then = new Date(Date.now() - hours * HOURS);
  fs.utimesSync(file, then, then);
}

describe('compiled code in a file', () => {
  it('is read as it was written, by its owner alone', () => {
    const file = fresh();
    expect(readCache(file)).toBeNull();
    writeCache(file, DATA);
    expect(readCache(file)?.data).toEqual(DATA);
    expect(fs.readdirSync(path.dirname(file))).toEqual([path.basename(file)]);
    if (process.platform !== 'win32') {
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    }
  });

  it('is not read where a byte is wrong, missing or too many', () => {
    const file = fresh();
    writeCache(file, DATA);
    const whole = fs.readFileSync(file);
    for (let i = 0; i < whole.length; i++) {
      const wrong = Buffer.from(whole);
      wrong[i]! ^= 1;
      fs.writeFileSync(file, wrong);
      expect(readCache(file)).toBeNull();
      fs.writeFileSync(file, whole.subarray(0, i));
      expect(readCache(file)).toBeNull();
    }
    fs.writeFileSync(file, Buffer.concat([whole, Buffer.of(0)]));
    expect(readCache(file)).toBeNull();
    writeCache(file, DATA);
    expect(readCache(file)?.data).toEqual(DATA);
  });

  it('is not read from what is no file', () => {
    expect(readCache(folder())).toBeNull();
  });

  it('is not kept, and nothing fails, where there is no place for it', () => {
    const file = path.join(folder({ taken: '' }), 'taken', 'body-AAAAAAAA-server.compiled');
    writeCache(file, DATA);
    touchCache(file);
    expect(readCache(file)).toBeNull();
  });

  it('is of today for a day, and again once it was looked at', () => {
    const file = fresh();
    writeCache(file, DATA);
    expect(isOfToday(readCache(file)!)).toBe(true);
    aged(file, 25);
    expect(isOfToday(readCache(file)!)).toBe(false);
    touchCache(file);
    expect(isOfToday(readCache(file)!)).toBe(true);
  });
});

describe('when one is written', () => {
  it('those of ours that were not for 30 days are removed', () => {
    const root = folder({
      'body-OLD-server-11-x64-ff.compiled': '',
      'body-OLD-server-11-x64-ff.compiled.123-456': '',
      'body-YOUNG-cli-lint-11-x64-ff.compiled': '',
      'body-strange.txt': '',
      'notes.compiled': '',
    });
    for (const name of fs.readdirSync(root)) aged(path.join(root, name), name.includes('YOUNG') ? 29 * 24 : 31 * 24);
    writeCache(path.join(root, 'body-NEW-server-11-x64-ff.compiled'), DATA);
    expect(fs.readdirSync(root).sort()).toEqual([
      'body-NEW-server-11-x64-ff.compiled',
      'body-YOUNG-cli-lint-11-x64-ff.compiled',
      'body-strange.txt',
      'notes.compiled',
    ]);
  });
});
