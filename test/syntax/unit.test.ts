import { describe, expect, test } from 'vitest';
import { positionAt, rangeOf, type Span, textOf } from '../../server/syntax/source.ts';
import { place } from '../../server/syntax/unit/chars.ts';
import { all, allArguments, allNames, flag, last, lastArguments, pairOf } from '../../server/syntax/unit/lookup.ts';
import { endOf, parseUnit, type UnitEntry } from '../../server/syntax/unit.ts';

const parse = (text: string) => parseUnit({ path: '/x.container', text });

const entries = (text: string): readonly UnitEntry[] =>
  parse(`[C]\n${text}`).sections.flatMap((section) => section.entries);

function at(span: Span): string {
  const { start, end } = rangeOf(span);
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

describe('sections and entries', () => {
  test('each has its place', () => {
    const { sections, problems } = parse(
      '# comment\n\n[Unit]\nDescription = a b  \n\n[Container]\nImage=x\n  Volume=a:/b\n',
    );
    expect(problems).toEqual([]);
    expect(sections.map(({ name, header }) => `${name} ${at(header)}`)).toEqual(['Unit 2:0-2:6', 'Container 5:0-5:11']);
    const found = sections.flatMap((section) => section.entries);
    expect(
      found.map(({ key, keySpan, value, span }) => [key, at(keySpan), value.text, at(place(value)), at(span)]),
    ).toEqual([
      ['Description', '3:0-3:11', 'a b', '3:14-3:17', '3:0-3:17'],
      ['Image', '6:0-6:5', 'x', '6:6-6:7', '6:0-6:7'],
      ['Volume', '7:2-7:8', 'a:/b', '7:9-7:13', '7:2-7:13'],
    ]);
  });

  test('a section may come again, and a header may end in white space', () => {
    expect(parse('[A]  \nx=1\n[B]\n[A]\nx=2').sections.map(({ name, entries: found }) => [name, found.length])).toEqual(
      [
        ['A', 1],
        ['B', 0],
        ['A', 1],
      ],
    );
  });

  test('an empty value has a place', () => {
    const [entry] = entries('Volume=');
    expect([entry!.value.text, at(place(entry!.value))]).toEqual(['', '1:7-1:7']);
  });

  test('what is neither is said, and the rest is read', () => {
    const { sections, problems } = parse('x=1\n[A\n[]\n[A]\nwhat\n=v\ny=2\n');
    expect(problems.map(({ span, message }) => `${at(span)} ${message}`)).toEqual([
      '0:0-0:3 there is no [section] above it, so Quadlet leaves the whole file out',
      '1:0-1:2 neither a [section] nor a key with its value, so Quadlet leaves the whole file out',
      '2:0-2:2 "" is no name of a section',
      '4:0-4:4 neither a [section] nor a key with its value, so Quadlet leaves the whole file out',
      '5:0-5:2 neither a [section] nor a key with its value, so Quadlet leaves the whole file out',
    ]);
    expect(sections.map(({ name, entries: found }) => [name, found.map(({ key }) => key)])).toEqual([['A', ['y']]]);
  });

  test('a file that is too large is not read', () => {
    const { sections, problems } = parse(`[A]\n${'#'.repeat(1_000_001)}`);
    expect([sections, problems.map(({ message }) => message)]).toEqual([[], ['it is too large for a unit (1.0 MB)']]);
  });
});

describe('lines that go on', () => {
  test('white space around the parts goes, but not in front of the backslash', () => {
    const [entry, next] = entries('Exec=a \\\n    b\\\n  c\nX=1');
    expect(entry!.value.text).toBe('a bc');
    expect(at(entry!.span)).toBe('1:0-3:3');
    expect(at(place(entry!.value, 2, 3))).toBe('2:4-2:5');
    expect(next!.key).toBe('X');
  });

  test('comments and empty lines between the parts are left out', () => {
    const [entry] = entries('Exec=a \\\n# no \\\n\n  ; no\n  b');
    expect(entry!.value.text).toBe('a b');
    expect(at(place(entry!.value))).toBe('1:5-5:3');
  });

  test('what is continued and does not go on is lost', () => {
    const unit = parse('[A]\nx=1\nExec=a \\\n# end\n');
    expect(unit.sections[0]!.entries.map(({ key }) => key)).toEqual(['x']);
    expect(unit.problems.map(({ span }) => at(span))).toEqual(['2:0-2:8']);
  });

  test('on the last line the backslash is forgotten', () => {
    expect(entries('Exec=a \\').map(({ value }) => value.text)).toEqual(['a ']);
    expect(entries('Exec=a \\\n').map(({ value }) => value.text)).toEqual(['a ']);
  });

  test('line ends of Windows', () => {
    const [entry] = entries('Exec=a \\\r\n  b\r\n');
    expect([entry!.value.text, positionAt(entry!.span.source, entry!.end)]).toEqual(['a b', { line: 2, character: 3 }]);
  });
});

describe('where a line can be added', () => {
  const unit = parse('[Container] \nVolume=a:/a  \nImage=x\nVolume=b:\\\n  /b\n# end\n[Service]\n[Install]');
  const where = (section: number, key?: string) => positionAt(unit.source, endOf(unit.sections[section]!, key));

  test('behind the last entry of a key, else of the section, else behind the header', () => {
    expect(where(0, 'Volume')).toEqual({ line: 4, character: 4 });
    expect(where(0, 'Image')).toEqual({ line: 2, character: 7 });
    expect(where(0, 'Tmpfs')).toEqual({ line: 4, character: 4 });
    expect(where(1)).toEqual({ line: 6, character: 9 });
    expect(where(2)).toEqual({ line: 7, character: 9 });
  });

  test('white space at the end of a line is in front of it', () => {
    const [section] = parse('[C]\nVolume=a:/a  \r\n').sections;
    expect(endOf(section!)).toBe('[C]\nVolume=a:/a  '.length);
  });
});

describe('looking up', () => {
  test('the last one counts, without its quotes; an empty one takes it back', () => {
    expect(last(entries('A=1\nA="2"\n'), 'A')?.value.text).toBe('2');
    expect(last(entries('A=1\nA=\n'), 'A')).toBeUndefined();
    expect(last(entries('A=1'), 'B')).toBeUndefined();
  });

  test('all of them, until an empty one', () => {
    expect(all(entries('A=1\nA=\nA= 2\nA="3"'), 'A').map(({ value }) => value.text)).toEqual(['2', '"3"']);
  });

  test.each([
    ['yes', true],
    ['TRUE', true],
    ['1', true],
    ['"on"', true],
    ['no', false],
    ['maybe', false],
    ['', false],
  ])('the switch %s', (written, expected) => {
    expect(flag(entries(`A=${written}`), 'A')).toBe(expected);
    expect(flag(entries(`A=${written}`), 'B')).toBeNull();
  });

  const words = (text: string) => lastArguments(entries(`A=${text}`), 'A').words.map(({ value }) => value.text);

  test.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`"two words" 'it"s' a"b c"d`, ['two words', 'it"s', 'ab cd']],
    ['a\\sb \\x41\\u00e9\\101 \\t\\n \\"', ['a b', 'AéA', '\t\n', '"']],
    ['unclosed "quote here', ['unclosed', 'quote here']],
    ['gone "" after', ['gone']],
    ['a\\U0001f600', ['a😀']],
    ['', []],
  ])('the words of %s', (written, expected) => {
    expect(words(written)).toEqual(expected);
  });

  test.each(['a \\q b', 'a \\x4 b', 'a \\000', 'a \\xzz'])(
    'an escape that nobody knows makes all of %s go',
    (written) => {
      const found = lastArguments(entries(`A=${written}`), 'A');
      expect([found.words, found.problems.length, at(found.problems[0]!.span)]).toEqual([
        [],
        1,
        `1:2-1:${2 + written.length}`,
      ]);
    },
  );

  test('names take backslashes as they are and mind quotes', () => {
    expect(allNames(entries('A=a\\qb "c d"'), 'A').words.map(({ value }) => value.text)).toEqual(['a\\qb', 'c d']);
    expect(allNames(entries('A="c'), 'A').problems.map(({ message }) => message)).toEqual([
      'A= is left out: a quote is not closed',
    ]);
  });

  test('words and their parts have exact places', () => {
    const [first, second] = allArguments(entries('E=A=1 \\\n  "B=two \\x41"'), 'E').words;
    expect([at(place(first!.value)), at(place(second!.value))]).toEqual(['1:2-1:5', '2:3-2:13']);
    const pair = pairOf(second!.value);
    expect([pair.name, pair.value!.text, textOf(place(pair.value!)), textOf(place(pair.value!, 4, 5))]).toEqual([
      'B',
      'two A',
      'two \\x41',
      '\\x41',
    ]);
  });
});
