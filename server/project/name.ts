/** Project names. */
import * as path from 'node:path';
import type { Problem, Span } from '../syntax/source.ts';
import { valueAt as child, type Node, type ScalarNode } from '../syntax/tree.ts';
import type { YamlFile } from '../syntax/yaml.ts';
import { interpolate, type Lookup } from './interpolate.ts';

/** Lower case, only `[a-z0-9_-]`, without leading `_` and `-`: what Compose makes of a folder's name. */
export const normaliseProjectName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[_-]+/, '');

export const directoryProjectName = (directory: string): string => normaliseProjectName(path.posix.basename(directory));

export interface ProjectName {
  readonly name: string;
  /** Of the name in the files. */
  readonly span?: Span;
  readonly problems: readonly Problem[];
}

/** A name that is given counts as it is, then that of the last file that has one, then that of the folder. */
export function projectName(
  { projectName: option }: { readonly projectName?: string },
  directory: string,
  documents: readonly YamlFile[],
  lookup: Lookup,
): ProjectName {
  const written = documents.flatMap(({ root }) => nameIn(root)).at(-1);
  const span = written ? { span: written.span } : {};
  const start = { source: documents[0]!.source, start: 0, end: 0 };
  const given = option || lookup('COMPOSE_PROJECT_NAME');
  if (given) {
    const name = normaliseProjectName(given);
    const message = `"${given}" is no project name: it takes lower case letters, digits, - and _, and starts with a letter or a digit`;
    return { name, ...span, problems: name === given ? [] : [{ span: start, message }] };
  }
  const text = written?.text;
  const named = text === undefined ? '' : normaliseProjectName(interpolate(text, lookup).value);
  const name = named || (written ? '' : directoryProjectName(directory));
  return {
    name,
    ...span,
    problems: name ? [] : [{ span: written?.span ?? start, message: 'nothing is left of the name of the project' }],
  };
}

function nameIn(root: Node | null): ScalarNode[] {
  const name = child(root ?? undefined, 'name');
  return name?.kind === 'scalar' && name.text !== '' ? [name] : [];
}
