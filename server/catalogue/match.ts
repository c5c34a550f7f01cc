/** Which catalogue family an image reference means. */
import type { FamilyMatch } from '../stores/model.ts';
import type { Span } from '../syntax/source.ts';
import type { Catalogue, Family } from './model.ts';
import { type ImageReference, lastComponent, parseImageReference } from './reference.ts';
import { namesPostgres, readTag } from './tag.ts';
import { tagFactOf } from './tag-facts.ts';

export {
  dataPaths,
  declaredVolumes,
  type InForce,
  isExternal,
  moves,
  relocations,
  usersOf,
  versionOf,
  wrongMounts,
} from './facts.ts';
export { type Answer, type Circumstances, type Environment, environmentHolds, holds, satisfies } from './when.ts';

const matched = new WeakMap<Catalogue, Map<string, Omit<FamilyMatch, 'span'> | null>>();

/** Longer than any project's list of images; then it starts anew. */
const REMEMBERED = 4096;

/** What an image text means: the family that publishes the repository, or else one that its name only resembles. */
export function matchText(catalogue: Catalogue, text: string, span: Span): FamilyMatch | null {
  const known = matched.get(catalogue) ?? new Map<string, Omit<FamilyMatch, 'span'> | null>();
  matched.set(catalogue, known);
  let found = known.get(text);
  if (found === undefined) {
    const reference = parseImageReference(text);
    found = reference && matchReference(catalogue, reference);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, found);
  }
  return found && { ...found, span };
}

export function matchImage(catalogue: Catalogue, reference: ImageReference, span: Span): FamilyMatch | null {
  const found = matchReference(catalogue, reference);
  return found && { ...found, span };
}

function matchReference(catalogue: Catalogue, reference: ImageReference): Omit<FamilyMatch, 'span'> | null {
  const published = catalogue.byRepository(reference.repository);
  const family = published ?? catalogue.byLastComponent(lastComponent(reference.path));
  if (!family) return null;
  const postgres = countsPostgres(family);
  const { version, flavours } = readTag(reference.tag, postgres);
  const named = postgres && !namesPostgres(reference.tag) ? null : version;
  const ended = named === null && reference.digest === null ? endedAt(family, reference) : null;
  return { family, reference, version: ended ?? version, flavours, lookalike: published === undefined };
}

/** What nothing newer is published under runs the same for good, as if the tag said so. */
function endedAt(family: Family, reference: ImageReference): string | null {
  const fact = tagFactOf({ family, reference });
  return fact?.ended ? (fact.version ?? null) : null;
}

/** Its facts go by the version of the PostgreSQL inside, whatever else the tag counts. */
const countsPostgres = (family: Family): boolean => family.derivesFrom === 'postgres';

/**
 * Whether a command starts the image's server. Words that begin with a dash are arguments of the server; where the
 * catalogue names no server program it cannot be told.
 */
export function startsServer(family: Family, command: readonly string[]): boolean | 'unknown' {
  const first = command[0];
  if (first === undefined || first.startsWith('-')) return true;
  if (family.serverCommands.length === 0) return 'unknown';
  return family.serverCommands.includes(lastComponent(first));
}
