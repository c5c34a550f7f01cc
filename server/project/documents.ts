/** Compose files as located trees, parsed once for each text. */
import type { Source } from '../syntax/source.ts';
import { parseYaml, type YamlFile } from '../syntax/yaml.ts';

const parsed = new WeakMap<Source, YamlFile>();

export function yamlOf(source: Source): YamlFile {
  let file = parsed.get(source);
  if (!file) {
    file = parseYaml(source);
    parsed.set(source, file);
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
