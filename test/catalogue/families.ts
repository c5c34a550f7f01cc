/** The data files as a catalogue, read from disk, so that no test depends on what was generated last. */
import { readFamilies, readFolder } from '../../scripts/catalogue.mjs';
import { catalogueOf } from '../../server/catalogue/load.ts';
import { matchImage } from '../../server/catalogue/match.ts';
import type { Catalogue } from '../../server/catalogue/model.ts';
import { parseImageReference } from '../../server/catalogue/reference.ts';
import type { FamilyMatch } from '../../server/stores/model.ts';
import { spanOf } from '../../server/syntax/source.ts';

export const FILES = readFolder('server/catalogue/data');

export const READ = readFamilies(FILES);

export const CATALOGUE = catalogueOf(READ.families);

export const match = (image: string): FamilyMatch | null => matchIn(CATALOGUE, image);

export function matchIn(catalogue: Catalogue, image: string): FamilyMatch | null {
  const reference = parseImageReference(image);
  return reference && matchImage(catalogue, reference, spanOf({ path: '/compose.yaml', text: image }, 0, image.length));
}

export function matched(image: string): FamilyMatch {
  const found = match(image);
  if (!found) throw new Error(`no family for ${image}`);
  return found;
}

export const env = (values: Record<string, string | null> = {}): ReadonlyMap<string, string | null> =>
  new Map(Object.entries(values));
