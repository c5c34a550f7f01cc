/** The project that the commands of a script are about. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { Project } from '../project/model.ts';
import { unitsIn } from './kinds/units.ts';
import { load } from './load.ts';
import type { Selection } from './model.ts';
import { foldersUp } from './sets/finder.ts';
import { defaultFiles } from './sets/names.ts';

/** What Compose would take in the script's folder or in the nearest one above, else the units there; null without either. */
export function projectAround(files: Files, script: string, top: string): Project | null {
  for (const folder of foldersUp(path.posix.dirname(script), top)) {
    for (const selection of selectionsIn(files, folder)) {
      const project = attempt(files, { ...selection, root: top });
      if (project) return project;
    }
  }
  return null;
}

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
