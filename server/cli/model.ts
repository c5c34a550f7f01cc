import { type Files, UnreadableFile } from '../files.ts';
import { loadProject } from '../project/load.ts';
import { parse } from './args.ts';
import { defaultFiles } from './default-files.ts';
import { type Io, write } from './io.ts';
import { type ModelJson, modelJson, modelText } from './model-json.ts';
import { openFiles } from './open-files.ts';
import { absolute, type Place, placeIn, STDIN } from './place.ts';

const OPTIONS = {
  file: { type: 'string', short: 'f', multiple: true },
  format: { type: 'string', choices: ['json'], default: 'json' },
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
  const chosen = named.length > 0 ? named.map((file) => absolute(cwd, file)) : defaultFiles(files, cwd, io.env);
  const result = load(files, chosen, place, {
    shell: io.env,
    ...(values['project-name'] === undefined ? {} : { projectName: values['project-name'] }),
    ...(values.profile.length > 0 ? { profiles: values.profile } : {}),
  });
  await write(io.stdout, modelText(result));
  return result.errors ? 2 : 0;
}

type Rest = Omit<Parameters<typeof loadProject>[1], 'files'>;

function load(files: Files, chosen: readonly string[], place: Place, rest: Rest): ModelJson {
  if (chosen.length === 0) return refused([], '.', 'holds no Compose file, and no folder above it does');
  try {
    return modelJson(loadProject(files, { files: chosen, ...rest }), place);
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
