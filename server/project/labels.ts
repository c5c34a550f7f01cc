/** The labels of a service: those of `label_file`, then `labels` over them. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Problem } from '../syntax/source.ts';
import { valueAt as child, type Node } from '../syntax/tree.ts';
import { readDotenv } from './dotenv-file.ts';
import type { Label, Text } from './model.ts';
import { absolutePath } from './paths.ts';
import type { Reader } from './reader.ts';

export interface Labels {
  readonly entries: ReadonlyMap<string, Label>;
  /** Files that cannot be had or not be understood. */
  readonly gaps: readonly Problem[];
}

export function readLabels(reader: Reader, files: Files, service: Node): Labels {
  const entries = new Map<string, Label>();
  const gaps: Problem[] = [];
  for (const file of reader.list(child(service, 'label_file'))) {
    try {
      // Such a file knows no variables but the labels before it.
      const source = files.read(absolutePath(file.value, reader.surroundingsOf(file.scalar)));
      const { entries: found, problems } = readDotenv(source, (name) => entries.get(name)?.value);
      gaps.push(...problems.map((problem) => ({ ...problem, reference: true as const })));
      for (const { name, value, span } of found) {
        const known = value ?? entries.get(name)?.value;
        if (known !== undefined) entries.set(name, { name, value: known, span, from: 'label_file' });
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      gaps.push({ span: file.span, message: causeOf(file, error), reference: true });
    }
  }
  for (const [name, { value, span }] of reader.mapping(child(service, 'labels')))
    entries.set(name, { name, value: value ?? '', span, from: 'labels' });
  return { entries, gaps };
}

function causeOf({ value, unresolved }: Text, { message }: UnreadableFile): string {
  const hole = unresolved[0];
  return hole ? `the label file is named by ${hole.variable}, which is not set` : `the label file ${value} ${message}`;
}
