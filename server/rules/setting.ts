/** Fixes that say to the program where its data is to lie, in place of a mount where it lies now. */
import * as path from 'node:path';
import { dataPaths, relocations } from '../catalogue/match.ts';
import { replaceSpan } from '../fixes/edits.ts';
import { addVariable } from '../fixes/environment.ts';
import { isBroken, isShared } from '../fixes/layout.ts';
import type { Mount } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { flatWords } from '../stores/words.ts';
import { isWithin } from '../survival/backing.ts';
import { type Span, textOf } from '../syntax/source.ts';
import { isOpen } from './kept.ts';
import type { Fix, RuleContext } from './rule.ts';
import { moveBelow } from './steps.ts';
import { valuesOf } from './values.ts';

/** A variable or a flag that names a place outside all mounts: it is put below the mount that waits for the data. */
export function settingBelow(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
): Fix[] {
  const [{ from, span }] = one.store.evidence;
  if ((from !== 'environment' && from !== 'command') || !span) return [];
  const { service } = analysed;
  if (!service.declarations.some(({ source }) => source === span.source)) return [];
  const mount = waiting(analysed, one);
  // A variable that names the folder of a file: the file itself is not written anywhere.
  const at =
    one.store.isFile && !textOf(span).includes(one.store.path!) ? path.dirname(one.store.path!) : one.store.path!;
  const written = mount && placeIn(span, at);
  if (!written || isTiedTo(analysed, at)) return [];
  const value = textOf(written);
  const { source, start, end } = written;
  if (isShared(source, start, end) || isBroken(source, start, end)) return [];
  const place = path.posix.join(mount.target, path.posix.basename(value));
  return [
    {
      title: `Keep it in ${place}, below the mount`,
      safety: 'migration',
      edits: [replaceSpan(written, place)],
      steps: moveBelow(project, service, {
        from: cleanTarget(value),
        to: place,
        mount,
        isFile: (one.store.isFile && at === one.store.path) || cleanTarget(value) !== at,
      }),
    },
  ];
}

/** The mount on the usual place of the data, where it stays empty: no other data of the image lies there. */
function waiting(analysed: AnalysedService, one: AnalysedStore): Mount | undefined {
  const { match } = analysed.image;
  if (!match || match.lookalike) return undefined;
  const usual = dataPaths(match, valuesOf(analysed))
    .filter(({ need, file }) => need === 'required' && !file)
    .map((fact) => cleanTarget(fact.path));
  return analysed.service.mounts.find(
    (mount) =>
      isLasting(mount) &&
      usual.some((at) => isWithin(at, mount.target)) &&
      // A key lies well beside the data that it opens.
      (one.store.kind === 'secret' ||
        !analysed.stores.some(
          ({ store }) =>
            store !== one.store && store.role === 'server' && store.path !== null && isWithin(store.path, mount.target),
        )),
  );
}

const isLasting = (mount: Mount): boolean =>
  mount.from === 'volumes' &&
  (mount.type === 'volume' || mount.type === 'bind') &&
  mount.source !== undefined &&
  !isOpen(mount) &&
  !mount.readOnly;

/** The place as it is written: the directory, or a file in it. Undefined where it is put together or stands there twice. */
function placeIn(span: Span, directory: string): Span | undefined {
  const text = textOf(span);
  if (text.includes('$')) return undefined;
  const pattern = new RegExp(
    `(?<=^|[\\s=:"'])${directory.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(/[^\\s"',:;]*)?`,
    'g',
  );
  const found = [...text.matchAll(pattern)];
  const [only] = found;
  if (found.length !== 1 || !only || !/^["']?$/.test(text.slice(only.index + only[0].length))) return undefined;
  const start = span.start + only.index;
  return { source: span.source, start, end: start + only[0].length };
}

/** Another setting names the same place: what it says would stay behind. */
function isTiedTo(analysed: AnalysedService, directory: string): boolean {
  const named = [...analysed.environment.values()].filter(({ value }) => value?.includes(directory)).length;
  return named + flatWords(analysed.argv).filter((word) => word.includes(directory)).length !== 1;
}

/** The one variable that names the file of the database, which is not set: below the mount that somebody meant for it. */
export function newSettingBelow(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
): Fix[] {
  const { service, image } = analysed;
  if (!image.match || image.match.lookalike || !isLasting(mount) || service.environmentGaps.length > 0) return [];
  const at = one.store.path!;
  const moves = relocations(image.match, valuesOf(analysed)).filter((move) => cleanTarget(move.moves ?? '') === at);
  const [move] = moves;
  if (moves.length !== 1 || !move?.certain || move.confidence === 'memory') return [];
  if (move.by !== 'env' || move.form !== 'file' || move.below !== undefined) return [];
  const place = path.posix.join(mount.target, path.posix.basename(move.default ?? at));
  const edits = analysed.environment.has(move.key) ? null : addVariable(service, move.key, place);
  if (!edits) return [];
  return [
    {
      title: `Set ${move.key} to ${place}, below the mount`,
      safety: 'migration',
      edits,
      steps: moveBelow(project, service, { from: at, to: place, mount, isFile: true }),
    },
  ];
}
