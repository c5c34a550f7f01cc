import { describe, expect, test } from 'vitest';
import type { Span } from '../../server/syntax/source.ts';
import { type Chars, place } from '../../server/syntax/unit/chars.ts';
import { splitWords } from '../../server/syntax/unit/split.ts';
import { endOf, parseUnit } from '../../server/syntax/unit.ts';
import { random, randomFolder } from '../project/quadlet/random-units.ts';
import { units } from '../project/quadlet/reading.ts';

const PIECES = [
  '[Container]\n',
  '[',
  ']',
  'Volume=',
  'a.volume:/x',
  'Mount=type=bind,source="',
  'Environment="A=b',
  '\\\n',
  '\\',
  '\\x4',
  '\\u00e9',
  "'",
  '"',
  '=',
  '#',
  ';',
  '\r\n',
  '\r',
  '\n',
  ' ',
  '\t',
  '%',
  '%h',
  '${',
  '${X}',
  '$$',
  ':',
  ',',
  '\0',
  '\ufeff',
  '😀',
  '\ud800',
  '\u00a0',
  'PodmanArgs=-v',
  '--mount',
  'Exec=["a"',
];

function randomText(seed: number): string {
  const next = random(seed);
  return Array.from({ length: Math.floor(next() * 40) }, () => PIECES[Math.floor(next() * PIECES.length)]).join('');
}

const lies = ({ source, start, end }: Span): boolean => start >= 0 && start <= end && end <= source.text.length;

const isWhole = (chars: Chars): boolean =>
  chars.starts.length === chars.text.length &&
  chars.ends.length === chars.text.length &&
  lies(place(chars)) &&
  chars.starts.every((start, i) => start < chars.ends[i]! && start >= (chars.starts[i - 1] ?? 0));

describe('whatever stands in a file', () => {
  test('it is read, and everything lies in it', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const text = randomText(seed);
      const { sections, problems } = parseUnit({ path: '/x', text });
      for (const { span } of problems) expect(lies(span), text).toBe(true);
      for (const section of sections) {
        expect(lies(section.header) && endOf(section) <= text.length, text).toBe(true);
        for (const entry of section.entries) {
          expect(
            lies(entry.span) && lies(entry.keySpan) && entry.end <= text.length && isWhole(entry.value),
            text,
          ).toBe(true);
          for (const splitting of ['arguments', 'list'] as const)
            for (const word of splitWords(entry.value, splitting).words) expect(isWhole(word), text).toBe(true);
        }
      }
    }
  });

  test('a folder with it is a project', () => {
    for (let seed = 0; seed < 1500; seed++) {
      const text = randomText(seed);
      const project = units({
        'a.container': `[Container]\nImage=x\n${text}`,
        'b.container': text,
        'c.kube': `[Kube]\nYaml=c.yaml\n${text}`,
        'c.yaml': text,
        'a.volume': `[Volume]\n${text}`,
        'p.pod': `[Pod]\n${text}`,
        'a.container.d/x.conf': text,
      });
      for (const one of project.services)
        for (const mount of one.mounts)
          for (const span of [mount.span, mount.targetSpan, mount.sourceSpan ?? mount.span])
            expect(lies(span), text).toBe(true);
      for (const { span, message } of project.problems)
        expect(
          lies(span),
          `${message} (${span.source.path} ${span.start}-${span.end} of ${span.source.text.length}): ${text}`,
        ).toBe(true);
    }
  });

  test('units that are cut off anywhere are read', () => {
    const folder = Object.values(randomFolder(7)).join('');
    for (let end = 0; end < folder.length; end += 3) units({ 'a.container': folder.slice(0, end) });
  });

  test('a long unit is read in linear time', () => {
    const { sections } = parseUnit({ path: '/x', text: `[Container]\n${'Volume=a:/b \\\n'.repeat(60_000)}` });
    expect(sections[0]!.entries.length).toBe(1);
  });
});
