import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import { isUnitName } from '../lint/kinds/names.ts';
import { unitFolder, unitsIn } from '../lint/kinds/units.ts';
import { defaultFiles as composeFiles } from '../lint/sets/names.ts';
import { loadProject } from '../project/load.ts';
import { dotenvValues, startLoading } from '../project/loading.ts';
import { loadQuadlet } from '../project/quadlet/load.ts';
import type { Problem } from '../syntax/source.ts';
import { parse } from './args.ts';
import { defaultFiles } from './default-files.ts';
import { type Io, write } from './io.ts';
import { type ModelJson, modelJson, modelText } from './model-json.ts';
import { openFiles } from './open-files.ts';
import { absolute, type Place, placeIn, STDIN } from './place.ts';

const OPTIONS = {
  file: { type: 'string', short: 'f', multiple: true },
  format: { type: 'string', choices: ['json'], default: 'json' },
  'env-file': { type: 'string', multiple: true },
  'project-directory': { type: 'string' },
  'project-name': { type: 'string' },
  profile: { type: 'string', multiple: true },
} as const;

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export async function model(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(argv, OPTIONS);
  const cwd = absolute(io.cwd, '.');
  const named = [...values.file, ...positionals];
  const place = placeIn(cwd, named.includes(STDIN));
  const files = await openFiles(io, cwd, named.includes(STDIN));
  const units = unitsOf(files, cwd, named);
  if (units) {
    const model = modelJson(loadQuadlet(files, { files: units }), place);
    await write(io.stdout, `${JSON.stringify(model)}\n`);
    return model.errors ? 2 : 0;
  }
  const chosen = (env: Io['env']): string[] =>
    named.length > 0 ? named.map((file) => absolute(cwd, file)) : defaultFiles(files, cwd, env);
  const given = values['project-directory'];
  const directory = given === undefined ? {} : { directory: absolute(cwd, given) };
  const envFiles = environmentFiles(cwd, values['env-file'], io.env);
  const { shell, problems } = shellOf(
    files,
    io,
    directory.directory ?? path.posix.dirname(chosen(io.env)[0] ?? `${cwd}/.`),
    envFiles.envFiles,
  );
  const result = load(files, chosen(shell), place, problems, {
    shell,
    ...directory,
    ...envFiles,
    workingDirectory: cwd,
    ...(values['project-name'] === undefined ? {} : { projectName: values['project-name'] }),
    ...(values.profile.length > 0 ? { profiles: values.profile } : {}),
  });
  await write(io.stdout, modelText(result));
  return result.errors ? 2 : 0;
}

/** The units that are meant: a unit stands for its folder. Null where Compose files are meant, or found. */
function unitsOf(files: Files, cwd: string, named: readonly string[]): readonly string[] | null {
  const [first = '.', ...more] = named.map((file) => absolute(cwd, file));
  if (more.length > 0 || named[0] === STDIN) return null;
  const at = absolute(cwd, first);
  const folder = isUnitName(at) ? unitFolder(at) : at;
  if (files.kind(folder) !== 'directory') return null;
  if (folder === at && composeFiles(files, at).length > 0) return null;
  const units = unitsIn(files, folder);
  return units.length > 0 ? units : isUnitName(at) ? [at] : null;
}

/** Where no files are named, `.env` in the project directory is read, unless that is switched off. */
function environmentFiles(
  cwd: string,
  named: readonly string[],
  env: Io['env'],
): { readonly envFiles?: readonly string[] } {
  const listed = named.length > 0 ? named : env.COMPOSE_ENV_FILES ? env.COMPOSE_ENV_FILES.split(',') : [];
  if (listed.length > 0) return { envFiles: listed.map((file) => absolute(cwd, file)) };
  return /^(1|t|true)$/i.test(env.COMPOSE_DISABLE_ENV_FILE ?? '') ? { envFiles: [] } : {};
}

/** The shell as Compose completes it from `.env` before it looks for its files, so that COMPOSE_FILE may stand there. */
function shellOf(
  files: Files,
  io: Io,
  directory: string,
  envFiles: readonly string[] | undefined,
): { shell: Io['env']; problems: readonly Problem[] } {
  const loading = startLoading(files);
  const values = dotenvValues(loading, envFiles ?? [path.posix.join(directory, '.env')], (name) => io.env[name], {
    required: envFiles !== undefined,
    exported: true,
  });
  return { shell: { ...Object.fromEntries(values), ...io.env }, problems: loading.problems };
}

type Rest = Omit<Parameters<typeof loadProject>[1], 'files'>;

function load(
  files: Files,
  chosen: readonly string[],
  place: Place,
  problems: readonly Problem[],
  rest: Rest,
): ModelJson {
  if (chosen.length === 0) return refused([], '.', 'holds no Compose file, and no folder above it does');
  try {
    return modelJson(loadProject(files, { files: chosen, ...rest }), place, problems);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return refused(chosen.map(place), place(error.path), error.message);
  }
}

const refused = (files: readonly string[], file: string, message: string): ModelJson => ({
  schema: 1,
  name: '',
  files,
  services: {},
  volumes: {},
  errors: [{ file, range: START, message }],
});
