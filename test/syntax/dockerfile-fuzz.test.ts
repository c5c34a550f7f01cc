// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles are full of them.
import { describe, expect, test } from 'vitest';
import type { Span } from '../../server/syntax/source.ts';
import { parse } from './dockerfile-reading.ts';

const SEEDS = [
  '# syntax=docker/dockerfile:1\nARG V=16\nFROM postgres:${V} AS db\nENV PGDATA=/var/lib/x A="b c" D=\'e\'\nVOLUME ["/var/lib/x", "/y z"]\nUSER 999\n',
  'FROM node:20 AS build\nWORKDIR /app\nCOPY --chown=1:1 package*.json ./\nRUN npm ci && \\\n  # why\n  npm cache clean\nFROM build\nCOPY --from=build --link /app /app\nCMD ["node", "a b.js"]\n',
  '# escape=`\r\nFROM a\r\nRUN one `\r\n two\r\nCOPY <<EOF <<-"F G" /etc/\r\nx\r\nEOF\r\n\ty\r\n\tF G\r\nONBUILD RUN <<E\r\n1\r\nE\r\n',
  'FROM a\nARG P=/a/b.c\nENV R=${P##*/} S=${P%.*}\nWORKDIR ${R:-x}/${S:+y}\nHEALTHCHECK --interval=5s CMD a\nENTRYPOINT e\nADD --checksum=x https://e.org/a /b\n',
];

const SPLICES = [
  '\\\n',
  '`\n',
  '\r',
  '\n',
  '"',
  "'",
  '$',
  '${',
  '}',
  '${X:-',
  '${X//',
  '<<EOF',
  '<<-"',
  '[',
  ']',
  '["',
  '\\',
  '#',
  '--',
  '--from=',
  'FROM ',
  'ONBUILD ',
].concat(['\u0000', '😀', '\ud800', '\ufeff', ' ', '\t', '=', 'ENV A=$A$A\n', 'EOF\n', '/./', '\\u00']);

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function mutated(text: string, next: () => number): string {
  let result = text;
  for (let count = 1 + Math.floor(next() * 6); count > 0; count--) {
    const at = Math.floor(next() * (result.length + 1));
    const removed = next() < 0.5 ? Math.floor(next() * 12) : 0;
    const splice = next() < 0.7 ? SPLICES[Math.floor(next() * SPLICES.length)]! : result.slice(at, at + 30);
    result = result.slice(0, at) + splice + result.slice(at + removed);
  }
  return result;
}

/** Every span in a value, however deep. */
function* spansIn(value: unknown): Iterable<Span> {
  if (typeof value !== 'object' || value === null) return;
  if ('span' in value) yield value.span as Span;
  if ('keywordSpan' in value) yield value.keywordSpan as Span;
  const parts =
    value instanceof Map
      ? value.values()
      : Object.entries(value).flatMap(([key, part]) => (/span|source/i.test(key) ? [] : [part]));
  for (const part of parts) yield* spansIn(part);
}

function check(text: string): void {
  const dockerfile = parse(text);
  const results = [undefined, '0', 'build', 'x'].map((target) =>
    dockerfile.stage(
      target,
      new Map([
        ['V', null],
        ['X', 'x'],
      ]),
    ),
  );
  for (const span of spansIn([dockerfile.stages, dockerfile.problems, results])) {
    const inside =
      span.source === dockerfile.source && span.start >= 0 && span.start <= span.end && span.end <= text.length;
    if (!inside) expect.fail(`a span ${span.start}-${span.end} outside of ${JSON.stringify(text)}`);
  }
}

describe('any text', () => {
  test.each(SEEDS.map((text, seed) => ({ text, seed })))('mutations of Dockerfile $seed', ({ text, seed }) => {
    const next = random(seed + 1);
    for (let round = 0; round < 600; round++) {
      const fuzzed = mutated(text, next);
      try {
        check(fuzzed);
      } catch (error) {
        throw new Error(`on ${JSON.stringify(fuzzed)}`, { cause: error });
      }
    }
  });

  test('every beginning of a Dockerfile', () => {
    for (const text of SEEDS) for (let end = 0; end <= text.length; end++) check(text.slice(0, end));
  });

  test('texts that repeat beyond reason', () => {
    check(`FROM a\nRUN cat <<A ${'"${X:-'.repeat(20_000)}\n`);
    check(`FROM a\nENV A=${'${X:-'.repeat(20_000)}\n`);
    check(`FROM a\n${'RUN cat <<A\n'.repeat(20_000)}`);
    check(`FROM a\nENV A=0123456789\n${'ENV A=$A$A\n'.repeat(2_000)}`);
    check(`FROM a AS s0\n${Array.from({ length: 500 }, (_, i) => `FROM s${i} AS s${i + 1}\nENV A${i}=x\n`).join('')}`);
    check(`FROM a\nARG P=${'a'.repeat(2_000)}\nENV R=\${P%%${'*a'.repeat(20)}b}\n`);
    check(`FROM a\nRUN ${'x \\\n'.repeat(20_000)}`);
    check(`${'\\\n'.repeat(20_000)}FROM a\n`);
  });
});
