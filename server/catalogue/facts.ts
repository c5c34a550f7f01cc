/** The facts of a family that hold for one service: its tag and its environment decide. */
import type { FamilyMatch } from '../stores/model.ts';
import type { Confidence } from '../survival/words.ts';
import type { DataPath, DeclaredPath, Relocation, User, When, WrongMount } from './model.ts';
import { tagFactOf } from './tag-facts.ts';
import { type Answer, type Circumstances, type Environment, environmentHolds, holds } from './when.ts';

interface Conditional {
  readonly when?: When;
  readonly confidence?: Confidence;
}

/** A fact that holds, or that may hold: then `certain` is false. */
export type InForce<T> = T & {
  readonly certain: boolean;
  /** The fact's own, or else the family's. */
  readonly confidence: Confidence;
};

/** The version that facts go by: of the tag, or else what the tag runs, where that is known; null: the newest. */
export const versionOf = (match: FamilyMatch): string | null => match.version ?? tagFactOf(match)?.version ?? null;

/** Whether the next pull may bring another version: not of a digest, and of no tag that nothing is published under any more. */
export const moves = (match: FamilyMatch): boolean =>
  match.version === null && match.reference.digest === null && tagFactOf(match)?.ended !== true;

export function circumstances(match: FamilyMatch, environment: Environment, words?: readonly string[]): Circumstances {
  return {
    version: versionOf(match),
    flavours: match.flavours,
    environment,
    ...(isHidden(match) ? { hidden: true } : {}),
    ...(words ? { words } : {}),
  };
}

/** A tag that is known for not being the newest, and of which no more is known, says no version either. */
function isHidden(match: FamilyMatch): boolean {
  if (match.openTag || match.version !== null) return match.openTag === true;
  const fact = tagFactOf(match);
  return match.reference.digest !== null || (fact !== undefined && fact.version === undefined);
}

type ByTag = Map<string, readonly InForce<Conditional>[]>;

/**
 * What holds of a list that the tag alone decides, by tag: most images are asked for again by each rule and at every
 * keystroke. Null for lists where more decides.
 */
const byTag = new WeakMap<readonly Conditional[], ByTag | null>();

const tagAlone = ({ when }: Conditional): boolean => when?.env === undefined && when?.command === undefined;

function knownOf(facts: readonly Conditional[]): ByTag | null {
  let known = byTag.get(facts);
  if (known === undefined) {
    known = facts.every(tagAlone) ? new Map() : null;
    byTag.set(facts, known);
  }
  return known;
}

const tagKeys = new WeakMap<FamilyMatch, string>();

/** All of a tag that facts go by. */
function tagKey(match: FamilyMatch): string {
  let key = tagKeys.get(match);
  if (key === undefined) {
    key = `${versionOf(match)} ${match.flavours.join()} ${isHidden(match)}`;
    tagKeys.set(match, key);
  }
  return key;
}

function inForce<T extends Conditional>(
  facts: readonly T[],
  match: FamilyMatch,
  environment: Environment,
  words?: readonly string[],
): readonly InForce<T>[] {
  const known = knownOf(facts);
  if (!known) return decide(facts, match, circumstances(match, environment, words));
  const key = tagKey(match);
  const before = known.get(key) as readonly InForce<T>[] | undefined;
  const found = before ?? decide(facts, match, circumstances(match, environment, words));
  if (!before) known.set(key, found);
  return found;
}

function decide<T extends Conditional>(facts: readonly T[], match: FamilyMatch, at: Circumstances): InForce<T>[] {
  return facts.flatMap((fact) => {
    const answer = holds(fact.when, at);
    const confidence = fact.confidence ?? match.family.confidence;
    return answer === false ? [] : [{ ...fact, confidence, certain: answer === true }];
  });
}

/** `words` are the program and its arguments, where they are known. */
export function dataPaths(
  match: FamilyMatch,
  environment: Environment,
  words?: readonly string[],
): readonly InForce<DataPath>[] {
  return inForce(match.family.data, match, environment, words);
}

export function declaredVolumes(match: FamilyMatch, environment: Environment): readonly InForce<DeclaredPath>[] {
  return inForce(match.family.volumes, match, environment);
}

/** With `moves` filled in: the path that the fact names, or else the first required one. */
export function relocations(match: FamilyMatch, environment: Environment): InForce<Relocation>[] {
  const moves = inForce(match.family.relocations, match, environment);
  if (moves.length === 0) return [];
  const paths = dataPaths(match, environment);
  const first = paths.find((fact) => fact.need === 'required') ?? paths[0];
  return moves.map((move) => (move.moves !== undefined || !first ? move : { ...move, moves: first.path }));
}

/** Only those that are wrong for certain: a wrong accusation is worse than a missed one. */
export function wrongMounts(match: FamilyMatch, environment: Environment): InForce<WrongMount>[] {
  return inForce(match.family.wrongMounts, match, environment).filter((fact) => fact.certain);
}

/** An entry for this very flavour or version replaces the general one. */
export function usersOf(match: FamilyMatch, environment: Environment): InForce<User>[] {
  const users = inForce(match.family.users, match, environment);
  const special = users.filter((user) => user.when && user.certain);
  return special.length > 0 ? special : [...users];
}

/**
 * Whether the environment takes the data out of the image; with `path`, whether it takes out what lies there.
 * `unknown` when a variable that decides it is set to something that cannot be told.
 */
export function isExternal(match: FamilyMatch, environment: Environment, path?: string): Answer {
  const { external, data } = match.family;
  if (!external) return false;
  if (path !== undefined) {
    const concerned =
      external.paths?.includes(path) ?? data.some((fact) => fact.path === path && fact.need === 'required');
    if (!concerned) return false;
  }
  const answers = external.env.map((condition) => environmentHolds(condition, environment));
  if (answers.includes(true)) return true;
  return answers.includes('unknown') ? 'unknown' : false;
}
