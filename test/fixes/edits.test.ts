import { describe, expect, test } from 'vitest';
import { applyEdits, combine, conflict, insertAt, joinInserts, replaceSpan } from '../../server/fixes/edits.ts';
import { indentation } from '../../server/fixes/indentation.ts';
import { columnOf } from '../../server/fixes/layout.ts';
import { addListItem, removeListItem } from '../../server/fixes/list.ts';
import { removeMapEntries, removeMapEntry } from '../../server/fixes/map.ts';
import { addNamedVolume } from '../../server/fixes/named-volume.ts';
import type { Source } from '../../server/syntax/source.ts';
import { projectOf, read, serviceIn } from './helpers.ts';

const source: Source = { path: '/a', text: 'abcdef' };
const edit = (start: number, end: number, newText: string, path = '/a') => ({
  source: { ...source, path },
  start,
  end,
  newText,
});

describe('applyEdits', () => {
  test('carries edits out in whatever order they come', () => {
    expect(applyEdits('abcdef', [edit(4, 5, 'E'), edit(0, 1, 'A'), edit(6, 6, '!')])).toBe('AbcdEf!');
  });
  test('keeps the order of inserts at one place', () => {
    expect(applyEdits('ab', [edit(1, 1, '1'), edit(1, 1, '2')])).toBe('a12b');
  });
  test('takes an insert at either end of a replacement', () => {
    expect(applyEdits('abc', [edit(1, 2, 'X'), edit(1, 1, '<'), edit(2, 2, '>')])).toBe('a<X>c');
  });
  test('refuses overlaps and places outside the text', () => {
    expect(() => applyEdits('abc', [edit(0, 2, ''), edit(1, 3, '')])).toThrow(RangeError);
    expect(() => applyEdits('abc', [edit(0, 2, ''), edit(1, 1, 'x')])).toThrow(RangeError);
    expect(() => applyEdits('abc', [edit(2, 4, '')])).toThrow(RangeError);
    expect(() => applyEdits('abc', [edit(2, 1, '')])).toThrow(RangeError);
  });
  test('leaves a text without edits', () => expect(applyEdits('abc', [])).toBe('abc'));
});

describe('conflict', () => {
  test.each([
    [edit(0, 2, ''), edit(1, 3, ''), true],
    [edit(0, 1, ''), edit(1, 2, ''), true],
    [edit(1, 1, 'a'), edit(1, 1, 'b'), true],
    [edit(0, 1, ''), edit(2, 3, ''), false],
    [edit(0, 2, ''), edit(1, 3, '', '/b'), false],
  ])('%#', (a, b, touching) => {
    expect(conflict([a], [b])).toBe(touching);
    expect(conflict([b], [a])).toBe(touching);
  });
});

test('joinInserts makes one edit of inserts at one place', () => {
  expect(joinInserts([insertAt(source, 1, 'a'), insertAt(source, 2, 'b'), insertAt(source, 1, 'c')])).toEqual([
    insertAt(source, 1, 'ac'),
    insertAt(source, 2, 'b'),
  ]);
});

test('replaceSpan replaces exactly the span', () => {
  expect(applyEdits(source.text, [replaceSpan({ source, start: 1, end: 3 }, 'X')])).toBe('aXdef');
});

describe('combine', () => {
  const swap = (text: string): string | null => {
    const file = read(text);
    const service = file.map('services', 'db');
    const added = addListItem(service, 'volumes', 'v:/data', file.source);
    const edits = combine(removeMapEntry(service, 'tmpfs')!, added!);
    return edits && applyEdits(text, edits);
  };
  test('lets new lines take the place of removed ones', () => {
    expect(swap('services:\n  db:\n    image: a\n    tmpfs: /data # fast\n  web: {}\n')).toBe(
      'services:\n  db:\n    image: a\n    volumes:\n      - v:/data\n  web: {}\n',
    );
    expect(swap('services:\r\n  db:\r\n    image: a\r\n    tmpfs:\r\n      - /data\r\n')).toBe(
      'services:\r\n  db:\r\n    image: a\r\n    volumes:\r\n      - v:/data\r\n',
    );
    expect(swap('services:\n  db:\n    image: a\n    tmpfs: /data')).toBe(
      'services:\n  db:\n    image: a\n    volumes:\n      - v:/data',
    );
    expect(swap('services:\n  db:\n    tmpfs: /data\n    image: a\n')).toBe(
      'services:\n  db:\n    image: a\n    volumes:\n      - v:/data\n',
    );
  });
  test('puts a whole volume in the place of a removed key', () => {
    const text = 'services:\n  db:\n    image: a\n    tmpfs:\n      - /data\n';
    const project = projectOf({ '/c.yaml': text });
    const service = serviceIn(project, 'db');
    const node = service.declarations[0].node!;
    const list = node.entries.get('tmpfs')!.value;
    if (list.kind !== 'seq') throw new Error('no list');
    const removed = removeListItem(list, 0, { owner: node, key: 'tmpfs' });
    const edits = combine(removed!, addNamedVolume(project, service, '/data')!.edits);
    expect(applyEdits(text, edits!)).toBe(
      'services:\n  db:\n    image: a\n    volumes:\n      - db_data:/data\n\nvolumes:\n  db_data:\n',
    );
  });
  test('is null for other overlaps', () => {
    expect(combine([edit(0, 3, '')], [edit(2, 4, 'x')])).toBeNull();
    expect(combine([edit(0, 3, '')], [edit(2, 2, 'x')])).toBeNull();
  });
});

describe('removeMapEntries', () => {
  test.each([
    ['v:\n  a: 1\n  b: 2\n  c: 3\n', ['a', 'b'], 'v:\n  c: 3\n'],
    ['v:\n  a: 1\n  b: 2\n  c: 3', ['c', 'b'], 'v:\n  a: 1'],
    ['v:\r\n  a: 1\r\n  b: 2\r\n  # of c\r\n  c: 3', ['b', 'c'], 'v:\r\n  a: 1\r\n  # of c'],
    ['v:\n  a: 1\n\n  b: 2\n\n  c: 3', ['c', 'b'], 'v:\n  a: 1'],
    ['v:\n  a: 1\n  b: 2\n  c: 3', ['a', 'c'], 'v:\n  b: 2'],
    ['v: {a: 1, b: 2, c: 3, d: 4}\n', ['a', 'b', 'd'], 'v: {c: 3}\n'],
    ['v: {a: 1, b: 2, c: 3}\n', ['b', 'c'], 'v: {a: 1}\n'],
    ['v: {\n  a: 1,\n  b: 2, # x\n  c: 3\n}\n', ['b', 'c'], 'v: {\n  a: 1\n}\n'],
    ['v:\n  a: 1\n  b: 2\n', ['a', 'b'], null],
    ['v: {a: 1, b: 2}\n', ['a', 'b'], null],
    ['v:\n  a: 1\n', ['x'], null],
  ])('%j without %j', (text, keys, after) => {
    const edits = removeMapEntries(read(text).map('v'), keys);
    expect(edits && applyEdits(text, edits)).toBe(after);
  });
});

describe('indentation', () => {
  test.each([
    ['a:\n  b:\n    c: 1\n', ['a', 'b'], { column: 4, step: 2 }],
    ['a:\n    b:\n        c: 1\n', ['a', 'b'], { column: 8, step: 4 }],
    ['a:\n    b: 1\n', [], { column: 0, step: 4 }],
    ['a: 1\n', [], { column: 0, step: 2 }],
    ['\n\na: 1\n', [], { column: 0, step: 2 }],
    ['\n{a: {b: 1}}\n', ['a'], { column: 0, step: 2 }],
    ['a:\n  # b\n\n   b: 1\n', ['a'], { column: 3, step: 3 }],
    ['a:\n  - b:\n        c: 1\n', ['a', 0, 'b'], { column: 8, step: 4 }],
    ['a:\n  b: {c: 1}\n', ['a', 'b'], { column: 2, step: 2 }],
  ])('%j', (text, path, expected) => {
    const file = read(text);
    const map = file.map(...path);
    expect(indentation(file.source, map)).toEqual(expected);
    if (!map.flow) expect(columnOf(file.source, map.span.start)).toBe(expected.column);
  });
});
