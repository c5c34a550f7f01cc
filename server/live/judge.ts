/**
 * The verdict on one store in one container. The table, first row that fits:
 *
 *     what was seen                                              verdict
 *     ---------------------------------------------------------  -------------
 *     path not known, could not be looked at, kind of mount unknown  UNKNOWN
 *     a cache                                                    SAFE
 *     optional, and nothing there                                SAFE
 *     layer: the folder does not exist                           UNKNOWN
 *     lost at restart or recreate (layer, tmpfs)                 NOT PERSISTED
 *     kept, but the same technology wrote to the layer           NOT PERSISTED
 *     the container's mount is not the files' one                AT RISK
 *     orphaned by `down` (anonymous volume)                      AT RISK
 *     one file mounted, its journal beside it is not             AT RISK
 *     the server's fingerprint is not the remembered one         AT RISK, EMPTY when empty
 *     kept: nothing there, or an empty file                      EMPTY
 *     kept: the server says that it is empty                     EMPTY
 *     kept: a record that was planted could not be read back     UNKNOWN
 *     kept: it could, but no file changed                        AT RISK
 *     kept: the server has data, but none is on disk             AT RISK
 *     kept: there, but could not be read, nor the server asked   UNKNOWN
 *     a database on a network file system                        AT RISK
 *     a setting with which it may be lost all the same           AT RISK
 *     kept, and something there                                  SAFE
 *
 * What becomes of a backing is read off the table that the prediction reads, so that the two cannot disagree on it.
 * What can be rebuilt, and what is optional and not in use, is at most AT RISK.
 */

import type { AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import type { Drift } from './drift.ts';
import { type Heard, toldIn } from './hear.ts';
import type { Layer, LayerFile } from './layer.ts';
import type { Look } from './look.ts';
import type { Remembered } from './memory.ts';
import type { Fates, LiveRule, Verdict } from './model.ts';
import { backingWords, type Observed } from './observe.ts';
import type { Probed } from './plant.ts';
import { isSameData } from './probes/fingerprint.ts';
import { isRecognised } from './signatures.ts';
import { dayText } from './sizes.ts';

export interface Seen {
  readonly observed: Observed;
  readonly fate: Fates;
  readonly look: Look;
  /** Null when the engine would not tell. */
  readonly layer: Layer | null;
  readonly drifts: readonly Drift[];
  readonly heard: Heard | null;
  /** What its server said when it was last asked. */
  readonly before: Remembered | null;
  readonly probed: Probed | null;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  /** What to report it as; absent when there is nothing to report. */
  readonly rule?: LiveRule;
}

export function judge({ store }: AnalysedStore, seen: Seen): Judgement {
  const judgement = strictly(store, seen);
  const unused = store.need === 'optional' && toldIn(seen.heard)?.empty !== false;
  const harmless = unused || store.kind === 'rebuildable';
  return harmless && (judgement.verdict === 'NOT PERSISTED' || judgement.verdict === 'EMPTY')
    ? { ...judgement, verdict: 'AT RISK' }
    : judgement;
}

type Store = AnalysedStore['store'];

function strictly(store: Store, { observed, fate, look, layer, drifts, heard, before, probed }: Seen): Judgement {
  const { backing } = observed;
  const holder = backingWords(backing);
  if (backing.type === 'unknown') return { verdict: 'UNKNOWN', reason: `It is held by ${holder}` };
  if (store.kind === 'cache') return { verdict: 'SAFE', reason: `A cache: losing it does no harm (${holder})` };
  const told = toldIn(heard);
  const bare = isNothing(look);
  const nothing = bare && told?.empty !== false;
  if (store.need === 'optional' && nothing) return { verdict: 'SAFE', reason: 'Nothing is there that could be lost' };

  if (fate.restart === 'lost' || fate.recreate === 'lost')
    return unkept(store, backing.type, look, fate, layer, drifts);

  // A server that says where it writes does not write elsewhere.
  const beside = told && told.writesTo.length > 0 ? undefined : sameTechnology(store, layer);
  if (beside && (nothing || (store.role === 'server' && isRecognised(store.technology)))) {
    return {
      verdict: 'NOT PERSISTED',
      rule: 'data-on-writable-layer',
      reason: `The data goes to ${beside.path} in the writable layer, not to ${holder} at ${backing.target}`,
    };
  }
  const drift = driftAt(look.path, backing.target, drifts);
  if (drift) return { verdict: 'AT RISK', reason: driftWords(drift) };
  if (fate.down === 'orphaned' || fate.down === 'lost') {
    return {
      verdict: 'AT RISK',
      rule: 'data-on-anonymous-volume',
      reason: 'It is in an anonymous volume: `down` leaves that behind, and the next `up` starts with an empty one',
    };
  }
  if (store.isFile && backing.target === look.path && JOURNALED.test(store.technology)) {
    return {
      verdict: 'AT RISK',
      rule: 'single-file-mount',
      reason: 'Only this one file is mounted; the journal beside it (-wal, -journal) is in the writable layer',
    };
  }
  const it = store.role === 'server' ? 'the server' : 'the database';
  const day = dayText(before?.seen ?? null) ?? 'an earlier day';
  if (isRenewed(heard, before)) {
    return {
      verdict: told?.empty ? 'EMPTY' : 'AT RISK',
      rule: 're-initialised-database',
      reason: `The data was made anew: ${it} told of other data on ${day}. What was there then is lost, or in another volume${told?.empty ? '; there is nothing in it now' : ''}`,
    };
  }
  // Nobody may have uploaded anything yet.
  if (nothing && store.technology !== 'uploads') {
    const what = look.stat?.kind === 'file' ? 'the file is empty' : look.stat ? 'nothing is in it' : 'nothing is there';
    return {
      verdict: 'EMPTY',
      rule: 'volume-mounted-but-empty',
      reason: `It would be kept by ${holder}, but ${what}`,
    };
  }
  if (told?.empty) {
    return {
      verdict: 'EMPTY',
      rule: 'uninitialised-database',
      reason: `It would be kept by ${holder}, but ${it} says that there is nothing in it${before?.count ? `, where it counted ${before.count} on ${day}` : ''}`,
    };
  }
  if (probed && 'found' in probed && !probed.found) {
    return { verdict: 'UNKNOWN', reason: 'A marked record was written, but could not be read back' };
  }
  if (probed && 'found' in probed && probed.grew?.length === 0) {
    return {
      verdict: 'AT RISK',
      rule: 'data-not-on-disk',
      reason: `A marked record was written and read back, but no file at ${look.path} changed`,
    };
  }
  if (told && bare && !wrote(probed)) {
    return {
      verdict: 'AT RISK',
      rule: 'data-not-on-disk',
      reason: `${upper(it)} has ${told.contents ?? 'data'}, but nothing of it is on ${holder} yet`,
    };
  }
  if (!told && look.stat?.kind === 'directory' && look.empty === null) {
    return { verdict: 'UNKNOWN', reason: `It would be kept by ${holder}, but what is there could not be read` };
  }
  if (backing.type === 'network-volume' && store.kind === 'essential' && store.technology !== 'uploads') {
    return {
      verdict: 'AT RISK',
      rule: 'data-on-network-volume',
      reason: 'It is on a network file system, which does not lock and flush as a database needs',
    };
  }
  const weakness = told?.weaknesses.find(({ weight }) => weight === 'risk');
  if (weakness) {
    return {
      verdict: 'AT RISK',
      rule: 'weak-durability',
      reason: `It is in ${holder}, but ${lower(weakness.message)} (${weakness.setting})`,
    };
  }
  if (!told || told.writesTo.length === 0) return { verdict: 'SAFE', reason: `It is in ${holder}` };
  const contents = told.contents === null ? '' : `, and has ${told.contents}`;
  return { verdict: 'SAFE', reason: `It is in ${holder}: ${it} says that it writes there${contents}` };
}

/** What was planted made a file change: it is written to disk after all. */
const wrote = (probed: Probed | null): boolean =>
  probed !== null && 'found' in probed && (probed.grew?.length ?? 0) > 0;

/** Of ids of parts that all went nothing can be told: they may have been deleted. */
function isRenewed(heard: Heard | null, before: Remembered | null): boolean {
  if (!heard || 'unable' in heard || heard.ofParts) return false;
  const { fingerprint } = heard.told;
  return fingerprint !== null && before?.fingerprint != null && !isSameData(before.fingerprint, fingerprint);
}

const JOURNALED = /sqlite|chroma|duckdb/;

function unkept(
  store: Store,
  type: string,
  look: Look,
  fate: Fates,
  layer: Layer | null,
  drifts: readonly Drift[],
): Judgement {
  const drift = driftAt(look.path, undefined, drifts);
  const older = drift ? `; ${lower(driftWords(drift))}` : '';
  if (type === 'tmpfs') {
    return {
      verdict: 'NOT PERSISTED',
      rule: 'data-on-tmpfs',
      reason: `It is in memory and gone at every stop${older}`,
    };
  }
  if (look.stat === null && !(store.isFile && look.parent)) {
    return { verdict: 'UNKNOWN', reason: `There is no ${look.path} in the container${older}` };
  }
  const event = fate.restart === 'lost' ? 'stopped' : 'recreated';
  const where = type === 'anonymous-volume' ? 'an anonymous volume' : 'the writable layer';
  const here = layer?.files.find(({ path }) => isWithin(path, look.path));
  const what = here
    ? `${here.path} (${here.signature.title})`
    : isNothing(look) || layer?.written.some((path) => isWithin(path, look.path)) === false
      ? 'What is written there'
      : 'It';
  return {
    verdict: 'NOT PERSISTED',
    rule: type === 'anonymous-volume' ? 'data-on-anonymous-volume' : 'data-on-writable-layer',
    reason: `${what} is in ${where}: gone when the container is ${event}${older}`,
  };
}

const isNothing = ({ stat, empty }: Look): boolean =>
  stat === null || empty === true || (stat.kind === 'file' && stat.size === 0);

/** What this store's technology wrote to the layer of this container; any data, where we do not know its files. */
export const sameTechnology = ({ technology }: Store, layer: Layer | null): LayerFile | undefined =>
  // A mount of which nothing is known but that it is there: no database elsewhere is meant to be in it.
  technology === 'files'
    ? undefined
    : layer?.files.find(({ signature }) => !isRecognised(technology) || signature.technologies.includes(technology));

/** The one that decides where `path` lies: at the mount that holds it now, or where one nearer to it should be. */
export function driftAt(path: string, target: string | undefined, drifts: readonly Drift[]): Drift | undefined {
  return drifts
    .filter((drift) => isWithin(path, drift.target) && (target === undefined || drift.target.length >= target.length))
    .sort((a, b) => b.target.length - a.target.length)[0];
}

export function driftWords({ kind, target, expected, actual }: Drift): string {
  switch (kind) {
    case 'other':
      return `The container was made from an older file: it has ${actual} at ${target}, where the file says ${expected}. The next \`up\` takes the latter, and what is here stays behind`;
    case 'missing':
      return `The container was made from an older file: it has nothing at ${target}, where the file says ${expected}. The next \`up\` takes that, and carries nothing over`;
    case 'extra':
      return `The container has ${actual} at ${target}, of which neither the file nor the image knows: the next \`up\` may leave it behind`;
  }
}

const upper = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);
