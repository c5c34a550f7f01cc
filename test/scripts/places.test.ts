/** What holds for every script: words stand where they say, and nothing that is typed makes the reader fail. */
import { expect, test } from 'vitest';
import type { Script } from '../../server/scripts/model.ts';
import { isScriptFile } from '../../server/scripts/names.ts';
import { textOf } from '../../server/syntax/source.ts';
import { readCases } from '../rules/cases.ts';
import { read } from './listing.ts';

const RULES = [
  'destructive-volume-command',
  'unsafe-live-backup',
  'unsafe-restore',
  'backup-tool-missing',
  'run-without-volume',
  'kill-signal-as-stop',
];

/** The scripts of the rules' cases: every kind is among them. */
const SCRIPTS = RULES.flatMap((rule) => readCases(rule).flatMap(({ files }) => [...files])).filter(([name]) =>
  isScriptFile(`/w/${name}`),
);

const commandsOf = ({ parts }: Script) => parts.flatMap(({ commands }) => commands);

/** Nothing in it that a shell, a format or a variable makes something else of. */
const PLAIN = /^[\w./:=@,+%-]+$/;

test('every plain word is read back from the file as it was parsed', async () => {
  let words = 0;
  for (const [name, text] of SCRIPTS) {
    const script = await read(`/w/${name}`, text);
    for (const command of script ? commandsOf(script) : []) {
      for (const word of command.words) {
        const written = textOf(word.span);
        if (!word.told || !PLAIN.test(written)) continue;
        expect(word.text, `${name}: ${written}`).toBe(written);
        words++;
      }
    }
  }
  expect(SCRIPTS.length).toBeGreaterThan(100);
  expect(words).toBeGreaterThan(500);
});

test('a command holds its words, and the file holds the command', async () => {
  for (const [name, text] of SCRIPTS) {
    const script = await read(`/w/${name}`, text);
    for (const { span, words } of script ? commandsOf(script) : []) {
      expect(span.start, name).toBeLessThan(span.end);
      expect(span.end).toBeLessThanOrEqual(text.length);
      for (const word of words) {
        expect(word.span.start, `${name}: ${textOf(span)}`).toBeGreaterThanOrEqual(span.start);
        expect(word.span.end, `${name}: ${textOf(span)}`).toBeLessThanOrEqual(span.end);
      }
    }
  }
});

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  '"',
  "'",
  '\\',
  '\n',
  '`',
  '$(',
  '${',
  ')',
  '}',
  '{{',
  '<<EOF',
  '|',
  '&&',
  ';',
  '#',
  '\t',
  '$',
  '*',
  '\u{1F433}',
  '```',
  ': |\n',
];

function edited(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + random(12));
  const piece = random(3) === 0 ? text.slice(random(text.length), random(text.length)) : PIECES[random(PIECES.length)]!;
  return random(2) === 0 ? text.slice(0, at) + piece + text.slice(at) : text.slice(0, at) + piece + text.slice(end);
}

test('random edits never make it fail, and no place leaves the file', async () => {
  const random = numbers(7);
  for (const [name, text] of SCRIPTS) {
    let changed = text;
    for (let i = 0; i < 6; i++) {
      changed = edited(changed, random);
      const script = await read(`/w/${name}`, changed);
      for (const { span, words } of script ? commandsOf(script) : []) {
        for (const one of [span, ...words.map((word) => word.span)]) {
          expect(one.start, JSON.stringify(changed)).toBeGreaterThanOrEqual(0);
          expect(one.start, JSON.stringify(changed)).toBeLessThanOrEqual(one.end);
          expect(one.end, JSON.stringify(changed)).toBeLessThanOrEqual(changed.length);
        }
      }
    }
  }
});
