/** The catalogue as one value, read when it is first needed. */
import * as fs from 'node:fs';
import { INDEX_JSON } from '../generated/catalogue.ts';
import type { Catalogue, DataPath, Family } from './model.ts';
import { lastComponent, parseImageReference } from './reference.ts';

/** What must be known of a family to find it; the rest is read when it is asked for. */
interface Entry {
  readonly id: string;
  readonly state: Family['state'];
  readonly images: readonly string[];
  family(): Family;
}

let loaded: Catalogue | undefined;

export function catalogue(): Catalogue {
  loaded ??= catalogueFrom(entriesOf(INDEX_JSON, readFamilies));
  return loaded;
}

export const catalogueOf = (families: readonly Family[]): Catalogue =>
  catalogueFrom(families.map((family) => ({ ...family, family: () => family })));

/** Beside the bundle, or a chunk of it, or in a checkout. As a part of the program it would be compiled at every start. */
const PLACES = ['./families.jsonl', '../families.jsonl', '../generated/families.jsonl'];

function readFamilies(): string {
  for (const place of PLACES) {
    const file = new URL(place, import.meta.url);
    if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8');
  }
  throw new Error('the image catalogue (families.jsonl) is missing from this installation');
}

/** `index` names the families of the text, one a line, in their order. The text is read with the first family. */
export function entriesOf(index: string, text: () => string): Entry[] {
  let lines: readonly string[] | undefined;
  return (JSON.parse(index) as [string, Family['state'], string[]][]).map(([id, state, images], i) => {
    let family: Family | undefined;
    const read = (): Family => {
      lines ??= text().split('\n');
      family ??= JSON.parse(lines[i]!) as Family;
      return family;
    };
    return { id, state, images, family: read };
  });
}

export function catalogueFrom(entries: readonly Entry[]): Catalogue {
  const repositories = new Map<string, Entry>();
  for (const entry of entries) for (const image of entry.images) repositories.set(image, entry);
  let families: readonly Family[] | undefined;
  let names: ReadonlyMap<string, Entry> | undefined;
  return {
    get families() {
      families ??= entries.map((entry) => entry.family());
      return families;
    },
    byRepository: (repository) => repositories.get(repository)?.family(),
    byLastComponent: (name) => {
      names ??= wellKnownNames(entries);
      return names.get(name)?.family();
    },
  };
}

/** Names that people give to images of any kind. */
const GENERIC: ReadonlySet<string> = new Set([
  'admin',
  'agent',
  'api',
  'app',
  'backend',
  'base',
  'cache',
  'cli',
  'client',
  'core',
  'dashboard',
  'database',
  'db',
  'docker',
  'frontend',
  'gateway',
  'main',
  'proxy',
  'queue',
  'registry',
  'runner',
  'search',
  'server',
  'service',
  'site',
  'storage',
  'ui',
  'web',
  'worker',
]);

const OFFICIAL = 'docker.io/library/';

/**
 * Names that point at one product wherever they stand: official images, and images named like the family itself.
 * A stateless family is left out: that something looks like it says nothing about data.
 */
function wellKnownNames(entries: readonly Entry[]): Map<string, Entry> {
  const names = new Map<string, Entry>();
  const official = new Set<string>();
  for (const entry of entries) {
    if (entry.state === 'stateless') continue;
    for (const image of entry.images) {
      const name = lastComponent(image);
      const isOfficial = image.startsWith(OFFICIAL);
      if (GENERIC.has(name) || (!isOfficial && (name !== entry.id || official.has(name)))) continue;
      if (isOfficial) official.add(name);
      names.set(name, entry);
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
    if (repository !== undefined)
      own.set(repository, userFamily(repository, name, paths, base.byRepository(repository)));
  }
  return {
    get families() {
      return [...base.families, ...own.values()];
    },
    byRepository: (repository) => own.get(repository) ?? base.byRepository(repository),
    byLastComponent: (name) => base.byLastComponent(name),
  };
}

/** For a known image the user's paths take the place of the required ones; all else that is known of it stays. */
function userFamily(repository: string, name: string, paths: readonly string[], known: Family | undefined): Family {
  const data: DataPath[] = paths.map((path) => ({
    path,
    kind: 'essential',
    need: 'required',
    holds: 'data, by the settings',
    confidence: 'primary',
  }));
  if (known) {
    const rest = known.data.filter((fact) => fact.need !== 'required' && !paths.includes(fact.path));
    return {
      ...known,
      data: [...data, ...rest],
      relocations: known.relocations.filter((move) => move.moves !== undefined && paths.includes(move.moves)),
    };
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
