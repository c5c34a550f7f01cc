/** A project that is started for real, and what our own pipeline says of it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diskFiles } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { Project } from '../../server/project/model.ts';
import type { AnalysedStore } from '../../server/stores/model.ts';

export interface OracleProject {
  readonly title: string;
  /** By path below the project's folder; a path that ends in `/` is an empty folder. `NAME` stands for the project's name. */
  readonly files: Readonly<Record<string, string>>;
  /** As `-f` takes them. */
  readonly compose: readonly string[];
  /** Names of volumes that are there before the project is. */
  readonly external: readonly string[];
  /** The setting `images`: where images keep data. */
  readonly images: Readonly<Record<string, { readonly paths: readonly string[] }>>;
}

/** One store of one service, with what is said of it beforehand. */
export interface Prediction extends AnalysedStore {
  readonly service: string;
  readonly path: string;
  /** Of the token, alone in the project. */
  readonly file: string;
}

export interface Predicted {
  readonly project: Project;
  readonly stores: readonly Prediction[];
}

export interface OnDisk {
  /** On the engine. */
  readonly name: string;
  readonly folder: string;
  readonly project: OracleProject;
}

/** MARK and REV are in everything that the projects are made of: another value is a change, or another image. */
export const dotEnv = (mark: string, revision: number): string => `MARK=${mark}\nREV=${revision}\n`;

export function write(folder: string, name: string, project: OracleProject): OnDisk {
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of Object.entries(project.files)) {
    const at = path.join(folder, file);
    if (file.endsWith('/')) fs.mkdirSync(at, { recursive: true });
    else {
      fs.mkdirSync(path.dirname(at), { recursive: true });
      fs.writeFileSync(at, text.replaceAll('NAME', name));
    }
  }
  change({ name, folder, project }, 'a', 1);
  return { name, folder, project };
}

/** Leaves the lines of the project's own env file as they are. */
export function change({ folder, project, name }: OnDisk, mark: string, revision: number): void {
  const own = (project.files['.env'] ?? '').replaceAll('NAME', name);
  fs.writeFileSync(path.join(folder, '.env'), `${own}${dotEnv(mark, revision)}`);
}

export async function predict({ name, folder, project }: OnDisk): Promise<Predicted> {
  const files = project.compose.map((file) => path.join(folder, file));
  const selection = { files, projectName: name, root: folder };
  const outcome = await createLinter(diskFiles()).lint(selection, { ...DEFAULT_SETTINGS, images: project.images });
  const faults = [...outcome.errors, ...outcome.analysed.project.problems];
  if (faults.length > 0) throw new Error(`our own reading finds fault: ${faults.map((one) => one.message).join('; ')}`);
  const stores = outcome.analysed.services.flatMap(({ service, stores }) =>
    stores.flatMap((one, index): Prediction[] => {
      const at = one.store.path;
      if (at === null) return [];
      const file = `${at === '/' ? '' : at}/.token-${service.name}-${index}`;
      return [{ ...one, service: service.name, path: at, file }];
    }),
  );
  return { project: outcome.analysed.project, stores };
}

/** The project as text, for whoever has to find out why it went wrong. */
export function print({ folder, project, name }: OnDisk): string {
  const files = Object.keys(project.files).filter((file) => !file.endsWith('/') && file !== '.env');
  const bodies = ['.env', ...files].map(
    (file) => `-- ${file} --\n${fs.readFileSync(path.join(folder, file), 'utf8').trimEnd()}`,
  );
  return [
    `${project.title}: docker compose -p ${name} ${project.compose.map((file) => `-f ${file}`).join(' ')}`,
    ...bodies,
  ].join('\n');
}
