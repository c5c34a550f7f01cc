/** What the other Compose files of a folder pull for a service that is built here: the same program, published. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import { yamlOf } from '../project/documents.ts';
import { isComposeName } from '../project/file-names.ts';
import type { Service } from '../project/model.ts';
import type { Span } from '../syntax/source.ts';
import { type Node, valueAt } from '../syntax/tree.ts';

/** An image as it is written there, variables and all. */
export interface Written {
  readonly text: string;
  readonly span: Span;
}

/** @param own the files of the service's own project, absolute */
export function imagesBeside({ name, declarations }: Service, own: ReadonlySet<string>, files: Files): Written[] {
  const folder = path.posix.dirname(declarations[0].source.path);
  return files
    .list(folder)
    .filter((entry) => entry.kind === 'file' && isComposeName(entry.name))
    .map((entry) => path.posix.join(folder, entry.name))
    .filter((file) => !own.has(file))
    .flatMap((file) => imageIn(file, name, files));
}

function imageIn(file: string, service: string, files: Files): Written[] {
  try {
    const source = files.read(file);
    const there = valueAt(valueAt(yamlOf(source).root ?? undefined, 'services'), service);
    const image = valueAt(there, 'build') ? undefined : textIn(valueAt(there, 'image'));
    return image ? [{ text: image.text, span: { source, start: image.span.start, end: image.span.end } }] : [];
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

const textIn = (node: Node | undefined) => (node?.kind === 'scalar' && node.text ? node : undefined);
