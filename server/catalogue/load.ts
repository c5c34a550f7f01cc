/** The catalogue as one value, read when it is first needed. */
import { FAMILIES_JSON } from '../generated/catalogue.ts';
import type { Catalogue, DataPath, Family } from './model.ts';
import { lastComponent, parseImageReference } from './reference.ts';

let loaded: Catalogue | undefined;

export function catalogue(): Catalogue {
  loaded ??= catalogueOf(JSON.parse(FAMILIES_JSON) as Family[]);
  return loaded;
}

export function catalogueOf(families: readonly Family[]): Catalogue {
  const repositories = new Map<string, Family>();
  for (const family of families) for (const image of family.images) repositories.set(image, family);
  let names: ReadonlyMap<string, Family> | undefined;
  return {
    families,
    byRepository: (repository) => repositories.get(repository),
    byLastComponent: (name) => {
      names ??= wellKnownNames(families);
      return names.get(name);
    },
  };
}

/** Names that people give to images of any kind. */
const GENERIC: ReadonlySet<string> = new Set([
  'admin', 'agent', 'api', 'app', 'backend', 'base', 'cache', 'cli', 'client', 'core', 'dashboard', 'database', 'db',
  'docker', 'frontend', 'gateway', 'main', 'proxy', 'queue', 'registry', 'runner', 'search', 'server', 'service', 'site',
  'storage', 'ui', 'web', 'worker',
]);

const OFFICIAL = 'docker.io/library/';

/**
 * Names that point at one product wherever they stand: official images, and images named like the family itself.
 * A stateless family is left out: that something looks like it says nothing about data.
 */
function wellKnownNames(families: readonly Family[]): Map<string, Family> {
  const names = new Map<string, Family>();
  const official = new Set<string>();
  for (const family of families) {
    if (family.state === 'stateless') continue;
    for (const image of family.images) {
      const name = lastComponent(image);
      const isOfficial = image.startsWith(OFFICIAL);
      if (GENERIC.has(name) || (!isOfficial && (name !== family.id || official.has(name)))) continue;
      if (isOfficial) official.add(name);
      names.set(name, family);
    }
  }
  return names;
}

/** What the user's settings say of an image: these paths hold its data. */
export interface UserImage {
  readonly paths: readonly string[];
}

/** The base with the user's images over it; names that are no image reference are left out. */
export function extendCatalogue(base: Catalogue, userImages: Readonly<Record<string, UserImage>>): Catalogue {
  const own = new Map<string, Family>();
  for (const [name, { paths }] of Object.entries(userImages)) {
    const repository = parseImageReference(name)?.repository;
    if (repository !== undefined) own.set(repository, userFamily(repository, name, paths, base.byRepository(repository)));
  }
  return {
    families: [...base.families, ...own.values()],
    byRepository: (repository) => own.get(repository) ?? base.byRepository(repository),
    byLastComponent: (name) => base.byLastComponent(name),
  };
}

/** For a known image the user's paths take the place of the required ones; all else that is known of it stays. */
function userFamily(repository: string, name: string, paths: readonly string[], known: Family | undefined): Family {
  const data: DataPath[] = paths.map((path) => ({ path, kind: 'essential', need: 'required', holds: 'data, by the settings', confidence: 'primary' }));
  if (known) {
    const rest = known.data.filter((fact) => fact.need !== 'required' && !paths.includes(fact.path));
    return { ...known, data: [...data, ...rest], relocations: known.relocations.filter((move) => move.moves !== undefined && paths.includes(move.moves)) };
  }
  return {
    id: repository.replace(/^docker\.io\/(library\/)?/, ''),
    title: name,
    images: [repository],
    category: 'custom',
    state: 'stateful',
    data,
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
}
