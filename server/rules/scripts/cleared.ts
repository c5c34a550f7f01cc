/** What of the project lies where a command deletes. */
import * as path from 'node:path';
import type { Mount } from '../../project/model.ts';
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { isOpen } from '../kept.ts';
import { CONTENT, calledAs, enteredBy, homesOf } from './homes.ts';
import { fromHere, placesOf, type Spot, spotsOf } from './places.ts';
import { readingsOf } from './readings.ts';
import type { Removal } from './removals.ts';
import { before } from './stopped.ts';

export interface Cleared {
  readonly word: Word;
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  readonly place: Spot;
  /** Of a folder of which nothing tells but that it is mounted. */
  readonly mount?: Mount;
}

const LASTING = new Set(['named-volume', 'external-volume', 'bind-mount', 'network-volume']);

/** Stores whose files are deleted, the surest first. */
export function clearedBy(
  removal: Removal,
  command: Command,
  part: ScriptPart,
  script: Script,
  analysed: AnalysedProject,
): Cleared[] {
  const found = removal.paths.flatMap((word) => {
    const spots = namedBy(word, command, part, script, analysed).filter(({ inside }) => inside !== '/');
    return analysed.services.flatMap((service) =>
      service.stores.flatMap((one) => {
        if (!counts(one)) return [];
        const place = placesOf(one, service, analysed).find((at) =>
          spots.some((spot) => isCleared(at, spot, one, removal, analysed)),
        );
        const mount = one.store.evidence[0].from === 'mount' ? mountOf(one, service) : undefined;
        return place ? [{ word, analysed: service, one, place, ...(mount ? { mount } : {}) }] : [];
      }),
    );
  });
  return found.sort((a, b) => Number(a.mount !== undefined) - Number(b.mount !== undefined));
}

const counts = ({ store, backing }: AnalysedStore): boolean =>
  store.kind === 'essential' &&
  store.path !== null &&
  !backing.readOnly &&
  LASTING.has(backing.type) &&
  (store.need === 'required' || store.technology === 'files');

const mountOf = ({ backing }: AnalysedStore, { service }: AnalysedService): Mount | undefined =>
  service.mounts.find((mount) => mount.span === backing.span && !isOpen(mount));

interface Named extends Spot {
  /** All in the folder, and not the folder. */
  readonly content: boolean;
  /** The folder that the project is run in is meant, or one in it. */
  readonly home: boolean;
}

function isCleared(
  at: Spot,
  spot: Named,
  { store }: AnalysedStore,
  { deep, only }: Removal,
  { project }: AnalysedProject,
): boolean {
  if (at.root !== spot.root || !isWithin(at.inside, spot.inside)) return false;
  // Of a folder around the project only its own script knows that it is meant.
  if (spot.root === 'host' && isWithin(project.directory, spot.inside) && !spot.home && only !== 'untracked')
    return false;
  if (only === 'unsent' && !spot.home) return false;
  if (deep) return true;
  const isFile = store.isFile || store.technology === 'sqlite';
  return isFile && (at.inside === spot.inside || (spot.content && path.posix.dirname(at.inside) === spot.inside));
}

/** Where a word leads, also in the folder that a deployment is brought to. */
export function namedBy(
  word: Word,
  command: Command,
  part: ScriptPart,
  script: Script,
  analysed: AnalysedProject,
): Named[] {
  const homes = homesOf(script, analysed);
  const { directory } = analysed.project;
  return readingsOf(word, analysed)
    .flatMap(unfolded)
    .flatMap((whole): Named[] => {
      const content = CONTENT.test(whole) || /^\.?\*$/.test(whole);
      const text = whole.replace(CONTENT, '').replace(/^\.?\*$/, '.');
      // What a pattern picks out of a folder is not all of it.
      if (text === '' || /[*?[\]{}]/.test(text)) return [];
      const below = belowHome(word, text, command, part, script, homes);
      if (below !== null)
        return [{ root: 'host', inside: path.posix.join(directory, below), top: directory, content, home: true }];
      const isRelative = !/^[/~\uE001]/.test(text);
      if (isRelative && command.folder === null && command.within.length === 0 && !isHere(command, part, script))
        return [];
      return spotsOf(fromHere(word, text), command, script, analysed).map((spot) => ({
        ...spot,
        content,
        home: false,
      }));
    });
}

/** `$APP_DIR/data` as `data`, where the project is run in `$APP_DIR`. */
function belowHome(
  word: Word,
  text: string,
  command: Command,
  part: ScriptPart,
  script: Script,
  homes: ReadonlySet<string>,
): string | null {
  const own = calledAs(word, text);
  const at = own ?? belowEntered(text, command, part, script);
  const home = at === null ? undefined : [...homes].find((one) => at === one || at.startsWith(`${one}/`));
  return home === undefined || at === null ? null : path.posix.relative(home, at);
}

/** What is relative counts from the folder that was entered last. */
function belowEntered(text: string, command: Command, part: ScriptPart, script: Script): string | null {
  if (/^[/~\uE001]/.test(text)) return null;
  const last = lastEntered(command, part, script);
  const at = last ? calledAs(last) : null;
  return at === null ? null : path.posix.join(at, text).replace(/(.)\/+$/, '$1');
}

function lastEntered(command: Command, part: ScriptPart, script: Script): Word | null {
  const earlier = part.commands.slice(0, Math.max(0, part.commands.indexOf(command)));
  const own = earlier.findLast((one) => enteredBy(one) !== undefined);
  const all = own ?? before(script, part, command).findLast((one) => enteredBy(one) !== undefined);
  return (all && enteredBy(all)) ?? null;
}

/** `cd "$(dirname "$0")/.."` leads to the script's own folder, or to one around it. */
function isHere(command: Command, part: ScriptPart, script: Script): boolean {
  const last = lastEntered(command, part, script);
  return (
    last !== null &&
    /dirname|BASH_SOURCE|\$\{0%|rev-parse --show-toplevel|\$\{?(PWD|(PROJECT|REPO|ROOT|SCRIPT|BASE)_?(DIR|ROOT|PATH|FOLDER)?)\}?(?=\W|$)/i.test(
      textOf(last.span),
    )
  );
}

/** `data/{pg,redis}` as two words. */
function unfolded(text: string): string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text);
  if (!match || CONTENT.test(text)) return [text];
  const [, front = '', middle = '', behind = ''] = match;
  return middle.split(',').map((one) => `${front}${one}${behind}`);
}

/** A word of another command leads to what is deleted, to something in it or to a folder around it. */
export const leadsTo = (
  word: Word,
  command: Command,
  part: ScriptPart,
  script: Script,
  place: Spot,
  analysed: AnalysedProject,
): boolean =>
  namedBy(word, command, part, script, analysed).some(
    ({ root, inside }) => root === place.root && (isWithin(inside, place.inside) || isWithin(place.inside, inside)),
  );
