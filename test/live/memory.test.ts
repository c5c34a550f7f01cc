import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { memoryOf } from '../../server/live/memory.ts';
import { stateFolder } from '../../server/live/state.ts';
import { folder, machine } from './helpers.ts';

const was = (fingerprint: string, seen = '2026-01-02T03:04:05Z') => ({ fingerprint, count: 3, seen });
const fileIn = (home: string): string => path.join(home, '.local/state/compose-persistence/fingerprints.json');

describe('the folder of the state', () => {
  const home = '/home/ada';
  test.each([
    ['linux', {}, '/home/ada/.local/state/compose-persistence'],
    ['linux', { XDG_STATE_HOME: '/srv/state' }, '/srv/state/compose-persistence'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/home/ada/.local/state/compose-persistence'],
    ['darwin', {}, '/home/ada/Library/Application Support/compose-persistence'],
    ['win32', { LOCALAPPDATA: '/c/local' }, '/c/local/compose-persistence'],
  ] as const)('%s %j', (platform, env, at) => {
    expect(stateFolder(machine(home, env, { platform }))).toBe(at);
  });
});

describe('what servers have said', () => {
  test('is there at the next run, and nobody else may read it', () => {
    const home = folder();
    const first = memoryOf(machine(home));
    expect(first.recall('a')).toBeUndefined();
    first.remember('a', was('1'));
    expect(first.save()).toBeNull();
    expect(memoryOf(machine(home)).recall('a')).toEqual(was('1'));
    expect(fs.statSync(fileIn(home)).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(path.dirname(fileIn(home)))).toEqual(['fingerprints.json']);
  });

  test('two runs at once lose nothing of each other', () => {
    const home = folder();
    const [one, two] = [memoryOf(machine(home)), memoryOf(machine(home))];
    one.remember('a', was('1'));
    two.remember('b', was('2'));
    one.save();
    two.save();
    const now = memoryOf(machine(home));
    expect([now.recall('a'), now.recall('b')]).toEqual([was('1'), was('2')]);
  });

  test('nothing new is not written', () => {
    const home = folder();
    expect(memoryOf(machine(home)).save()).toBeNull();
    expect(fs.existsSync(fileIn(home))).toBe(false);
  });

  test.each(['', '{', '[]', 'null', '{"schema":2,"entries":[]}', '{"schema":1,"entries":[null,{"key":1}]}'])(
    'a file that says %j says nothing, and is replaced',
    (text) => {
      const home = folder({ '.local/state/compose-persistence/fingerprints.json': text });
      const memory = memoryOf(machine(home));
      expect(memory.recall('a')).toBeUndefined();
      memory.remember('a', was('1'));
      expect(memory.save()).toBeNull();
      expect(memoryOf(machine(home)).recall('a')).toEqual(was('1'));
    },
  );

  test('the oldest are forgotten beyond two thousand', () => {
    const home = folder();
    const memory = memoryOf(machine(home));
    for (let at = 0; at < 2001; at++)
      memory.remember(`k${at}`, was('1', `2026-01-01T00:00:00.${String(at).padStart(4, '0')}Z`));
    memory.save();
    const now = memoryOf(machine(home));
    expect([now.recall('k0'), now.recall('k1')]).toEqual([undefined, was('1', '2026-01-01T00:00:00.0001Z')]);
  });

  test('a place that cannot be written is said, not thrown', () => {
    const home = folder({ '.local': 'a file' });
    const memory = memoryOf(machine(home));
    memory.remember('a', was('1'));
    expect(memory.save()).toMatch(/^What the servers said could not be noted for the next time: /);
  });
});
