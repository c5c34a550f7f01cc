/** The project as it was committed last: what rules about changes compare with. */
import type { Catalogue } from '../catalogue/model.ts';
import { type Files, overlay } from '../files.ts';
import type { Past } from '../history/model.ts';
import type { Project } from '../project/model.ts';
import { analyseProject } from '../stores/analyse.ts';
import type { AnalysedProject } from '../stores/model.ts';
import type { Source } from '../syntax/source.ts';
import { load } from './load.ts';
import type { Selection } from './model.ts';

const known = new WeakMap<Past, Map<string, Promise<AnalysedProject | null>>>();

/** Null where nothing has changed since, or where a file of the project has never been committed. */
export function committed(
  past: Past,
  project: Project,
  selection: Selection,
  { files, catalogue }: { readonly files: Files; readonly catalogue: Catalogue },
): Promise<AnalysedProject | null> {
  if (selection.files.some((file) => typeof past.texts.get(file) !== 'string')) return Promise.resolve(null);
  if (project.files.every(({ path, text }) => lines(past.texts.get(path) ?? '') === lines(text)))
    return Promise.resolve(null);
  const found = known.get(past) ?? new Map<string, Promise<AnalysedProject | null>>();
  known.set(past, found);
  const key = JSON.stringify(selection);
  let before = found.get(key);
  if (!before) {
    before = analyse(past, selection, files, catalogue);
    found.set(key, before);
  }
  return before;
}

/** Git may have stored other line ends. */
const lines = (text: string): string => text.replaceAll('\r\n', '\n');

async function analyse(
  past: Past,
  selection: Selection,
  files: Files,
  catalogue: Catalogue,
): Promise<AnalysedProject | null> {
  const texts = new Map<string, Source>();
  for (const [path, text] of past.texts) if (text !== null) texts.set(path, { path, text });
  const then = overlay(files, texts);
  try {
    const project = load(then, selection);
    return await analyseProject(project, { catalogue, files: then });
  } catch {
    // What was committed need not be a Compose file that can be read.
    return null;
  }
}
