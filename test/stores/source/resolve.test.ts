import { describe, expect, it } from 'vitest';
import type { PathExpression } from '../../../server/stores/source/model.ts';
import { type ExecutionPlace, resolvePath, resolveText } from '../../../server/stores/source/resolve.ts';
import { placeWith } from './scanning.ts';

const text = (value: string): PathExpression => ({ kind: 'literal', value });
const env = (name: string, fallback?: PathExpression): PathExpression => ({
  kind: 'env',
  name,
  ...(fallback ? { fallback } : {}),
});
const join = (restart: boolean, ...parts: PathExpression[]): PathExpression => ({ kind: 'join', parts, restart });
const either = (...options: PathExpression[]): PathExpression => ({ kind: 'either', options });
const file: PathExpression = { kind: 'file', path: '/repo/web/api.py' };
const up = (of: PathExpression): PathExpression => ({ kind: 'dirname', of });

const CASES: readonly (readonly [string, PathExpression, string])[] = [
  ['a relative path', text('data/a.db'), '/app/data/a.db'],
  ['an absolute path', text('/data//x/../a.db'), '/data/a.db'],
  ['a trailing slash', text('/data/'), '/data'],
  ['the root', text('/'), '/'],
  ['two slashes', text('//data'), '/data'],
  ['out of the root', text('../../../x'), '/x'],
  ['the place of a file', join(false, up(up(file)), text('a.db')), '/app/a.db'],
  ['a file that is not copied', up({ kind: 'file', path: '/else/x.py' }), '? `x.py` is not in the image'],
  ['a variable', env('SET'), '/data/set'],
  ['a variable that is not set', env('NO'), '? `NO` is not set'],
  ['a variable that is not known', env('HIDDEN', text('/x')), '? the value of `HIDDEN` is not known'],
  ['a default', env('NO', text('x')), '/app/x'],
  ['an empty variable', env('EMPTY', text('x')), '? the path is empty'],
  ['the first with a value', either(env('NO'), env('EMPTY'), text('/x')), '/x'],
  ['the first that may have a value', either(env('HIDDEN'), text('/x')), '? the value of `HIDDEN` is not known'],
  ['none with a value', either(env('NO'), env('NONE')), '? `NONE` is not set'],
  ['a join that starts anew', join(true, text('/a'), text('/b'), text('c')), '/b/c'],
  ['a join that does not', join(false, text('/a'), text('/b')), '/a/b'],
  ['a join of nothing', join(true, text(''), text('')), '? the path is empty'],
  ['a text', { kind: 'concat', parts: [text('/d/'), env('SET'), text('.db')] }, '/d/data/set.db'],
  ['the working directory', { kind: 'cwd' }, '/app'],
  ['home', join(false, { kind: 'home' }, text('.x')), '/root/.x'],
  ['home as a variable', join(false, env('HOME'), text('.x')), '/root/.x'],
  ['temporary files', join(false, { kind: 'temp' }, text('x')), '/tmp/x'],
  ['a reason', { kind: 'unknown', reason: 'because' }, '? because'],
  ['a part that is not known', join(true, { kind: 'unknown', reason: 'because' }, text('/x')), '? because'],
  ['a URL', text('s3://u:secret@bucket/x'), '? `s3://bucket/x` is a URL, not a path'],
  ['a file URL', text('file:///data/x'), '/data/x'],
  ['memory', text(':memory:'), '? the data is kept in memory'],
  ['Windows', text('C:\\data'), '? `C:\\data` is a Windows path'],
];

describe('a path in the container', () => {
  const base = placeWith({ SET: '/data/set', EMPTY: '', HIDDEN: null });
  const place: ExecutionPlace = {
    ...base,
    file: (path) => (path.startsWith('/repo/') ? base.file(path) : null),
  };
  it.each(CASES)('%s', (_, expression, expected) => {
    const found = resolvePath(expression, place);
    expect('path' in found ? found.path : `? ${found.unknown}`).toBe(expected);
  });

  it('needs a working directory for a relative path only', () => {
    const nowhere = { ...place, workdir: null };
    expect(resolvePath(text('/x'), nowhere)).toEqual({ path: '/x' });
    expect(resolvePath(text('x'), nowhere)).toEqual({
      unknown: 'the path is relative, and the working directory is not known',
    });
    expect(resolvePath(text('x'), nowhere, up(file))).toEqual({ path: '/app/web/x' });
  });

  it('can be had as the code computes it', () => {
    expect(resolveText(env('NO', text('sqlite:///x.db')), place)).toEqual({ text: 'sqlite:///x.db' });
  });

  it('is not followed without end', () => {
    let deep = text('x');
    for (let i = 0; i < 5000; i++) deep = up(deep);
    expect(resolvePath(deep, place)).toEqual({ unknown: 'the path is computed in too many steps' });
  });
});
