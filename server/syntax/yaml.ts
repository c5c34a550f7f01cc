/** YAML text to the located tree. Keeps going behind errors; shares anchored nodes instead of copying them. */
import { type Document, parseAllDocuments } from 'yaml';
import { Converter, MAX_DEPTH, Refusal, tooDeep, type Yaml } from './convert.ts';
import { Memory } from './memory.ts';
import { deepPlace } from './outline.ts';
import { keepReading } from './readings.ts';
import { recover } from './recover.ts';
import { type Problem, positionAt, type Source } from './source.ts';
import { type Node, nullAt } from './tree.ts';

export interface YamlFile {
  readonly source: Source;
  /** The first document; null where there is none. */
  readonly root: Node | null;
  /** Syntax errors and duplicate keys. */
  readonly problems: readonly Problem[];
  /** Why nothing of the file is read, where it asks for too much: a cause that follows the file's name. */
  readonly refused?: string;
  /** What reading a later text of the file can take again; absent where that is nothing. */
  readonly memory?: Memory;
}

const TAGS = ['!reset', '!override'].flatMap((tag) => [
  { tag, collection: 'map' as const },
  { tag, collection: 'seq' as const },
  { tag, resolve: (text: string) => text },
]);

const OPTIONS = {
  customTags: TAGS as never,
  uniqueKeys: false, // the library compares each key with every other; Content does it with a map
  merge: false, // merge keys are resolved by Content, with their places
  prettyErrors: false,
  logLevel: 'silent',
  strict: false,
} as const;

/** Larger texts are nobody's Compose file; reading them takes seconds. */
export const MAX_YAML_LENGTH = 1_000_000;

/**
 * Reads the first document of `source`. Duplicate keys, unknown anchors and syntax errors become problems; whatever
 * could be read stands in the tree all the same. Time is linear in the text, its aliases and its merged keys.
 * @param before of an earlier text of the same file: what is still there is not parsed again; null: remember from now on
 */
export function parseYaml(source: Source, before?: Memory | null): YamlFile {
  const { length } = source.text;
  if (length > MAX_YAML_LENGTH) return tooLarge(source, length);
  try {
    return read(source, before);
  } catch (error) {
    if (error instanceof Refusal) return refuse(source, error);
    // The stack ends earlier or later, so where it ended says nothing.
    if (error instanceof RangeError) return refuse(source, tooDeep(deepPlace(source.text, MAX_DEPTH)));
    throw error;
  }
}

function read(source: Source, before: Memory | null | undefined): YamlFile {
  // The library knows no lone carriage return as a line end; YAML and editors do.
  const text = source.text.includes('\r') ? source.text.replace(/\r(?!\n)/g, '\n') : source.text;
  const converter = new Converter(source);
  const known = before?.read(text, parse);
  if (known) {
    const root = converter.convert(known.map, 0, known.bases);
    return { source, root, problems: converter.problems, memory: known.memory };
  }
  const document = parse(text);
  if (document && before === undefined && text === source.text) keepReading(source, document);
  const root = document
    ? document.errors.length > 0
      ? readBroken(source, text, document, converter)
      : convert(document, converter)
    : null;
  // While a fault is being typed, what was known before it is kept.
  const memory = before === undefined ? null : ((document && Memory.of(text, document)) ?? before);
  return { source, root, problems: converter.problems, ...(memory ? { memory } : {}) };
}

/** @throws Refusal, RangeError */
function parse(text: string): Document | undefined {
  const document = withoutStacks(() => (parseAllDocuments(text, OPTIONS) as unknown as Document[])[0]);
  const overflow = document?.errors.find((error) => error.message.startsWith('Maximum call stack'));
  if (overflow) throw new RangeError(overflow.message);
  return document;
}

/** Every fault the library finds is an `Error`: in a file of faults, noting where each was made costs most of the time. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const convert = ({ contents }: Document, converter: Converter): Node | null =>
  contents ? converter.convert(contents as unknown as Yaml) : null;

function readBroken(source: Source, text: string, document: Document, converter: Converter): Node | null {
  const report = ({ pos: [start, end], message }: Document['errors'][number]): void =>
    converter.report({ source, start, end: Math.max(start, end) }, message);
  const root = recover(source, text, converter, parse, document);
  if (!root) document.errors.forEach(report);
  else if (converter.problems.length === 0) document.errors.slice(0, 1).forEach(report);
  return root ?? convert(document, converter);
}

function tooLarge(source: Source, length: number): YamlFile {
  const message = `it is too large (${(length / 1e6).toFixed(1)} MB, limit ${MAX_YAML_LENGTH / 1e6} MB)`;
  const { span } = nullAt(source, 0);
  return { source, root: null, problems: [{ span, message }], refused: `is not read: ${message}` };
}

function refuse(source: Source, { offset, message }: Refusal): YamlFile {
  const { span } = nullAt(source, offset);
  const refused = `is not read: ${message} (line ${positionAt(source, offset).line + 1})`;
  return { source, root: null, problems: [{ span, message }], refused };
}
