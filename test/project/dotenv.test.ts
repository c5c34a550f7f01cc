import { describe, expect, test } from 'vitest';
import { readDotenv } from '../../server/project/dotenv-file.ts';
import { textOf } from '../../server/syntax/source.ts';

const read = (text: string) => readDotenv({ path: '/.env', text }, (name) => ({ SHELL: 'shell', HOME: '/me' })[name]);

describe('values', () => {
  test.each([
    ['A=1', '1'],
    ['export  A = 1 ', '1'],
    ['A: 1', '1'],
    ['A="a b" # c', 'a b'],
    ["A='a $SHELL'", 'a $SHELL'],
    ['A=a # b', 'a'],
    ['A=a#b', 'a#b'],
    ['A= #b', '#b'],
    ['A="a\nb"', 'a\nb'],
    ['A="a\\nb\\"c\\\\"', 'a\nb"c\\'],
    ["A='a\\'b\\n'", "a'b\\n"],
    ['A=a\\nb', 'a\\nb'],
    ['A=$SHELL${U:-u}', 'shellu'],
    ['A="\\$SHELL \\0101"', '$SHELL A'],
    ['B=1\nA=$B', '1'],
    ['A=', ''],
    ['A=1\r\n', '1'],
    ['\ufeffA=1', '1'],
    ['A="x"B=2', 'x'],
  ])('%j', (text, value) => {
    const { entries, problems } = read(text);
    expect(problems).toEqual([]);
    expect(entries.find((entry) => entry.name === 'A')!.value).toBe(value);
  });

  test('a lone name takes what the shell has; on a last line without its end it is a value', () => {
    expect(read('HOME\n').entries).toMatchObject([{ name: 'HOME', value: null }]);
    expect(read('A=1\nHOME').entries.at(-1)).toMatchObject({ name: '', value: 'HOME' });
  });
});

describe('faults stand where they are, and the rest is read', () => {
  test.each([
    ['A=1\nB C=2\nD=3\n', 'B C'],
    ['A=1\n!x=2\nD=3\n', '!x=2'],
    ['A=1\nB="open\nD=3', 'B="open'],
    ['A=1\nB=${\nD=3\n', 'B=${'],
  ])('%j', (text, place) => {
    const { entries, problems } = read(text);
    expect(problems.map(({ span }) => textOf(span))).toEqual([place]);
    expect(entries.map((entry) => entry.name)).toEqual(expect.arrayContaining(['A', 'D']));
  });
});
