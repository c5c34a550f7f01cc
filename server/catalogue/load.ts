/** The catalogue as one value, read when it is first needed. */
import * as fs from 'node:fs';
import { INDEX } from '../generated/catalogue.ts';
import { GENERIC_NAMES } from './generic-names.ts';
import type { Catalogue, Family } from './model.ts';
import { lastComponent } from './reference.ts';

let loaded: Catalogue | undefined;

export function catalogue(): Catalogue {
  loaded ??= catalogueFrom(INDEX, linesOf(readFamilies));
  return loaded;
}

export const catalogueOf = (families: readonly Family[]): Catalogue =>
  catalogueFrom(indexOf(families), (line) => families[line]!);

/** Beside the bundle, or a chunk of it, or in a checkout. As a part of the program it would be compiled at every start. */
const PLACES = ['./families.jsonl', '../families.jsonl', '../generated/families.jsonl'];

function readFamilies(): string {
  for (const place of PLACES) {
    const file = new URL(place, import.meta.url);
    if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8');
  }
  throw new Error('the image catalogue (families.jsonl) is missing from this installation');
}

/** One family a line. The text is read with the first of them, and of its lines those that are asked for. */
export function linesOf(text: () => string): (line: number) => Family {
  let lines: readonly string[] | undefined;
  const known = new Map<number, Family>();
  return (line) => {
    lines ??= text().split('\n');
    const family = known.get(line) ?? (JSON.parse(lines[line]!) as Family);
    known.set(line, family);
    return family;
  };
}

/**
 * What must be known of the families to find one: a line each with its number, id, state and repositories, every one
 * between blanks. It is searched as it is, since building a map of it would cost more than most runs look up.
 */
export const indexOf = (families: readonly Pick<Family, 'id' | 'state' | 'images'>[]): string =>
  families.map(({ id, state, images }, i) => `${i} ${id} ${state} ${images.join(' ')} `).join('\n');

export function catalogueFrom(index: string, familyAt: (line: number) => Family): Catalogue {
  let families: readonly Family[] | undefined;
  let names: ReadonlyMap<string, number> | undefined;
  return {
    get families() {
      families ??= index === '' ? [] : index.split('\n').map((_, line) => familyAt(line));
      return families;
    },
    byRepository: (repository) => {
      // Ids and states stand in the index too, and hold no slash.
      const at = repository.includes('/') ? index.indexOf(` ${repository} `) : -1;
      return at < 0 ? undefined : familyAt(Number.parseInt(index.slice(index.lastIndexOf('\n', at) + 1), 10));
    },
    byLastComponent: (name) => {
      names ??= wellKnownNames(index);
      const line = names.get(name);
      return line === undefined ? undefined : familyAt(line);
    },
  };
}

const OFFICIAL = 'docker.io/library/';

/**
 * Names that point at one product wherever they stand: official images, and images named like the family itself.
 * A stateless family is left out: that something looks like it says nothing about data.
 */
function wellKnownNames(index: string): Map<string, number> {
  const names = new Map<string, number>();
  const official = new Set<string>();
  for (const [line, text] of index.split('\n').entries()) {
    const [, id, state, ...images] = text.trimEnd().split(' ');
    if (state === 'stateless') continue;
    for (const image of images) {
      const name = lastComponent(image);
      const isOfficial = image.startsWith(OFFICIAL);
      if (GENERIC_NAMES.has(name) || (!isOfficial && (name !== id || official.has(name)))) continue;
      if (isOfficial) official.add(name);
      names.set(name, line);
    }
  }
  return names;
}
