/** From arguments to the projects to look at: the same for `lint` and `report`. */
import type { Files } from '../files.ts';
import { gitHistory } from '../history/git.ts';
import type { Judged } from '../lint/agree.ts';
import { discover } from '../lint/discover.ts';
import { kindByName } from '../lint/kinds/names.ts';
import { unitFolder, unitsIn } from '../lint/kinds/units.ts';
import { createLinter } from '../lint/lint.ts';
import { lintAll } from '../lint/lint-all.ts';
import type { InputError, Outcome, Selection, Settings } from '../lint/model.ts';
import { remember } from '../lint/sets/remember.ts';
import { combine, readSettings, readSettingsFile } from '../lint/settings.ts';
import { listedFiles } from './default-files.ts';
import type { Io } from './io.ts';
import { misread } from './misread.ts';
import { openFiles } from './open-files.ts';
import { absolute, type Place, placeIn, STDIN } from './place.ts';
import type { Fault } from './result.ts';

/** Options that say what is read. */
export const INPUT_OPTIONS = {
  file: { type: 'string', short: 'f', multiple: true },
  config: { type: 'string' },
  'project-name': { type: 'string' },
  profile: { type: 'string', multiple: true },
  'include-tests': { type: 'boolean' },
} as const;

export interface InputValues {
  readonly file: readonly string[];
  readonly config: string | undefined;
  readonly 'project-name': string | undefined;
  readonly profile: readonly string[];
  readonly 'include-tests': boolean;
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  /** The same, each with the files that were asked for. */
  readonly judged: readonly Judged[];
  readonly errors: readonly Fault[];
  /** An input that was asked for by name, or every input there was, could not be read. */
  readonly unreadable: boolean;
}

export interface Inputs {
  readonly files: Files;
  readonly place: Place;
  /** Faults of the configuration: nothing should be looked at before they are mended. */
  readonly faults: readonly Fault[];
  readonly settings: Settings;
  /** Reads and judges all projects. Each call looks at the files anew. */
  readonly run: () => Promise<Run>;
}

export async function openInputs(io: Io, paths: readonly string[], values: InputValues): Promise<Inputs> {
  const cwd = absolute(io.cwd, '.');
  const stdin = paths.includes(STDIN) || values.file.includes(STDIN);
  const place = placeIn(cwd, stdin);
  const files = await openFiles(io, cwd, stdin);
  const { settings, faults } = settingsOf(files, cwd, values, place);
  // Looking for projects and judging them asks for the same files.
  const seen = remember(files);
  const linter = createLinter(seen, gitHistory({ once: true }));
  const named = new Set([...paths, ...values.file].map((file) => absolute(cwd, file)));

  const run = async (): Promise<Run> => {
    seen.forgetAll();
    const { selections, errors } = select(seen, cwd, paths, values, settings, io.env);
    const judged = await lintAll(linter, selections, settings);
    const outcomes = judged.map(({ outcome }) => outcome);
    const all = unique([...errors, ...judged.flatMap((one) => [...one.outcome.errors, ...misread(one)])]);
    const faulty = new Set(all.map(({ file }) => file));
    const anythingRead = outcomes.some(({ analysed: { project } }) => {
      const services = project.services.length + project.inactive.length;
      return services > 0 || project.files.some(({ path }) => !faulty.has(path));
    });
    return {
      outcomes,
      judged,
      errors: all.map(({ file, message }) => ({ file: place(file), message })),
      unreadable: all.some(({ file }) => named.has(file)) || (all.length > 0 && !anythingRead),
    };
  };
  return { files, place, faults, settings, run };
}

function select(
  files: Files,
  cwd: string,
  paths: readonly string[],
  values: InputValues,
  settings: Settings,
  env: Io['env'],
) {
  const identity = {
    ...(values['project-name'] === undefined ? {} : { projectName: values['project-name'] }),
    ...(values.profile.length > 0 ? { profiles: values.profile } : {}),
  };
  const selections: Selection[] = [];
  if (values.file.length > 0) selections.push(named(files, cwd, values.file));
  if (paths.includes(STDIN)) selections.push({ files: [absolute(cwd, STDIN)], root: cwd });
  const searched = paths.filter((one) => one !== STDIN).map((one) => absolute(cwd, one));
  if (paths.length === 0 && values.file.length === 0) searched.push(cwd);
  const found = searched.length > 0 ? search(files, cwd, searched, settings, env) : { selections: [], errors: [] };
  return {
    selections: [...selections, ...found.selections].map((selection) => ({ ...selection, ...identity })),
    errors: found.errors,
  };
}

/** Files that are one project: what Compose takes with `-f`, or the folder of a unit. */
function named(files: Files, cwd: string, names: readonly string[]): Selection {
  const paths = names.map((file) => absolute(cwd, file));
  const units = kindByName(paths[0]!) === 'quadlet' ? unitsIn(files, unitFolder(paths[0]!)) : [];
  return units.length > 0 ? { kind: 'quadlet', files: units, root: cwd } : { files: paths, root: cwd };
}

/** The shell's `COMPOSE_FILE` says what belongs together here, as the settings do; what it names must be there, as in `.env`. */
function search(files: Files, cwd: string, searched: readonly string[], settings: Settings, env: Io['env']) {
  const listed = listedFiles(cwd, env);
  if (!listed) return discover(files, searched, settings, cwd);
  const missing = listed.find((file) => files.kind(file) !== 'file');
  if (missing === undefined) {
    const projects = [...settings.projects, { files: [...new Set(listed)] }];
    return discover(files, searched, { ...settings, projects }, cwd);
  }
  const { selections, errors } = discover(files, searched, settings, cwd);
  const message = 'is named by COMPOSE_FILE of the shell, but is no file';
  return { selections, errors: [...errors, { file: missing, message }] };
}

function settingsOf(files: Files, cwd: string, values: InputValues, place: Place) {
  const overrides = values['include-tests'] ? { includeTests: true } : {};
  const { settings, problems } =
    values.config === undefined
      ? readSettings(files, cwd, overrides)
      : readSettingsFile(files, absolute(cwd, values.config));
  const faults = problems.map(({ file, message }) => ({
    ...(file === undefined ? {} : { file: place(file) }),
    message,
  }));
  return { settings: combine(settings, overrides), faults };
}

function unique(errors: readonly InputError[]): InputError[] {
  const byKey = new Map(errors.map((error) => [`${error.file}\n${error.message}`, error]));
  return [...byKey.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}
