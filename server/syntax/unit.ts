/** The text of a systemd unit file as sections and entries, each with the place it was written at. */
import { type Problem, type Source, type Span, spanOf } from './source.ts';
import { type Chars, isSpace, place, slice } from './unit/chars.ts';
import { type UnitLine, unitLines } from './unit/lines.ts';

export interface UnitEntry {
  readonly key: string;
  readonly keySpan: Span;
  /** With lines joined and without white space in front of it; quotes and escapes are as written. */
  readonly value: Chars;
  /** From the key to the end of the value. */
  readonly span: Span;
  /** Behind its last line, in front of the line end: where a line can be added. */
  readonly end: number;
}

export interface UnitSection {
  readonly name: string;
  /** `[Container]` */
  readonly header: Span;
  readonly entries: readonly UnitEntry[];
  /** Behind its header's line, in front of the line end. */
  readonly headerEnd: number;
}

export interface UnitFile {
  readonly source: Source;
  /** In order; a name may come more than once, and means one section. */
  readonly sections: readonly UnitSection[];
  /** What keeps systemd or Quadlet from reading it. What could be read stands in the sections all the same. */
  readonly problems: readonly Problem[];
}

/** Larger texts are nobody's unit. */
const MAX_UNIT_LENGTH = 1_000_000;

const files = new WeakMap<Source, UnitFile>();

/** Parsed once for each text. */
export function unitOf(source: Source): UnitFile {
  let file = files.get(source);
  if (!file) {
    file = parseUnit(source);
    files.set(source, file);
  }
  return file;
}

export function parseUnit(source: Source): UnitFile {
  if (source.text.length > MAX_UNIT_LENGTH) {
    const message = `it is too large for a unit (${(source.text.length / 1e6).toFixed(1)} MB)`;
    return { source, sections: [], problems: [{ span: spanOf(source, 0, 0), message }] };
  }
  const { lines, problems } = unitLines(source);
  const sections: OpenSection[] = [];
  const found = [...problems];
  for (const line of lines) {
    const read = readLine(line, sections.at(-1));
    if (read.section) sections.push(read.section);
    if (read.problem) found.push(read.problem);
  }
  return { source, sections, problems: found.sort((a, b) => a.span.start - b.span.start) };
}

interface OpenSection extends UnitSection {
  readonly entries: UnitEntry[];
}

interface ReadLine {
  readonly section?: OpenSection;
  readonly problem?: Problem;
}

const HEADER = /^\[([^\]]*)\][ \t]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: systemd refuses them.
const BAD_NAME = /^$|[[\u0000-\u001f\u007f-\u009f]/;

/** Adds an entry to `section`, or begins a new one. */
function readLine({ chars, end }: UnitLine, section: OpenSection | undefined): ReadLine {
  const refuse = (message: string): ReadLine => ({ problem: { span: place(chars), message } });
  const name = HEADER.exec(chars.text)?.[1];
  if (name !== undefined) {
    if (BAD_NAME.test(name)) return refuse(`"${name}" is no name of a section`);
    const header = place(chars, 0, chars.text.indexOf(']') + 1);
    return { section: { name, header, entries: [], headerEnd: end } };
  }
  const equals = chars.text.indexOf('=');
  if (equals < 1) return refuse('neither a [section] nor a key with its value, so Quadlet leaves the whole file out');
  if (!section) return refuse('there is no [section] above it, so Quadlet leaves the whole file out');
  let keyEnd = equals;
  while (keyEnd > 0 && isSpace(chars.text[keyEnd - 1])) keyEnd--;
  let start = equals + 1;
  while (isSpace(chars.text[start])) start++;
  const value = slice(chars, start);
  section.entries.push({
    key: chars.text.slice(0, keyEnd),
    keySpan: place(chars, 0, keyEnd),
    value,
    span: { ...place(chars), end: Math.max(place(chars).end, place(value).end) },
    end,
  });
  return {};
}

/** Where a line can be added to a section: behind its last entry of this key, else behind its last entry, else behind its header. */
export function endOf(section: UnitSection, key?: string): number {
  const same = key === undefined ? undefined : section.entries.findLast((entry) => entry.key === key);
  return (same ?? section.entries.at(-1))?.end ?? section.headerEnd;
}
