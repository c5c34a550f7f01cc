/** The project that the commands of a script are about. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { Project } from '../project/model.ts';
import { type Analysis, analyseProject } from '../stores/analyse.ts';
import type { AnalysedProject } from '../stores/model.ts';
import type { Recall, Round } from '../stores/recall.ts';
import type { Source } from '../syntax/source.ts';
import { unitsIn } from './kinds/units.ts';
import { load } from './load.ts';
import type { Selection } from './model.ts';
import { foldersUp } from './sets/finder.ts';
import { defaultFiles } from './sets/names.ts';

/**
 * What Compose would take in the script's folder or in the nearest one above, else the units there; without either, in the one
 * folder beside them that the script names. Null where there is none.
 */
export async function projectAround(
  { path: script, text }: Source,
  top: string,
  analysis: Around,
): Promise<AnalysedProject | null> {
  const round = analysis.recall.begin();
  const above = foldersUp(path.posix.dirname(script), top);
  for (const folder of above) {
    for (const selection of selectionsIn(analysis.files, folder)) {
      const project = await analysed({ ...selection, root: top }, analysis, round);
      if (project) return project;
    }
  }
  for (const folder of namedBeside(text, above, analysis.files)) {
    const project = await analysed({ files: defaultFiles(analysis.files, folder), root: top }, analysis, round);
    if (project) return project;
  }
  return null;
}

/** `docker/data` in `scripts/backup.sh`: a folder in one of those above that holds a Compose file. None of several. */
function namedBeside(text: string, above: readonly string[], files: Files): string[] {
  const named = new Set([...text.matchAll(/(?<![\w.$/-])(?:\.{1,2}\/)*(\w[\w.-]*)\//g)].map(([, name = '']) => name));
  const found = above.flatMap((folder) =>
    files
      .list(folder)
      .filter(({ name, kind }) => kind === 'directory' && named.has(name))
      .map(({ name }) => path.posix.join(folder, name))
      .filter((one) => !above.includes(one) && defaultFiles(files, one).length > 0),
  );
  return found.length === 1 ? found : [];
}

type Around = Analysis & { readonly recall: Recall };

/** A folder may hold hundreds of scripts: what they are about is looked at once, until one of its files is another. */
const analysed = (selection: Selection, analysis: Around, round: Round): Promise<AnalysedProject | null> =>
  round.later(`around ${JSON.stringify(selection)}`, [analysis.catalogue], analysis.files, async (files) => {
    const project = attempt(files, selection);
    return project && analyseProject(project, { ...analysis, files });
  });

function* selectionsIn(files: Files, folder: string): Iterable<Selection> {
  const compose = defaultFiles(files, folder);
  if (compose.length > 0) yield { files: compose };
  const units = unitsIn(files, folder);
  if (units.length > 0) yield { kind: 'quadlet', files: units };
}

function attempt(files: Files, selection: Selection): Project | null {
  try {
    return load(files, selection);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}
