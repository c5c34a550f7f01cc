/** What a file may ask for. Times are compared with one another, never with a clock of some other machine. */
import { describe, expect, test } from 'vitest';
import { diskFiles, overlay, UnreadableFile } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { loadProject } from '../../server/project/load.ts';
import type { Source } from '../../server/syntax/source.ts';
import { entryOf, type Node } from '../../server/syntax/tree.ts';
import { read, values } from './reading.ts';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** The best of some runs, in ms of this process: what else the machine does meanwhile does not count. */
function timeOf(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const nodesIn = (root: Node | null): number => {
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'seq') for (const item of node.items) visit(item.value);
    if (node.kind === 'map') for (const { value } of node.entries.values()) visit(value);
  };
  if (root) visit(root);
  return seen.size;
};

const aliases = (count: number): string => `x: &x {b: {c: 1}, d: [1, 2, 3]}\nl:\n${lines(count, () => '  - *x\n')}`;
const chain = (links: number): string =>
  `x0: &x0 {k0: v}\n${lines(links, (i) => `x${i + 1}: &x${i + 1}\n  <<: *x${i}\n  k${i + 1}: v\n`)}`;
const merges = (count: number): string =>
  `x: &x {a: 1}\ny: &y {b: 2}\nl:\n${lines(count, () => '  - {<<: [*x, *y], c: 3}\n')}`;
const anchors = (count: number): string => `l:\n${lines(count, (i) => `  - &a${i} {b: c}\n  - *a${i}\n`)}`;
const duplicates = (count: number): string =>
  lines(count, (i) => `k${i}: {a: 1}\n`) + lines(count, (i) => `k${i}: {b: 1}\n`);
const broken = (count: number): string => `services:\n${lines(count, (i) => `  s${i}:\n    image: "x\n    user: y\n`)}`;

describe('cost grows with the text and no faster', () => {
  test.each<[string, (count: number) => string, number]>([
    ['aliases', aliases, 1000],
    ['merged lists of maps', merges, 500],
    ['anchors', anchors, 500],
    ['duplicate keys', duplicates, 400],
    ['services that are all broken', broken, 100],
  ])('%s', (_, make, count) => {
    const [small, large] = [make(count), make(count * 16)];
    read(small);
    // Sixteen times the text: sixteen times the work, where the square of it would be 256 times.
    expect(timeOf(() => read(large)) / timeOf(() => read(small))).toBeLessThan(90);
  });

  test('10 000 aliases are one node', () => {
    const { root, problems } = read(aliases(10_000));
    expect(problems).toEqual([]);
    expect(nodesIn(root)).toBeLessThan(20);
  });

  test('a chain of 50 merges', () => {
    const { root, problems } = read(chain(50));
    expect(problems).toEqual([]);
    const last = entryOf(root!, 'x50')!.value;
    expect(last.kind === 'map' && last.entries.size).toBe(51);
    expect(nodesIn(root)).toBe(1 + 51 + 51);
  });
});

const lists = (levels: number): string =>
  `x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${lines(levels, (i) => `x-${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]\n`)}`;

const SERVICE = 'services:\n  db:\n    image: postgres:16\n';

const BOMBS: [string, string, number][] = [
  ['lists of aliases', `${lists(9)}${SERVICE}`, 6],
  [
    'maps of aliases',
    `x-0: &a0 {a: b}\n${lines(40, (i) => `x-${i + 1}: &a${i + 1} {a: *a${i}, b: *a${i}}\n`)}${SERVICE}`,
    20,
  ],
  [
    'merge keys',
    `x-0: &a0 {a: b}\n${lines(40, (i) => `x-${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}], k${i}: *a${i}}\n`)}${SERVICE}`,
    13,
  ],
  [
    'merged chains',
    `x-0: &a0 {k: v}\n${lines(2000, (i) => `x-${i + 1}: &a${i + 1}\n  <<: *a${i}\n  k${i}: v\n`)}${SERVICE}`,
    1000,
  ],
  [
    'an environment',
    `${lists(9)}services:\n  db:\n    image: postgres:16\n    environment: *a9\n    volumes: *a9\n    labels: *a9\n`,
    6,
  ],
  ['a broken text', `${lists(9)}${SERVICE}    user: "x\n`, 6],
];

const FILE = '/p/compose.yaml';
const filesWith = (text: string) => overlay(diskFiles(), new Map<string, Source>([[FILE, { path: FILE, text }]]));
const lint = (text: string) => createLinter(filesWith(text)).lint({ files: [FILE] }, DEFAULT_SETTINGS);

describe('a billion laughs', () => {
  test.each(BOMBS)('%s', async (_, text, before) => {
    const heap = process.memoryUsage().heapUsed;
    const file = read(text);
    expect(file.root).toBeNull();
    expect(file.problems.map(({ message }) => message)).toEqual(['its aliases repeat more than 1,500,000 values']);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(300e6);
    const line = Number(/\(line (\d+)\)$/.exec(file.refused!)![1]);
    expect(line).toBeLessThanOrEqual(text.split('\n').length);
    expect(line).toBeGreaterThan(Math.min(before, 5));
    expect(() => loadProject(filesWith(text), { files: [FILE] })).toThrow(UnreadableFile);
    const { findings, errors } = await lint(text);
    expect(findings).toEqual([]);
    expect(errors).toEqual([{ file: FILE, message: file.refused }]);
  });

  test('as much as Compose takes is read', () => {
    const text = `x-e: &e {${lines(20, (i) => `K${i}: v, `)}}\nservices:\n${lines(10_000, (i) => `  s${i}: {image: a, environment: *e}\n`)}`;
    expect(read(text).problems).toEqual([]);
  });
});

describe('nesting', () => {
  test.each<[string, string]>([
    ['lists', `x-a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
    ['lists without end', `x-a: ${'['.repeat(10_000)}\n`],
    ['maps', `x-a: ${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}\n`],
    ['maps without end', `x-a: ${'{a: '.repeat(10_000)}\n`],
    ['lines', `x-a:\n${lines(1000, (i) => `${' '.repeat(i + 1)}a:\n`)}`],
    ['dashes', `x-a:\n  ${'- '.repeat(10_000)}x\n`],
    ['question marks', `${'? '.repeat(10_000)}x\n`],
    ['300 levels', `x-a: ${'['.repeat(300)}${']'.repeat(300)}\n`],
  ])('%s', async (_, deep) => {
    for (const text of [`${deep}${SERVICE}`, `${SERVICE}${deep}`]) {
      const { root, problems, refused } = read(text);
      expect(root).toBeNull();
      expect(problems.map(({ message }) => message)).toEqual(['values are nested more than 256 levels deep']);
      const { findings, errors } = await lint(text);
      expect(findings).toEqual([]);
      expect(errors).toEqual([{ file: FILE, message: refused }]);
    }
  });

  test('200 levels are read', () => {
    expect(values(read(`a: ${'['.repeat(200)}${']'.repeat(200)}\n`).root)).toBe(
      `{a: ${'['.repeat(200)}${']'.repeat(200)}}`,
    );
  });
});

describe('size', () => {
  test.each<[string, string]>([
    ['a long text on one line', `services: {db: {image: "${'x'.repeat(990_000)}"}}`],
    ['a long plain text', `a: ${'x '.repeat(495_000)}\n`],
    ['a long text that is not closed', `services:\n  db:\n    image: "${'x'.repeat(990_000)}\n    user: y\n`],
    ['a long comment', `a: 1 #${'x'.repeat(990_000)}\n`],
    ['a long key without colon', `a: 1\n${'x'.repeat(990_000)}\nb: 2\n`],
  ])('%s', (_, text) => {
    expect(read(text).root?.kind).toBe('map');
  });

  test('more than 1 MB is refused at once, with its size and the limit', async () => {
    const text = `${SERVICE}${lines(120_000, (i) => `# ${i} and more text\n`)}`;
    const file = read(text);
    expect(file.root).toBeNull();
    expect(file.refused).toBe('is not read: it is too large (2.6 MB, limit 1 MB)');
    expect(file.problems.map(({ message, span }) => [message, span.start, span.end])).toEqual([
      ['it is too large (2.6 MB, limit 1 MB)', 0, 0],
    ]);
    expect(() => loadProject(filesWith(text), { files: [FILE] })).toThrow(new UnreadableFile(FILE, file.refused!));
    const { findings, errors } = await lint(text);
    expect([findings, errors]).toEqual([[], [{ file: FILE, message: file.refused }]]);
  });
});
