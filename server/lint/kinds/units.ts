/** The folders of Quadlet units: each is a project. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { isUnitName } from './names.ts';

/** Sections that nothing but Quadlet reads; the suffixes alone are used by others as well. */
const RUNS = /\.(container|kube|pod)$/;
const SECTION = /^[ \t]*\[(Container|Kube|Pod)\][ \t]*\r?$/m;

/** The folder whose units `file` (a unit or what lies over one) is read with. */
export function unitFolder(file: string): string {
  const folder = path.posix.dirname(file);
  return /\.d$/.test(folder) ? path.posix.dirname(folder) : folder;
}

/** The units of a folder, by name; none where nothing in it is a container, a pod or a Kubernetes file of Quadlet's. */
export function unitsIn(files: Files, folder: string): string[] {
  const units = files
    .list(folder)
    .filter(({ name, kind }) => (kind === 'file' || kind === 'link') && isUnitName(name))
    .map(({ name }) => path.posix.join(folder, name))
    .filter((file) => files.kind(file) === 'file');
  return units.some((file) => RUNS.test(file) && holdsSection(files, file)) ? units : [];
}

function holdsSection(files: Files, file: string): boolean {
  try {
    return SECTION.test(files.read(file).text);
  } catch (error) {
    if (error instanceof UnreadableFile) return false;
    throw error;
  }
}
