import { describe, expect, test } from 'vitest';
import { linesOf, lineText, offsetAt, positionAt, rangeOf, textOf } from '../../server/syntax/source.ts';
import { valueAt as child, entryOf, isNull, type Node, partOf, type ScalarNode } from '../../server/syntax/tree.ts';
import { place, problemsOf, read, sourceOf, values } from './reading.ts';

const at = (text: string, ...keys: string[]): Node =>
  keys.reduce<Node>(
    (node, key) => (node.kind === 'seq' ? node.items[Number(key)]!.value : child(node, key)!),
    read(text).root!,
  );

describe('the place of a value', () => {
  test.each<[string, string, string, unknown, string]>([
    ['plain', 'a: hello world # c\n', 'hello world', 'hello world', '0:3-0:14'],
    ['a number', 'a: 0o17\n', '0o17', 15, '0:3-0:7'],
    ['a flag', 'a:   true\n', 'true', true, '0:5-0:9'],
    ['plain over two lines', 'a: one\n  two\n', 'one\n  two', 'one two', '0:3-1:5'],
    ['double quoted', 'a: "x y"\n', '"x y"', 'x y', '0:3-0:8'],
    ['double quoted with escapes', 'a: "x\\ty\\u00e9"\n', '"x\\ty\\u00e9"', 'x\tyé', '0:3-0:15'],
    ['single quoted', "a: 'it''s'\n", "'it''s'", "it's", '0:3-0:10'],
    ['an empty text', 'a: ""\n', '""', '', '0:3-0:5'],
    ['null', 'a:\n', '', null, '0:2-0:2'],
    ['null as written', 'a: ~\n', '~', null, '0:3-0:4'],
    ['literal block', 'a: |\n  one\n  two\n\nb: 1\n', '|\n  one\n  two', 'one\ntwo\n', '0:3-2:5'],
    ['folded block', 'a: >-\n  one\n  two\nb: 1\n', '>-\n  one\n  two', 'one two', '0:3-2:5'],
    ['an anchored text', 'a: &x hello\n', 'hello', 'hello', '0:6-0:11'],
    ['a tagged text', 'a: !!str 12\n', '12', '12', '0:9-0:11'],
    ['reset', 'a: !reset null\n', 'null', 'null', '0:10-0:14'],
    ['after a non-BMP character', '"😀": "😀x"\n', '"😀x"', '😀x', '0:6-0:11'],
    ['after a tab', 'a:\thello\n', 'hello', 'hello', '0:3-0:8'],
    ['with CRLF', 'b: 1\r\na: "x"\r\n', '"x"', 'x', '1:3-1:6'],
    ['with lone CR', 'b: 1\ra: "x"\r', '"x"', 'x', '1:3-1:6'],
    ['behind a directive', '%YAML 1.2\n---\na: x\n', 'x', 'x', '2:3-2:4'],
  ])('%s', (_, text, written, value, range) => {
    const root = read(text).root!;
    const node = (child(root, 'a') ?? child(root, '😀')) as ScalarNode;
    expect([textOf(node.span), node.value, place(node.span)]).toEqual([written, value, range]);
    expect(problemsOf(text)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['a block map', 'a:\n  b: 1\n  c: 2 # x\n# y\nd: 3\n', '1:2-2:6'],
    ['a block map that ends with null', 'a:\n  b:\n  c:\nd: 1\n', '1:2-2:4'],
    ['a block list', 'a:\n  - x\n  - y # z\n\nd: 3\n', '1:2-2:5'],
    ['a list at the depth of its key', 'a:\n- x\n- y\n', '1:0-2:3'],
    ['a flow map', 'a: {b: 1,\n  c: 2} # x\n', '0:3-1:7'],
    ['a flow list', 'a: [x,\n "y"] # x\n', '0:3-1:5'],
    ['an anchored map', 'a: &x\n  b: 1\n', '1:2-1:6'],
    ['an overriding list', 'a: !override\n  - x\n', '1:2-1:5'],
    ['a map that ends with an alias', 'x: &x 1\na:\n  b: *x\n', '2:2-2:7'],
    ['a list that ends with an alias', 'x: &x 1\na:\n  - *x\n', '2:2-2:6'],
    ['a map that ends with a block', 'a:\n  b: |\n    x\n\n\nc: 1\n', '1:2-2:5'],
    ['a map in a list', 'a:\n  - b: 1\n    c: 2\n', '1:2-2:8'],
  ])('%s', (_, text, range) => {
    expect(place(at(text, 'a').span)).toBe(range);
    expect(problemsOf(text)).toEqual([]);
  });

  test('a key, quoted or not', () => {
    const root = read('a b: 1\n"c d": 2\n? e\n: 3\n').root!;
    expect(['a b', 'c d', 'e'].map((key) => place(entryOf(root, key)!.key.span))).toEqual([
      '0:0-0:3',
      '1:0-1:5',
      '2:2-2:3',
    ]);
  });

  test('a part of a text that is written letter by letter', () => {
    const part = (text: string): string => textOf(partOf(at(text, 'a') as ScalarNode, 2, 4));
    expect(part('a: 12345\n')).toBe('34');
    expect(part('a: "12345"\n')).toBe('34');
    expect(part("a: '12345'\n")).toBe('34');
    expect(part('a: "1\\x32345"\n')).toBe('"1\\x32345"');
    expect(part('a: |\n  12345\n')).toBe('|\n  12345');
    expect(part('a: 1\n  2345\n')).toBe('1\n  2345');
  });
});

describe('anchors and aliases', () => {
  test('an alias shares the node and keeps its own place', () => {
    const root = read('x: &x {b: 1}\na: *x\nl: [*x]\n').root!;
    expect(child(root, 'a')).toBe(child(root, 'x'));
    expect(place(entryOf(root, 'a')!.alias!)).toBe('1:3-1:5');
    const list = child(root, 'l')!;
    expect(list.kind === 'seq' && place(list.items[0]!.alias!)).toBe('2:4-2:6');
  });

  test.each<[string, string, string, string[]]>([
    ['a merge key', 'x: &x {b: 1, c: 2}\na:\n  <<: *x\n  c: 3\n', '{c: 3, ^b: 1}', []],
    ['merged maps, the first wins', 'x: &x {b: 1}\ny: &y {b: 2, c: 3}\na: {<<: [*x, *y]}\n', '{^b: 1, ^c: 3}', []],
    ['a map merged as written', 'a: {<<: {b: 1}}\n', '{^b: 1}', []],
    ['a quoted merge key is a key', 'x: &x {b: 1}\na: {"<<": *x}\n', '{<<: {b: 1}}', []],
    ['an alias as a key', 'x: &x k\na:\n  *x : 1\n', '{k: 1}', []],
    ['an anchor that is set again', 'x: &x 1\ny: &x 2\na: *x\n', '2', []],
    [
      'a merge key with nothing',
      'a:\n  <<:\n  b: 1\n',
      '!{b: 1}',
      ['1:5-1:5 a merge key takes a mapping or a list of mappings'],
    ],
    ['a merge key with a text', 'a: {<<: b}\n', '!{}', ['0:8-0:9 a merge key takes a mapping or a list of mappings']],
    [
      'two merge keys',
      'x: &x {b: 1}\na:\n  <<: *x\n  <<: {c: 2}\n',
      '{^b: 1, ^c: 2}',
      ['3:2-3:4 the key "<<" is already set above'],
    ],
    ['an alias to nothing', 'a: {b: *gone}\n', '{b: !null}', ['0:7-0:12 the alias *gone has no anchor before it']],
    ['an anchor behind its alias', 'a: *x\nx: &x 1\n', '!null', ['0:3-0:5 the alias *x has no anchor before it']],
    [
      'a value that contains itself',
      'a: &a\n  b: *a\n',
      '{b: !null}',
      ['1:5-1:7 the alias *a stands inside &a and would repeat it without end'],
    ],
    [
      'a map that merges itself',
      'a: &a\n  b: 1\n  <<: *a\n',
      '!{b: 1}',
      [
        '2:6-2:8 the alias *a stands inside &a and would repeat it without end',
        '2:6-2:8 a merge key takes a mapping or a list of mappings',
      ],
    ],
  ])('%s', (_, text, expected, problems) => {
    expect(values(at(text, 'a'))).toBe(expected);
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('duplicate keys', () => {
  test.each<[string, string, string, string[]]>([
    ['the first of two texts is kept', 'a: 1\na: 2\n', '{a: !1}', ['1:0-1:1 the key "a" is already set above']],
    [
      'a value is kept instead of nothing',
      'a:\na: {b: 1}\n',
      '{a: !{b: 1}}',
      ['1:0-1:1 the key "a" is already set above'],
    ],
    [
      'of two maps all is kept',
      'a: {b: 1, c: 2}\na: {b: 3, d: 4}\n',
      '{a: !{b: 1, d: 4, c: 2}}',
      ['1:0-1:1 the key "a" is already set above'],
    ],
    ['quotes make no other key', '"a": 1\na: 2\n', '{a: !1}', ['1:0-1:1 the key "a" is already set above']],
  ])('%s', (_, text, expected, problems) => {
    expect(values(read(text).root)).toBe(expected);
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('a file', () => {
  test.each<[string, string, string]>([
    ['empty', '', 'nothing'],
    ['comments alone', '# a\n# b\n', 'nothing'],
    ['an empty document', '---\n', 'null'],
    ['a scalar', 'hello\n', '"hello"'],
    ['the first of several documents', 'a: 1\n---\nb: 2\n', '{a: 1}'],
    ['what an end marker closes', 'a: 1\n...\nb: 2\n', '{a: 1}'],
    [
      'tags of its own',
      'a: !reset\n  - 1\nb: !override {c: 1}\nd: !other x\n',
      '{a: !reset[1], b: !override{c: 1}, d: !other"x"}',
    ],
  ])('%s', (_, text, expected) => {
    const { root } = read(text);
    expect(root && isNull(root) ? 'null' : values(root)).toBe(expected);
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('lines and columns', () => {
  test('every kind of line end', () => {
    expect(linesOf(sourceOf('a\nb\r\nc\rd\n\r\r\n'))).toEqual([0, 2, 5, 7, 9, 10, 12]);
    expect(lineText(sourceOf('a\r\nbc\rd'), 1)).toBe('bc');
    expect(lineText(sourceOf('a'), 7)).toBe('');
  });

  test('offsets and positions lead back to one another', () => {
    const source = sourceOf('a😀\r\n\tb\rc\n');
    for (let offset = 0; offset <= source.text.length; offset++) {
      if (source.text[offset] === '\n' && source.text[offset - 1] === '\r') continue;
      expect(offsetAt(source, positionAt(source, offset))).toBe(offset);
    }
    expect(positionAt(source, 3)).toEqual({ line: 0, character: 3 });
    expect(positionAt(source, source.text.length)).toEqual({ line: 3, character: 0 });
  });

  test('positions outside are pulled back', () => {
    const source = sourceOf('ab\ncd');
    expect(offsetAt(source, { line: 0, character: 99 })).toBe(2);
    expect(offsetAt(source, { line: 9, character: 99 })).toBe(5);
    expect(offsetAt(source, { line: -1, character: -1 })).toBe(0);
    expect(rangeOf({ source, start: 3, end: 5 })).toEqual({
      start: { line: 1, character: 0 },
      end: { line: 1, character: 2 },
    });
  });
});
