/** From what was selected to a project, whoever runs it. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { loadImageOnly } from '../project/image-only.ts';
import { loadProject } from '../project/load.ts';
import type { Project } from '../project/model.ts';
import { loadQuadlet } from '../project/quadlet/load.ts';
import type { Selection } from './model.ts';

/** @throws UnreadableFile when a file that was selected cannot be read */
export function load(files: Files, selection: Selection): Project {
  const [first = ''] = selection.files;
  switch (selection.kind) {
    case 'quadlet':
      return loadQuadlet(files, selection);
    case 'dockerfile':
      return loadImageOnly(files, first, rootOf(selection));
    default:
      return loadProject(files, { ...selection, shell: process.env });
  }
}

/** The folder below which names of files say how they are used. */
export const rootOf = ({ root, files: [first = '/'] }: Selection): string => root ?? path.posix.dirname(first);
