/** What a fault costs: how much of the text is parsed again, once for the whole of it not counted. */

import { describe, expect, test } from 'vitest';
import { type Document, parseAllDocuments } from 'yaml';
import { Converter } from '../../server/syntax/convert.ts';
import { chunksOf, linesOfDocument } from '../../server/syntax/outline.ts';
import { recover } from '../../server/syntax/recover.ts';
import { sourceOf } from './reading.ts';

const service = (index: number): string =>
  `  s${index}:\n    image: postgres:16\n    environment:\n      A: b\n    volumes:\n      - d${index}:/d\n      - ./x:/y # why\n    restart: always\n    ports: ["80:80"]\n`;

const SERVICES = 40;
const FAULTY = 20;

/** A file of 40 services, with one of them changed. */
function text(change: (service: string) => string): string {
  const services = Array.from({ length: SERVICES }, (_, index) =>
    index === FAULTY ? change(service(index)) : service(index),
  );
  return `services:\n${services.join('')}volumes:\n${services.map((_, index) => `  d${index}:\n`).join('')}`;
}

/** What is parsed again: characters, as a part of all, and how often. */
function again(text: string): { readonly part: number; readonly times: number } {
  const parse = (part: string): Document =>
    (parseAllDocuments(part, { uniqueKeys: false, merge: false, logLevel: 'silent' }) as unknown as Document[])[0]!;
  const document = parse(text);
  expect(document.errors).not.toEqual([]);
  let characters = 0;
  let times = 0;
  const source = sourceOf(text);
  const counted = (part: string): Document => {
    characters += part.length;
    times++;
    return parse(part);
  };
  expect(recover(source, text, new Converter(source), counted, document)).not.toBeNull();
  return { part: characters / text.length, times };
}

/** Of a service about a fortieth of the text, and each level of it once more where it is divided. */
const ONE_SERVICE = 3 / SERVICES;

test.each<[string, (service: string) => string, number]>([
  ['a key that is being typed', (one) => one.replace('restart: always', 'rest'), ONE_SERVICE],
  ['a key one space too far out', (one) => one.replace('    restart', '   restart'), ONE_SERVICE],
  ['a quote', (one) => one.replace('postgres:16', '"postgres:16'), ONE_SERVICE],
  // What stands behind it is parsed once more: nothing of it could be told.
  ['a tab', (one) => one.replace('    restart', '\trestart'), 0.6],
  ['a bracket that swallows what follows', (one) => one.replace('"80:80"]', '"80:80"'), 0.6],
  ['a quote that swallows what follows', (one) => one.replace('always', "'always"), 0.6],
])('%s', (_, change, most) => {
  expect(again(text(change)).part).toBeLessThan(most);
});

describe('a fault in every service', () => {
  const all = (count: number, lines: string): string =>
    `services:\n${Array.from({ length: count }, (_, index) => `  s${index}:\n${lines}`).join('')}`;

  test.each<[string, string]>([
    ['an open quote', '    image: "x\n    user: y\n'],
    ['an open bracket', '    image: [x\n    user: y\n'],
    ['a key without colon', '    image x\n    user: y\n'],
    ['a key too far in', '    image: x\n     user: y\n    init: true\n'],
  ])('%s: each is parsed as often as if there were few', (_, lines) => {
    const [few, many] = [again(all(20, lines)), again(all(200, lines))];
    expect(many.times).toBeLessThanOrEqual(few.times * 10 + 10);
    expect(many.part).toBeLessThan(few.part + 0.2);
    expect(many.times / 200).toBeLessThan(4);
  });

  test('a hundred thousand lines below one key are divided at once', () => {
    const text = all(50_000, '    image: [x\n');
    const [services] = chunksOf(text, linesOfDocument(text), true);
    expect(services!.lines).toHaveLength(100_001);
    expect(chunksOf(text, services!.lines.slice(1), false)).toHaveLength(50_000);
  });
});
