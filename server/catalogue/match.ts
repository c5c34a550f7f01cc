/** Which catalogue family an image reference means. */
import type { FamilyMatch } from '../stores/model.ts';
import type { Span } from '../syntax/source.ts';
import type { Catalogue, Family } from './model.ts';
import { type ImageReference, lastComponent } from './reference.ts';
import { readTag } from './tag.ts';

export { dataPaths, declaredVolumes, type InForce, isExternal, relocations, usersOf, wrongMounts } from './facts.ts';
export { type Answer, type Circumstances, type Environment, environmentHolds, holds, satisfies } from './when.ts';

/** The family that publishes this repository, or else one that its name only resembles. */
export function matchImage(catalogue: Catalogue, reference: ImageReference, span: Span): FamilyMatch | null {
  const published = catalogue.byRepository(reference.repository);
  const family = published ?? catalogue.byLastComponent(lastComponent(reference.path));
  if (!family) return null;
  const { version, flavours } = readTag(reference.tag, countsPostgres(family));
  return { family, reference, version, flavours, lookalike: published === undefined, span };
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
