/** `docker run` of a server: what it keeps, and what holds that. */
import { catalogue } from '../../catalogue/load.ts';
import { dataPaths, declaredVolumes, isExternal, matchText, relocations, startsServer } from '../../catalogue/match.ts';
import type { Mount } from '../../project/model.ts';
import { engineAt, imageAt } from '../../scripts/calls.ts';
import type { Command, Word } from '../../scripts/model.ts';
import { imageEvidence } from '../../stores/image.ts';
import type { FamilyMatch } from '../../stores/model.ts';
import { backingOf, isWithin } from '../../survival/backing.ts';
import type { Backing, Store } from '../../survival/words.ts';
import { type Call, flagIn, valuesOf } from './about.ts';
import { mountsOf, type RunMount } from './places.ts';

export interface Run {
  readonly image: Word;
  readonly store: Store;
  readonly backing: Backing;
  /** The container, with what it holds, goes when it stops. */
  readonly removed: boolean;
  readonly detached: boolean;
  readonly name: Word | undefined;
  /** Of an image that the project builds: the service whose image it is. */
  readonly service?: string;
}

const MAY_BE_A_CACHE = /^(bitnami-)?(redis|valkey|keydb|dragonfly|garnet)/;

/** What a command starts, as it is written. */
export interface Started {
  readonly image: Word;
  /** Behind the image. */
  readonly words: readonly string[];
  readonly mounts: readonly Mount[];
  readonly environment: ReadonlyMap<string, string | null>;
  /** The container, with what it holds, goes when it stops. */
  readonly removed: boolean;
  readonly detached: boolean;
  readonly name: Word | undefined;
}

/** Null where it cannot be told. */
export function startedOf(command: Command, call: Call): Started | null {
  const { words } = command;
  const at = engineAt(words);
  const from = words.findIndex((word, i) => i >= at && word.text === call.verb);
  const index = imageAt(words, from);
  const image = words[index];
  const options = words.slice(from + 1, index);
  const rest = words.slice(index + 1);
  if (
    !image?.told ||
    options.some(({ told, text }) => !told && !/^\w+=/.test(text) && !isValue(options, text)) ||
    rest.some(({ told }) => !told)
  )
    return null;
  const elsewhere = ['--entrypoint', '--volumes-from', '--env-file', '--volume-driver'];
  if (valuesOf(options, elsewhere).length > 0) return null;
  const [name] = valuesOf(options, ['--name']);
  return {
    image,
    words: rest.map(({ text }) => text),
    mounts: mountsOf(command).map(asMount),
    environment: environmentOf(options),
    removed: flagIn(options, null, '--rm') !== undefined,
    detached: flagIn(options, 'd', '--detach') !== undefined,
    name,
  };
}

/** Null where all that counts is on a volume, or where it is not known what counts. */
export function runOf(started: Started): Run | null {
  const { image, words, mounts, environment, removed, detached, name } = started;
  const match = matchText(catalogue(), image.text, image.span);
  if (!match || match.lookalike || match.family.state !== 'stateful' || MAY_BE_A_CACHE.test(match.family.id))
    return null;
  if (words.some((text) => /^(--?(help|version|list-targets|(verify|check|print|test)-config)|-h)$/.test(text)))
    return null;
  if (startsServer(match.family, words) !== true) return null;
  const found = unheld(match, environment, words, mounts);
  if (!found || isBeside(mounts, found.store.path!)) return null;
  return { image, ...found, removed, detached, name };
}

/** What is mounted beside it tells that a place was chosen: right or not for this version, it is not left out. */
export const isBeside = (mounts: readonly Mount[], at: string): boolean =>
  mounts.some(({ type, target }) => type !== 'tmpfs' && isNear(target, at));

const isNear = (target: string, at: string): boolean => isWithin(target, at) || isWithin(at, target);

/** The value of an option: of a port or a name that is not known nothing follows. */
const isValue = (options: readonly Word[], text: string): boolean => {
  const at = options.findIndex((word) => word.text === text);
  return /^(-[pehu]|--(name|publish|env|network|net|hostname|user|memory|cpus))$/.test(options[at - 1]?.text ?? '');
};

function environmentOf(options: readonly Word[]): Map<string, string | null> {
  return new Map(
    valuesOf(options, ['-e', '--env']).map(({ text, told }) => {
      const at = text.indexOf('=');
      return at < 0 ? [text, null] : [text.slice(0, at), told ? text.slice(at + 1) : null];
    }),
  );
}

function unheld(
  match: FamilyMatch,
  environment: ReadonlyMap<string, string | null>,
  words: readonly string[],
  mounts: readonly Mount[],
): { readonly store: Store; readonly backing: Backing } | null {
  const moves = relocations(match, environment);
  const isMoved = moves.some(
    ({ by, key }) =>
      (by === 'env' && environment.has(key)) ||
      (by !== 'env' && words.some((word) => word.startsWith(key.split(' ')[0]!))),
  );
  if (isMoved) return null;
  const holders = {
    mounts,
    volumes: new Map(),
    declared: declaredVolumes(match, environment).map(({ path }) => path),
    declaredKnown: match.family.volumesKnown,
    gaps: [],
  };
  for (const fact of dataPaths(match, environment, words)) {
    if (!fact.certain || fact.need !== 'required' || fact.kind !== 'essential' || fact.group !== undefined) continue;
    if (isExternal(match, environment, fact.path) !== false) return null;
    const backing = backingOf(fact.path, holders);
    if (!['writable-layer', 'anonymous-volume', 'tmpfs'].includes(backing.type)) continue;
    const { family } = match;
    const note = `the image is ${family.title}, which keeps ${fact.holds} in ${fact.path}`;
    return {
      backing,
      store: {
        technology: family.id,
        title: family.title,
        path: fact.path,
        isFile: fact.file ?? false,
        kind: fact.kind,
        need: 'required',
        confidence: fact.confidence,
        evidence: [imageEvidence(match, note, fact.confidence)],
        role: 'server',
      },
    };
  }
  return null;
}

const asMount = ({ source, target, type, word }: RunMount): Mount => ({
  type,
  ...(source === '' ? {} : { source }),
  target,
  targetText: target,
  readOnly: false,
  span: word.span,
  targetSpan: word.span,
  unresolved: [],
  from: 'volumes',
});
