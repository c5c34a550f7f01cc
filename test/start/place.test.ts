import { describe, expect, it } from 'vitest';
import { cacheFolder, cacheName } from '../../server/start/place.ts';

const linux = (env: Record<string, string>, home = '/home/ann') => cacheFolder({ env, platform: 'linux', home });

describe('the folder of compiled code', () => {
  it('is in the home of who runs it, as each system has it', () => {
    expect(linux({})).toBe('/home/ann/.cache/compose-persistence');
    expect(cacheFolder({ env: {}, platform: 'darwin', home: '/Users/ann' })).toBe(
      '/Users/ann/Library/Caches/compose-persistence',
    );
    expect(cacheFolder({ env: {}, platform: 'win32', home: 'C:\\Users\\ann' })).toBe(
      'C:\\Users\\ann\\AppData\\Local\\compose-persistence',
    );
  });

  it('is where the system was told to keep such things', () => {
    expect(linux({ XDG_CACHE_HOME: '/fast' })).toBe('/fast/compose-persistence');
    expect(cacheFolder({ env: { LOCALAPPDATA: 'D:\\ann\\Local' }, platform: 'win32', home: 'C:\\Users\\ann' })).toBe(
      'D:\\ann\\Local\\compose-persistence',
    );
  });

  it('is not relative to where a command happens to run', () => {
    expect(linux({ XDG_CACHE_HOME: 'cache' })).toBe('/home/ann/.cache/compose-persistence');
  });

  it('follows what Node is told', () => {
    expect(linux({ NODE_COMPILE_CACHE: '/ci/cache', XDG_CACHE_HOME: '/fast' })).toBe('/ci/cache/compose-persistence');
    expect(linux({ NODE_COMPILE_CACHE: '/ci/cache', NODE_DISABLE_COMPILE_CACHE: '1' })).toBeNull();
  });

  it('is nowhere where there is no home', () => {
    expect(linux({}, '')).toBeNull();
  });
});

it('a name changes with the script, with what it is used for and with what V8 compiles for', () => {
  const names = [
    cacheName('body-AAAAAAAA.js', 'server', 1),
    cacheName('body-BBBBBBBB.js', 'server', 1),
    cacheName('body-AAAAAAAA.js', 'cli-lint', 1),
    cacheName('body-AAAAAAAA.js', 'server', 255),
  ];
  expect(new Set(names).size).toBe(4);
  expect(names[3]).toBe(`body-AAAAAAAA-server-${process.versions.v8}-${process.arch}-ff.compiled`);
});
