/** What an editor is believed in that says it watches: real files, and what is looked at. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskFiles, overlay, slashed } from '../../server/files.ts';
import { Reviewer } from '../../server/lsp/review.ts';
import { Told } from '../../server/lsp/told.ts';
import { type Trusting, trustWatched } from '../../server/lsp/trust-watched.ts';
import type { Source } from '../../server/syntax/source.ts';

let folder: string;
let watched: Trusting;

const at = (name: string): string => `${folder}/w/${name}`;

function write(name: string, text = name): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), text);
}

beforeEach(() => {
  folder = slashed(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-trust-'))));
  for (const name of ['a/b/c.py', 'a/node_modules/m/x.js', 'a/.git/config', 'a/out/log', 'a/data.db']) write(name);
  fs.mkdirSync(`${folder}/aside`);
  fs.writeFileSync(`${folder}/aside/d.py`, 'aside');
  fs.symlinkSync(`${folder}/aside`, at('a/linked'));
  fs.symlinkSync(`${folder}/aside/d.py`, at('a/d.py'));
  watched = trustWatched(diskFiles());
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('an editor that watches', () => {
  test.each([
    ['', true],
    ['a', true],
    ['a/b/c.py', true],
    ['a/b/none.py', true],
    ['a/none/none.py', true],
    ['a/none/none/none.py', true],
    ['a/none/node_modules', true],
    ['a/none/node_modules/x.js', false],
    ['a/linked/none/none.py', false],
    ['a/node_modules/none/x.js', false],
    ['a/b/.git', false],
    ['a/node_modules/m/x.js', false],
    ['a/.git/config', false],
    ['a/out/log', false],
    ['a/data.db', false],
    ['a/data.db-wal', false],
    ['a/linked', false],
    ['a/linked/d.py', false],
    ['a/d.py', false],
    ['../aside/d.py', false],
  ])('is believed in %j: %s', (name, is) => {
    watched.trust([`${folder}/w`], (path) => path.endsWith('/out'));
    const asked = name === '' ? `${folder}/w` : path.posix.normalize(at(name));
    expect(watched.watch.covers(asked)).toBe(is);
  });

  test('is believed in nothing before it is said to be trusted, and not when it is no longer', () => {
    expect(watched.watch.covers(at('a/b/c.py'))).toBe(false);
    watched.trust([`${folder}/w`]);
    expect(watched.watch.covers(at('a/b/c.py'))).toBe(true);
    watched.trust([]);
    expect(watched.watch.covers(at('a/b/c.py'))).toBe(false);
  });

  test('is not asked for a text again until it tells', () => {
    watched.trust([`${folder}/w`]);
    const before = watched.read(at('a/b/c.py'));
    write('a/b/c.py', 'another text');
    expect(watched.read(at('a/b/c.py'))).toBe(before);
    watched.forget(at('a/b/c.py'));
    expect(watched.read(at('a/b/c.py')).text).toBe('another text');
  });

  test('is not asked again whether anything is there until it tells', () => {
    watched.trust([`${folder}/w`]);
    const looks = () => [
      watched.kind(at('a/b/c.py')),
      watched.kind(at('a/new/e.py')),
      watched.list(at('a/new')).length,
    ];
    expect(looks()).toEqual(['file', 'missing', 0]);
    fs.rmSync(at('a/b/c.py'));
    write('a/new/e.py');
    expect(looks()).toEqual(['file', 'missing', 0]);
    watched.forget(at('a/b/c.py'));
    // Of a folder that is made with all that lies in it some watchers tell alone.
    watched.forget(at('a/new'));
    expect(looks()).toEqual(['missing', 'file', 1]);
  });

  test('whether anything is there that is not watched is looked at each time', () => {
    watched.trust([`${folder}/w`]);
    expect(watched.kind(at('a/linked/e.py'))).toBe('missing');
    fs.writeFileSync(`${folder}/aside/e.py`, '');
    expect(watched.kind(at('a/linked/e.py'))).toBe('file');
    expect(watched.kind(at('a/data.db-wal'))).toBe('missing');
    write('a/data.db-wal');
    expect(watched.kind(at('a/data.db-wal'))).toBe('file');
  });

  test('tells of a folder, and all that lies in it is another', () => {
    watched.trust([`${folder}/w`]);
    watched.read(at('a/b/c.py'));
    fs.rmSync(at('a/b'), { recursive: true });
    fs.symlinkSync(`${folder}/aside`, at('a/b'));
    watched.forget(at('a/b'));
    expect(watched.watch.covers(at('a/b/c.py'))).toBe(false);
    expect(watched.list(at('a/b')).map(({ name }) => name)).toEqual(['d.py']);
  });

  test('what lies behind a link is looked at each time', () => {
    watched.trust([`${folder}/w`]);
    expect(watched.read(at('a/d.py')).text).toBe('aside');
    fs.writeFileSync(`${folder}/aside/d.py`, 'written elsewhere');
    expect(watched.read(at('a/d.py')).text).toBe('written elsewhere');
    expect(watched.read(at('a/linked/d.py')).text).toBe('written elsewhere');
  });

  test('an open document is part of the folder it lies in', () => {
    const open = new Map<string, Source>();
    const { watch } = overlay(watched, open);
    const states = (): string[] => [watch!.state(at('a')), watch!.state(at('b'))];
    const [a, b] = states();
    open.set(at('a/new.py'), { path: at('a/new.py'), text: '' });
    expect(states()).toEqual([expect.not.stringMatching(`^${a}$`), b]);
    open.clear();
    expect(states()).toEqual([a, b]);
  });

  test('an open document is part of its own state', () => {
    const open = new Map<string, Source>();
    const { watch } = overlay(watched, open);
    const states = ['one', 'another'].map((text) => {
      open.set(at('a/new.py'), { path: at('a/new.py'), text });
      return watch!.state(at('a/new.py'));
    });
    expect(states[0]).not.toBe(states[1]);
  });
});

describe('what was told', () => {
  test.each([
    ['of a file', '/w/a/b/c', ['/w/a/b/c', '/w/a/b', '/w/a', '/w', '/', '/w/a/b/c/d'], ['/w/a/b/d', '/w/b', '/x']],
    ['of the top', '/', ['/', '/w', '/w/a'], []],
  ])('%s concerns it, what lies in it and what it lies in', (_name, path, concerned, others) => {
    const told = new Told();
    told.change('/first');
    const all = [...concerned, ...others];
    const before = all.map((one) => told.last(one));
    told.change(path);
    expect(all.filter((one, i) => told.last(one) !== before[i])).toEqual(concerned);
  });

  test('of everything concerns everything', () => {
    const told = new Told();
    told.change('/w/a');
    const before = told.last('/w/a');
    told.changeAll();
    expect(told.last('/w/a')).toBeGreaterThan(before);
    expect(told.last('/x')).toBe(told.last('/w/a'));
  });
});

describe('a review', () => {
  const reviewed = async (missed: string | null, told: number[]): Promise<readonly [boolean, readonly string[]]> => {
    const done: string[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const reviewer = new Reviewer({
      files: watched,
      now: diskFiles(),
      watched: {
        ...watched,
        told: () => {
          if (told.length === 1) setImmediate(end);
          return told.shift()!;
        },
        trust: (folders) => void done.push(`trusts ${folders.length}`),
      },
      projects: {
        review: async () => {
          if (missed === null) setImmediate(end);
          return missed;
        },
        touchAll: () => void done.push('touches all'),
      },
      scheduler: () => ({ now: async () => void done.push('lints') }),
      log: { once: () => undefined, fault: () => undefined } as never,
      pause: 1,
    });
    reviewer.soon();
    await ended;
    return [reviewer.isBlind, done];
  };

  test('that finds nothing changes nothing', async () => {
    expect(await reviewed(null, [])).toEqual([false, []]);
  });

  test('that finds what is told later changes nothing', async () => {
    expect(await reviewed('/w/a', [1, 2])).toEqual([false, []]);
  });

  test('that finds what nobody tells ends the trust', async () => {
    expect(await reviewed('/w/a', [1, 1])).toEqual([true, ['trusts 0', 'touches all', 'lints']]);
  });
});
