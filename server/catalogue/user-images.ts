/** Images that people describe themselves, in the words of the catalogue's own files: see schema.json. */
import type { Confidence } from '../survival/words.ts';
import type { Catalogue, DataPath, Family, Relocation } from './model.ts';
import { parseImageReference } from './reference.ts';
import { FAMILY, type Fault, faultsOf, isRecord, type Schema } from './schema-check.ts';

/** What a family may say of itself; `id` and `images` are the name it stands under. */
export type UserImage = Partial<Omit<Family, 'id' | 'images'>> & {
  /** Short for `data`: directories that nothing survives without. */
  readonly paths?: readonly string[];
};

const { id: _id, images: _images, ...properties } = FAMILY.properties!;

const USER_IMAGE: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...properties,
    paths: { type: 'array', minItems: 1, uniqueItems: true, items: { $ref: '#/definitions/path' } },
  },
};

type Way = readonly (string | number)[];

/** Faulty images are left out and told of, with the way from `images` to the fault. */
export function userImagesOf(
  value: unknown,
  refuse: (message: string, way: Way) => void,
): Readonly<Record<string, UserImage>> {
  if (!isRecord(value)) {
    refuse('images is a mapping from image names to what is known of them: {paths: [...]} or more', []);
    return {};
  }
  const images: Record<string, UserImage> = {};
  for (const [name, image] of Object.entries(value)) {
    const faults = parseImageReference(name)
      ? imageFaults(image)
      : [{ way: [], message: 'is not the name of an image' }];
    for (const { way, message } of faults) {
      const at = way.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
      refuse(`the image ${name}${at} ${message}`.replace(/\] ?\./g, '].'), [name, ...way]);
    }
    // It has been checked against the schema that the type describes.
    if (faults.length === 0) images[name] = image as UserImage;
  }
  return images;
}

function imageFaults(image: unknown): Fault[] {
  if (!isRecord(image)) return [{ way: [], message: 'needs paths: a list of absolute paths in the container' }];
  const faults = faultsOf(image, USER_IMAGE);
  if (faults.length > 0) return faults;
  const told = image as UserImage;
  const nothing = told.paths === undefined && told.data === undefined && told.state !== 'stateless';
  if (nothing) return [{ way: [], message: 'needs paths or data, unless its state is stateless' }];
  if (told.paths && told.data) return [{ way: ['paths'], message: 'is short for data: one of them is enough' }];
  return [...strayMoves(told), ...badPatterns(told)];
}

function strayMoves(told: UserImage): Fault[] {
  const known = new Set([...(told.paths ?? []), ...(told.data ?? []).map(({ path }) => path)]);
  const moves = (told.relocations ?? []).flatMap(({ moves: path }, i): Fault[] =>
    path === undefined || known.has(path)
      ? []
      : [{ way: ['relocations', i, 'moves'], message: `names no path of its data: ${path}` }],
  );
  const external = (told.external?.paths ?? []).flatMap((path, i): Fault[] =>
    known.has(path) ? [] : [{ way: ['external', 'paths', i], message: `names no path of its data: ${path}` }],
  );
  return [...moves, ...external];
}

/** A pattern behind `~` that is none would fail with every file that is read. */
function badPatterns(told: UserImage): Fault[] {
  const lists = ['data', 'volumes', 'relocations', 'wrongMounts', 'users'] as const;
  const conditions: [Way, string | undefined][] = [
    ...lists.flatMap((list) =>
      (told[list] ?? []).map(({ when }, i): [Way, string | undefined] => [[list, i, 'when', 'env'], when?.env]),
    ),
    ...(told.external?.env ?? []).map((condition, i): [Way, string] => [['external', 'env', i], condition]),
  ];
  return conditions.flatMap(([way, condition = '']) =>
    condition.split(' and ').flatMap((term): Fault[] => {
      const pattern = / ~ (.+)$/.exec(term)?.[1];
      return pattern === undefined || isPattern(pattern)
        ? []
        : [{ way, message: `holds no regular expression behind "~": ${pattern}` }];
    }),
  );
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** The base with the user's images over it. */
export function extendCatalogue(base: Catalogue, userImages: Readonly<Record<string, UserImage>>): Catalogue {
  const own = new Map<string, Family>();
  for (const [name, image] of Object.entries(userImages)) {
    const repository = parseImageReference(name)?.repository;
    if (repository !== undefined)
      own.set(repository, userFamily(repository, name, image, base.byRepository(repository)));
  }
  return {
    get families() {
      return [...base.families, ...own.values()];
    },
    byRepository: (repository) => own.get(repository) ?? base.byRepository(repository),
    byLastComponent: (name) => base.byLastComponent(name),
  };
}

/** Of a known image all stays that the user says nothing of; `paths` take the place of the required ones. */
function userFamily(repository: string, name: string, image: UserImage, known: Family | undefined): Family {
  const { paths, ...told } = image;
  const base: Family = known ?? {
    ...NOTHING_KNOWN,
    id: repository.replace(/^docker\.io\/(library\/)?/, ''),
    title: name,
  };
  const { external, ...rest } = base;
  const data = paths ? [...requiredAt(paths), ...restOf(base, paths)] : told.data;
  // What leads away from paths that are no longer there leads nowhere.
  const kept = data ? { data, relocations: stillValid(base.relocations, paths ?? []) } : external ? { external } : {};
  return {
    ...rest,
    ...kept,
    ...said(told, data),
    images: [repository],
    durability: { ...base.durability, ...told.durability },
    stop: { ...base.stop, ...told.stop },
  };
}

/** The user's facts are as sure as facts get, whatever is thought of the family. */
function said(told: Omit<UserImage, 'paths'>, data: readonly DataPath[] | undefined): Omit<UserImage, 'paths'> {
  const sure = <T extends { readonly confidence?: Confidence }>(facts: readonly T[]): T[] =>
    facts.map((fact) => ({ confidence: 'primary', ...fact }));
  return {
    ...told,
    ...(data ? { data: sure(data) } : {}),
    ...(told.volumes ? { volumes: sure(told.volumes) } : {}),
    ...(told.relocations ? { relocations: sure(told.relocations) } : {}),
    ...(told.wrongMounts ? { wrongMounts: sure(told.wrongMounts) } : {}),
    ...(told.users ? { users: sure(told.users) } : {}),
  };
}

const requiredAt = (paths: readonly string[]): DataPath[] =>
  paths.map((path) => ({
    path,
    kind: 'essential',
    need: 'required',
    holds: 'data, by the settings',
    confidence: 'primary',
  }));

const restOf = (known: Family, paths: readonly string[]): DataPath[] =>
  known.data
    .filter((fact) => fact.need !== 'required' && !paths.includes(fact.path))
    .map((fact) => ({ confidence: known.confidence, ...fact }));

const stillValid = (moves: readonly Relocation[], paths: readonly string[]): Relocation[] =>
  moves.filter(({ moves: path }) => path !== undefined && paths.includes(path));

const NOTHING_KNOWN: Family = {
  id: '',
  title: '',
  images: [],
  category: 'custom',
  state: 'stateful',
  data: [],
  volumes: [],
  volumesKnown: false,
  relocations: [],
  wrongMounts: [],
  users: [],
  serverCommands: [],
  durability: { default: 'durable', requires: [], weakenedBy: [] },
  stop: { signal: 'SIGTERM' },
  singleWriter: { value: false },
  backup: [],
  ports: [],
  sources: [],
  confidence: 'primary',
  notes: [],
};
