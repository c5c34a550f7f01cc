/** The environment of a service: `env_file`, then `environment` over it. */
import type { Files } from '../files.ts';
import { UnreadableFile } from '../files.ts';
import { type DotenvFile, parseDotenv } from '../syntax/dotenv.ts';
import type { Problem, Source } from '../syntax/source.ts';
import { isNull, type Node } from '../syntax/tree.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import type { EnvironmentEntry, Text } from './model.ts';
import { absoluteSource } from './mounts.ts';
import { isTrue, type Reader } from './reader.ts';

export interface Environment {
  readonly entries: ReadonlyMap<string, EnvironmentEntry>;
  readonly gaps: readonly Problem[];
}

/** Variables of a dotenv file: earlier entries of the file, then `lookup`. */
export function readDotenv(source: Source, lookup: Lookup): DotenvFile {
  return parseDotenv(source, (value, defined) => {
    const result = interpolate(value, (name) => lookup(name) ?? defined.get(name));
    return { value: result.value, unresolved: result.unresolved.map((u) => u.variable) };
  });
}

export function readEnvironment(reader: Reader, files: Files, service: Node): Environment {
  const entries = new Map<string, EnvironmentEntry>();
  const gaps: Problem[] = [];
  for (const file of environmentFiles(reader, service)) {
    const { directory, lookup } = reader.surroundingsOf(file.path.scalar);
    const path = absoluteSource(file.path.value, directory, lookup('HOME'));
    try {
      if (file.path.unresolved.length > 0) throw new UnreadableFile(path, `is named by ${file.path.unresolved[0]!.variable}, which is not set`);
      const source = files.read(path);
      const parsed = file.raw ? parseDotenv(source, null) : readDotenv(source, lookup);
      for (const { name, value, span, unresolved } of parsed.entries) {
        const holes = unresolved.map((variable) => ({ variable, span }));
        entries.set(name, { name, value: value ?? lookup(name) ?? null, span, unresolved: holes, from: 'env_file' });
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      if (file.required || files.kind(path) !== 'missing') {
        gaps.push({ span: file.path.span, message: `the environment file ${file.path.value} ${error.message}` });
      }
    }
  }
  const node = service.kind === 'map' ? service.entries.get('environment')?.value : undefined;
  for (const [name, { text, value, span }] of reader.mapping(node)) {
    const surroundings = node ? reader.surroundingsOf(text?.scalar ?? node) : undefined;
    const passed = value ?? surroundings?.lookup(name) ?? null;
    entries.set(name, { name, value: passed, span, unresolved: text?.unresolved ?? [], from: 'environment' });
  }
  return { entries, gaps };
}

function environmentFiles(reader: Reader, service: Node): { path: Text; required: boolean; raw: boolean }[] {
  const node = service.kind === 'map' ? service.entries.get('env_file')?.value : undefined;
  if (!node || isNull(node)) return [];
  const items = node.kind === 'seq' ? node.items.map((item) => item.value) : [node];
  return items.flatMap((item) => {
    const path = reader.text(item) ?? reader.textAt(item, 'path');
    if (!path) return [];
    const required = reader.textAt(item, 'required');
    return { path, required: required === undefined || isTrue(required.value), raw: reader.textAt(item, 'format')?.value === 'raw' };
  });
}
