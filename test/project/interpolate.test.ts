import { describe, expect, test } from 'vitest';
import { interpolate } from '../../server/project/interpolate.ts';

const ENVIRONMENT: Record<string, string> = { FOO: 'foo', EMPTY: '', PATH_A: '/a:/b', _u: 'u' };
const run = (text: string) => interpolate(text, (name) => ENVIRONMENT[name]);

describe('values', () => {
  test.each([
    ['plain', 'plain'],
    ['$FOO', 'foo'],
    ['${FOO}', 'foo'],
    ['a${FOO}b$FOO/c', 'afoobfoo/c'],
    ['$$FOO', '$FOO'],
    ['$${FOO}', '${FOO}'],
    ['$_u', 'u'],
    ['${UNSET:-default}', 'default'],
    ['${UNSET-default}', 'default'],
    ['${EMPTY:-default}', 'default'],
    ['${EMPTY-default}', ''],
    ['${FOO:-default}', 'foo'],
    ['${FOO:+alt}', 'alt'],
    ['${FOO+alt}', 'alt'],
    ['${EMPTY:+alt}', ''],
    ['${EMPTY+alt}', 'alt'],
    ['${UNSET:+alt}', ''],
    ['${UNSET:-${FOO}}', 'foo'],
    ['${UNSET:-${OTHER:-${FOO}}}', 'foo'],
    ['${UNSET:-a:b:${FOO}}', 'a:b:foo'],
    ['${UNSET:-/a/b}/c', '/a/b/c'],
    ['${UNSET:-{"a":1}}', '{"a":1}'],
    ['${FOO:?must be set}', 'foo'],
    ['${PATH_A}:ro', '/a:/b:ro'],
    ['${UNSET:-}', ''],
    ['${UNSET:--}', '-'],
    ['${UNSET:-$$}', '$'],
    ['$', '$'],
    ['a$/b $1', 'a$/b $1'],
    ['${UNSET:-{}}', '{}'],
    ['${UNSET-a:-b}', 'a:-b'],
  ])('%s is %s', (text, value) => {
    expect(run(text)).toMatchObject({ value, errors: [] });
  });
});

describe('unset variables', () => {
  test.each([
    ['$UNSET', ['UNSET']],
    ['a/${UNSET}/${FOO}', ['UNSET']],
    ['${A:-${B}}', ['B']],
    ['${A:-x}', []],
    ['${FOO:+$B}', ['B']],
  ])('%s', (text, names) => {
    const { value, unresolved } = run(text);
    expect(unresolved.map((one) => one.variable)).toEqual(names);
    expect(value).not.toContain('$');
  });

  test('each is where it stands', () => {
    const text = '${A:-${B}}:/x';
    const [only] = run(text).unresolved;
    expect(text.slice(only!.from, only!.to)).toBe('${B}');
  });
});

describe('errors', () => {
  test.each([
    ['${', 'is not a valid variable'],
    ['${}', 'is not a valid variable'],
    ['${FOO', 'is not a valid variable'],
    ['${1A}', 'is not a valid variable'],
    ['${FOO!x}', 'is not a valid variable'],
    ['${UNSET?}', 'is required and not set'],
    ['${UNSET:?say ${FOO}}', 'is required and not set: say foo'],
    ['${EMPTY:?say}', 'is required and not set: say'],
    ['${FOO:-${}}', 'is not a valid variable'],
    ['${UNSET:-a\nb}', 'is not a valid variable'],
  ])('%s', (text, message) => {
    expect(
      run(text)
        .errors.map((error) => error.message)
        .join(),
    ).toContain(message);
  });
});

test('pieces cover the value and point back at the text', () => {
  const text = 'x${FOO}y$FOO';
  const { value, pieces } = run(text);
  expect(pieces!.map((piece) => value.slice(piece.from, piece.to))).toEqual(['x', 'foo', 'y', 'foo']);
  expect(pieces!.map((piece) => text.slice(piece.rawFrom, piece.rawTo))).toEqual(['x', '${FOO}', 'y', '$FOO']);
});
