/**
 * What is read with a memory of earlier texts is what is read without. PERSISTENCE_FUZZ: how many edits (a few thousand by
 * default); PERSISTENCE_SEED: another run.
 */
import { expect, test } from 'vitest';
import type { Memory } from '../../server/syntax/memory.ts';
import { parseYaml } from '../../server/syntax/yaml.ts';
import { bases } from '../fuzz/bases.ts';
import { changeOf, pick, replacementIn, seeded } from '../fuzz/edits.ts';
import { treeText } from './tree-text.ts';
import { FILES } from './typing-files.ts';

const EDITS = Number(process.env.PERSISTENCE_FUZZ ?? 3000);
const SEED = Number(process.env.PERSISTENCE_SEED ?? 1);

const FILE = '/compose.yaml';

/** Reads both ways and compares; what is remembered next, and whether anything was taken from the memory. */
function read(text: string, before: Memory | null): { memory: Memory | null; taken: boolean } {
  const source = { path: FILE, text };
  const { root, problems, refused } = parseYaml(source);
  const again = parseYaml(source, before);
  expect({ text, problems: again.problems, refused: again.refused, tree: treeText(again.root) }).toEqual({
    text,
    problems,
    refused,
    tree: treeText(root),
  });
  const memory = again.memory ?? null;
  return { memory, taken: before !== null && memory !== before };
}

const TWICE: Record<string, readonly [string, string]> = {
  'a value': ['a:\n  b: 1\n  c: 2\nd: 3\n', 'a:\n  b: 1\n  c: 9\nd: 3\n'],
  'an entry above the others': ['services:\n  b:\n    image: x\n  c:\n', 'n: 1\nservices:\n  b:\n    image: x\n  c:\n'],
  'all entries below a key': ['services:\n  b:\n  c:\nvolumes:\n', 'services:\nvolumes:\n  b:\n  c:\n'],
  'a key that has nothing below it any more': ['a:\n  b: 1\n  c: 2\nd:\n  e:\n  f:\n', 'a:\nd:\n  e:\n  f:\n'],
  'the same entry twice': ['a:\n  b: 1\n  c: 2\n', 'a:\n  b: 1\n  b: 1\n  c: 2\n'],
  'an anchor': ['x: &x\n  a: 1\ny:\n  <<: *x\nz: *x\n', 'x: &x\n  a: 1\ny:\n  <<: *y\nz: *x\n'],
  'an anchor that moves below its alias': ['x: &x 1\ny: *x\n', 'y: *x\nx: &x 1\n'],
  'merge keys among inner entries': [
    'x: &x\n  a: 1\nservices:\n  <<: *x\n  b: 2\n  c: 3\n',
    'x: &x\n  a: 1\nservices:\n  <<: *x\n  b: 2\n  c: 4\n',
  ],
  'a list as deep as its key': ['a:\n- b\n- c\nd:\n- e\n', 'a:\n- b\n- f\nd:\n- e\n'],
  'a block of text at the end': ['a: 1\nb: |\n  x\n\n\n', 'a: 2\nb: |\n  x\n\n\n'],
  'a block of text before a comment': [
    'a:\n  b: |+\n    x\n\n  # c\n  d: 1\n',
    'a:\n  b: |+\n    x\n\n  # c\n  d: 2\n',
  ],
  'a block of text whose lines look like keys': ['a: |\n  b:\n  c:\nd: 1\n', 'a: |\n  b:\n  c:\nd: 2\n'],
  'a quote that runs on': ['a:\n  b: "one\n    two"\n  c: 1\n', 'a:\n  b: "one\n    two"\n  c: 2\n'],
  'a collection that runs on': ['a: [1,\n  2]\nb: {c: 1,\n  d: 2}\n', 'a: [1,\n  3]\nb: {c: 1,\n  d: 2}\n'],
  'carriage returns': ['a:\r\n  b: 1\r\n  c:\r\nd: 1\r\n', 'a:\r\n  b: 1\r\n  c:\r\nd: 2\r\n'],
  'a mark above it': ['# x\n---\n# y\na: 1\nb: 2\n', '# x\n---\n# y\na: 1\nb: 3\n'],
  'nothing behind the last line': ['a: 1\nb: 2', 'a: 1\nb: 3'],
  'the last line becomes another': ['a: 1\nb: 2', 'b: 2\na: 1'],
};

test.each(Object.entries(TWICE))('is taken again: %s', (_, [before, after]) => {
  const first = read(before, null);
  expect(first.memory).not.toBeNull();
  expect(read(after, first.memory).taken).toBe(true);
});

const WHOLE: Record<string, string> = {
  'a second document': 'a: 1\n---\nb: 2\n',
  'a directive': '%YAML 1.1\n---\na: 1\n',
  'a fault': 'a: "1\nb: 2\n',
  'a tag on the whole': '!override\na: 1\n',
  'a key that is no text': '? a\n: b\n',
  'an anchor on a key': '&x a: 1\nb: 2\n',
  'a list': '- a\n- b\n',
  'a collection on one line': '{a: 1, b: 2}\n',
  'a text': 'a\n',
  'lines that may be keys and are one text': 'a:\n  one\n  two\nb: 1\n',
  nothing: '# nothing\n',
};

test.each(Object.entries(WHOLE))('is read as a whole: %s', (_, text) => {
  expect(read(text, null).memory).toBeNull();
  const { memory } = read('a: 1\nb: 2\n', null);
  expect(read(text, memory).taken).toBe(false);
});

test('what was known before a fault is known behind it', () => {
  const sound = read('a:\n  b: 1\n  c: 2\n', null);
  const broken = read('a:\n  b: "1\n  c: 2\n', sound.memory);
  expect(broken.memory).toBe(sound.memory);
  expect(read('a:\n  b: 3\n  c: 2\n', broken.memory).taken).toBe(true);
});

const texts = [
  ...Object.values(FILES),
  ...bases().flatMap(({ files }) =>
    Object.entries(files)
      .filter(([name]) => /\.ya?ml$/.test(name))
      .map(([, text]) => text),
  ),
];

test(`${EDITS} random edits are read alike`, { timeout: 60_000 + EDITS * 50 }, () => {
  const random = seeded(SEED);
  let text = '';
  let memory: Memory | null = null;
  let taken = 0;
  for (let n = 0; n < EDITS; n++) {
    if (n % 6 === 0) {
      text = pick(random, texts);
      memory = null;
    } else text = changeOf(text, replacementIn(text, texts, random)).after;
    const next = read(text, memory);
    memory = next.memory;
    if (next.taken) taken++;
  }
  expect(taken).toBeGreaterThan(EDITS / 10);
});
