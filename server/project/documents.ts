/** Compose files as located trees, parsed once for each text. */
import type { Source } from '../syntax/source.ts';
import { parseYaml, type YamlFile } from '../syntax/yaml.ts';

const parsed = new WeakMap<Source, YamlFile>();

export function yamlOf(source: Source): YamlFile {
  let file = parsed.get(source);
  if (!file) {
    file = parseSafely(source);
    parsed.set(source, file);
  }
  return file;
}

function parseSafely(source: Source): YamlFile {
  try {
    return parseYaml(source);
  } catch (error) {
    // Nesting thousands of levels deep exhausts the parser's stack; nobody's Compose file does that.
    const message = error instanceof RangeError ? 'is nested too deeply to be read' : `cannot be read as YAML: ${String(error)}`;
    return { source, root: null, more: [], problems: [{ span: { source, start: 0, end: 0 }, message }] };
  }
}
