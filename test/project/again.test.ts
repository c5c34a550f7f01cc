/**
 * A project of which one file was edited is the project that one reads who never saw the earlier text. PERSISTENCE_FUZZ:
 * how many edits (a few hundred by default); PERSISTENCE_SEED: another run.
 */
import { expect, test } from 'vitest';
import { UnreadableFile } from '../../server/files.ts';
import { loadProject } from '../../server/project/load.ts';
import { bases } from '../fuzz/bases.ts';
import { below, changeOf, pick, type Random, replacementIn, seeded } from '../fuzz/edits.ts';
import { memoryFiles } from './memory.ts';

const EDITS = Number(process.env.PERSISTENCE_FUZZ ?? 600);
const SEED = Number(process.env.PERSISTENCE_SEED ?? 1);

/** Places without the file that they are in; what is shared is written once. */
function described(value: unknown): string {
  const seen = new Map<object, number>();
  return JSON.stringify(value, (key, one: unknown) => {
    if (key === 'source') return undefined;
    if (typeof one !== 'object' || one === null) return one;
    if ('text' in one && 'path' in one) return undefined;
    const before = seen.get(one);
    if (before !== undefined) return `#${before}`;
    seen.set(one, seen.size);
    return one instanceof Map ? [...one] : one;
  });
}

function load(texts: Readonly<Record<string, string>>, file: string): string {
  try {
    const { files: _, roots: __, ...project } = loadProject(memoryFiles(texts), { files: [`/p/${file}`] });
    return described(project).replaceAll(`/p/${file}`, '/p/compose.yaml');
  } catch (error) {
    if (error instanceof UnreadableFile) return error.message;
    throw error;
  }
}

let fresh = 0;

/** By the path whose texts are remembered, and by one that nothing was ever read from. */
function both(others: Readonly<Record<string, string>>, text: string): void {
  const other = `fresh-${++fresh}.yaml`;
  const again = load({ ...others, 'compose.yaml': text }, 'compose.yaml');
  expect({ text, project: again }).toEqual({ text, project: load({ ...others, [other]: text }, other) });
}

const SHOP = `x-a: &a {A: 1}
services:
  one:
    image: c
    environment: *a
  web:
    extends: {service: base}
    image: b
    ports: ["80:80"]
  base:
    image: a
    environment: {A: 1}
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
  more:
`;

test.each<[string, string, string]>([
  ['a fault that others have through extends', '    environment: {A: 1}', '    environment: [[1]]'],
  ['a fault in what an alias stands for', '&a {A: 1}', '&a [[1]]'],
  ['a fault, and none again', 'ports: ["80:80"]', 'ports: 80'],
  ['a key that is no text', '  more:', '  7:'],
  ['a variable', 'image: b', `image: \${B}`],
  ['an entry that is removed by another file', 'ports: ["80:80"]', 'ports: !reset []'],
  ['the service that extends goes', '    extends: {service: base}\n', ''],
])('%s', (_, before, after) => {
  const edited = SHOP.replace(before, after);
  for (const text of [SHOP, SHOP.replace('image: a', 'image: c'), edited, edited.replace('image: a', 'image: d'), SHOP])
    both({}, text);
  const alone = edited.replace('    extends: {service: base}\n', '');
  for (const text of [edited, edited.replace('postgres:16', 'postgres:17'), alone, SHOP]) both({}, text);
});

/** What nobody may write there, and what reaches from one entry to another. */
const VALUES = ['5', '[1]', '{a: b}', 'true', '', '"x"', `\${A:-b}`, '!reset null', '*a', '[[x]]', '{service: db}'];
const KEYS = ['image', 'ports', 'volumes', 'extends', 'restart', 'environment', '7', 'x-a', 'nothing', 'depends_on'];

function edit(text: string, texts: readonly string[], random: Random): string {
  if (random() < 0.4) return changeOf(text, replacementIn(text, texts, random)).after;
  const lines = text.split('\n');
  const at = below(random, lines.length);
  const [, indent, key] = /^( *)([\w-]+):/.exec(lines[at]!) ?? [];
  if (indent === undefined) return text;
  lines[at] = `${indent}${random() < 0.5 ? key : pick(random, KEYS)}: ${pick(random, VALUES)}`;
  return lines.join('\n');
}

test(`${EDITS} random edits`, { timeout: 60_000 + EDITS * 100 }, () => {
  const random = seeded(SEED);
  const all = [...bases(), { name: 'shop', files: { 'compose.yaml': SHOP } }];
  const texts = all.map(({ files }) => files['compose.yaml']!);
  let others: Readonly<Record<string, string>> = {};
  let text = '';
  for (let n = 0; n < EDITS; n++) {
    // Undone, a fault leaves entries that were read before.
    if (n % 8 === 0) ({ 'compose.yaml': text = '', ...others } = pick(random, all).files as Record<string, string>);
    const before = text;
    text = edit(text, texts, random);
    both(others, text);
    if (random() < 0.5) {
      text = before;
      both(others, text);
    }
  }
});
