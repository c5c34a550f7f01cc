/** Projects for drills, and drills on an engine under test. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diskFiles } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { type Compose, composeOver } from '../../server/live/drill/compose.ts';
import { type Machine, thisMachine } from '../../server/live/machine.ts';
import type { AnalysedProject } from '../../server/stores/model.ts';

export interface DrillProject {
  readonly files: Readonly<Record<string, string>>;
  readonly images?: Readonly<Record<string, { readonly paths: readonly string[] }>>;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) fs.writeFileSync(file, text);
  }
}

export async function analyse(
  folder: string,
  name: string,
  images: DrillProject['images'] = {},
): Promise<AnalysedProject> {
  const selection = { files: [path.join(folder, 'compose.yaml')], projectName: name, root: folder };
  const settings = { ...DEFAULT_SETTINGS, images };
  const { analysed, errors } = await createLinter(diskFiles()).lint(selection, settings);
  const faults = [...errors, ...analysed.project.problems].map(({ message }) => message);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return analysed;
}

/** This machine with a state folder of its own. */
export const machineWith = (state: string): Machine =>
  thisMachine({ ...process.env, XDG_STATE_HOME: state, DOCKER_HOST: undefined });

export const composeOf = (program: string, env: NodeJS.ProcessEnv): Compose => composeOver(program, [], env);
