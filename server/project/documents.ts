/** Compose files as located trees, parsed once for each text. */
import type { Memory } from '../syntax/memory.ts';
import type { Source } from '../syntax/source.ts';
import { parseYaml, type YamlFile } from '../syntax/yaml.ts';

const parsed = new WeakMap<Source, YamlFile>();

/** By path, those read last at the end. Null until a file is read a second time: most are never edited. */
const memories = new Map<string, Memory | null>();

/** People edit one file at a time, and what is remembered of each is as large as its tree. */
const MEMORIES = 4;

export function yamlOf(source: Source): YamlFile {
  let file = parsed.get(source);
  if (!file) {
    file = parseYaml(source, memories.get(source.path));
    parsed.set(source, file);
    memories.delete(source.path);
    memories.set(source.path, file.memory ?? null);
    if (memories.size > MEMORIES) memories.delete(memories.keys().next().value!);
  }
  return file;
}

/**
 * The documents behind the first, each as a source of its own in which the same places are the same offsets. Compose
 * lays them over the first.
 */
export function moreDocuments(source: Source): readonly YamlFile[] {
  if (!source.text.includes('---')) return [];
  const known = documents.get(source) ?? splitDocuments(source);
  documents.set(source, known);
  return known;
}

const documents = new WeakMap<Source, readonly YamlFile[]>();

function splitDocuments(source: Source): readonly YamlFile[] {
  const starts = [...source.text.matchAll(/^---(?=\s|$)/gm)].map((match) => match.index);
  if (starts.length > 0 && isBlank(source.text.slice(0, starts[0]))) starts.shift();
  return starts.map((start, index) => {
    const text = `${source.text.slice(0, start).replace(/[^\r\n]/g, ' ')}${source.text.slice(start, starts[index + 1])}`;
    return yamlOf({ path: source.path, text });
  });
}

/** Nothing but comments and directives: not one document, which is not the same as an empty one. */
export const isBlank = (text: string): boolean => text.split('\n').every((line) => /^(%|\s*(#|$))/.test(line));
