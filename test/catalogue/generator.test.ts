import { describe, expect, test } from 'vitest';
import { readFamilies } from '../../scripts/catalogue.mjs';

const GOOD = `title: Thing
images: [docker.io/library/thing]
category: database
state: stateful
confidence: primary
data:
  - { path: /data, kind: essential, need: required, holds: all of it }
volumesKnown: true
durability: { default: durable }
`;

const problems = (...texts: string[]) =>
  readFamilies(texts.map((text, i) => ({ file: `data/${'abc'[i]}.yaml`, text }))).problems;
const other = (text: string) => text.replace('library/thing', 'library/other');

describe('a file that is in order', () => {
  test('gets its name as id and nothing missing', () => {
    const { families } = readFamilies([{ file: 'data/thing.yaml', text: GOOD }]);
    expect(families[0]).toMatchObject({
      id: 'thing',
      volumes: [],
      relocations: [],
      stop: { signal: 'SIGTERM' },
      singleWriter: { value: false },
      durability: { default: 'durable', requires: [], weakenedBy: [] },
    });
  });
});

describe('what is refused, with file, place and cause', () => {
  test.each<[string, string, string]>([
    ['an unknown key', `${GOOD}colour: red\n`, 'data/a.yaml: /: must NOT have additional properties (colour)'],
    ['a missing key', GOOD.replace('title: Thing\n', ''), "data/a.yaml: /: must have required property 'title'"],
    ['a relative path', GOOD.replace('/data,', 'data,'), 'data/a.yaml: /data/0/path: must match pattern'],
    ['a trailing slash', GOOD.replace('/data,', '/data/,'), 'data/a.yaml: /data/0/path: must match pattern'],
    [
      'an unknown kind',
      GOOD.replace('essential', 'vital'),
      'data/a.yaml: /data/0/kind: must be equal to one of the allowed values (essential,',
    ],
    [
      'a repository without its registry',
      GOOD.replace('docker.io/library/thing', 'thing'),
      'data/a.yaml: /images/0: must match pattern',
    ],
    [
      'a bad version range',
      `${GOOD}volumes: [{ path: /data, when: { version: '~>1' } }]\n`,
      'data/a.yaml: /volumes/0/when/version: must match pattern',
    ],
    [
      'an empty version range',
      `${GOOD}volumes: [{ path: /data, when: { version: '>=3 <2' } }]\n`,
      'data/a.yaml: /volumes/0/when/version: no version is in >=3 <2',
    ],
    [
      'a bad environment condition',
      `${GOOD}external: { env: [DB] }\n`,
      'data/a.yaml: /external/env/0: must match pattern',
    ],
    [
      'a bad pattern',
      `${GOOD}external: { env: ['DB ~ (x'] }\n`,
      'data/a.yaml: /external/env: Invalid regular expression',
    ],
    [
      'a relocation of nothing',
      `${GOOD}relocations: [{ by: env, key: DIR, moves: /nowhere }]\n`,
      'data/a.yaml: /relocations/0/moves: no data path is /nowhere',
    ],
    [
      'an external path that is none',
      `${GOOD}external: { env: ['DB set'], paths: [/nowhere] }\n`,
      'data/a.yaml: /external/paths: no data path is /nowhere',
    ],
    [
      'a conditional path without its condition',
      GOOD.replace('required,', 'conditional,'),
      "data/a.yaml: /data/0: must have required property 'condition'",
    ],
    [
      'a stateful family without data',
      GOOD.replace(/data:\n.*\n/, ''),
      "data/a.yaml: /: must have required property 'data'",
    ],
    [
      'a fact given twice',
      `${GOOD}volumes: [{ path: /data }, { path: /data }]\n`,
      'data/a.yaml: /volumes/1: stands there twice',
    ],
    ['a key given twice', `${GOOD}title: Again\n`, 'data/a.yaml:10: Map keys must be unique'],
    ['another id than the file', `id: thing\n${GOOD}`, 'data/a.yaml: /id: thing is not the file'],
    ['broken YAML', 'title: [\n', 'data/a.yaml:2: '],
  ])('%s', (_, text, expected) => {
    const [first] = problems(text);
    expect(first?.slice(0, expected.length)).toBe(expected);
  });

  test('a repository that two files claim', () => {
    expect(problems(GOOD, GOOD)).toEqual([
      'data/b.yaml: the repository docker.io/library/thing already belongs to data/a.yaml',
    ]);
    expect(problems(GOOD, other(GOOD))).toEqual([]);
  });

  test('an id that two files claim', () => {
    const twice = readFamilies([
      { file: 'one/thing.yaml', text: GOOD },
      { file: 'two/thing.yaml', text: other(GOOD) },
    ]);
    expect(twice.problems).toEqual(['two/thing.yaml: the id thing already belongs to one/thing.yaml']);
  });

  test('an unknown parent is only a warning', () => {
    const read = readFamilies([{ file: 'data/a.yaml', text: `${GOOD}derivesFrom: nobody\n` }]);
    expect(read.problems).toEqual([]);
    expect(read.warnings).toEqual(['data/a.yaml: derivesFrom: no family is called nobody']);
  });
});
