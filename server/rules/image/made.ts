/** Databases that a build makes, in the stage of the image or in one that it copies from. */
import * as path from 'node:path';
import { isReferenceData } from '../../stores/database-files.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { RunStep, StageResult } from '../../syntax/dockerfile.ts';
import type { Command } from '../../syntax/shell.ts';
import { type Making, makingsOf } from './makers.ts';
import { type LocatedText, runText } from './texts.ts';
import { type Write, wordValue, writesOf } from './writes.ts';

export interface Made {
  readonly making: Making;
  readonly command: Command;
  readonly text: LocatedText;
  readonly run: RunStep;
  /** Where the database lies in the image; null where that is not known. */
  readonly path: string | null;
  /** The application is known to use what lies there. */
  readonly store?: AnalysedStore;
}

interface Removal extends Write {
  readonly run: RunStep;
}

export function madeIn(analysed: AnalysedService): Made[] {
  const { stage } = analysed.image;
  return stage ? inStage(stage, analysed, new Set()) : [];
}

function inStage(stage: StageResult, analysed: AnalysedService, open: Set<number>): Made[] {
  if (open.has(stage.index)) return [];
  open.add(stage.index);
  let found: Made[] = [];
  for (const step of stage.steps) {
    if (step.kind === 'run') {
      found.push(...inRun(step.run, stage, analysed));
      // What is removed again is not in the image.
      const gone = writesOf(step.run, stage).flatMap((write) =>
        write.act === 'remove' ? { ...write, run: step.run } : [],
      );
      found = found.filter((made) => !gone.some((write) => removes(write, made)));
    } else if (step.kind === 'copy' && step.copy.from && 'stage' in step.copy.from) {
      const other = stage.other(step.copy.from.stage);
      const sources = step.copy.sources.map(({ value }) => path.posix.resolve('/', value));
      const taken = other ? inStage(other, analysed, open) : [];
      found.push(
        ...taken.filter((made) => made.path !== null && sources.some((source) => isWithin(made.path!, source))),
      );
    }
  }
  open.delete(stage.index);
  return found;
}

const removes = ({ path: gone, recursive, command, run }: Removal, made: Made): boolean =>
  made.path !== null &&
  (gone === made.path || (recursive && isWithin(made.path, gone))) &&
  (run !== made.run || command.start > made.command.end);

function inRun(run: RunStep, stage: StageResult, analysed: AnalysedService): Made[] {
  const text = runText(run);
  if (!text?.whole) return [];
  const hidden = (run.mounts ?? []).flatMap(
    (mount) => /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(mount)?.[1] ?? [],
  );
  let folder: string | null = run.workdir;
  const found: Made[] = [];
  const makings = new Map([...makingsOf(text.commands)].map(({ command, making }) => [command, making]));
  for (const command of text.commands) {
    const making = makings.get(command);
    if (making && !command.within.includes('function')) {
      const at = placeOf(making, folder, stage, analysed);
      const inImage = at.path === null || !hidden.some((target) => isWithin(at.path!, target));
      if (inImage && !(at.path !== null && isReferenceData(at.path))) found.push({ making, command, text, run, ...at });
    }
    if (command.words[0]?.text === 'cd') {
      const to = command.words[1] ? wordValue(command.words[1], stage) : null;
      folder = to === null || folder === null ? (to?.startsWith('/') ? to : null) : path.posix.resolve(folder, to);
    }
  }
  return found;
}

function placeOf(
  { place, usual }: Making,
  folder: string | null,
  stage: StageResult,
  { stores }: AnalysedService,
): Pick<Made, 'path' | 'store'> {
  if (place) {
    const value = wordValue(place, stage);
    const at =
      value === null || (folder === null && !value.startsWith('/')) ? null : path.posix.resolve(folder ?? '/', value);
    const store = stores.find(({ store: one }) => at !== null && one.path === at);
    return store ? { path: at, store } : { path: at };
  }
  if (usual !== undefined) {
    const store = stores.find(({ store: one }) => one.path !== null && isWithin(one.path, usual));
    return store ? { path: store.store.path, store } : { path: usual };
  }
  const files = stores.filter(
    ({ store: one }) => one.role === 'embedded' && one.technology === 'sqlite' && one.evidence[0].from !== 'mount',
  );
  const [only] = files;
  return only && files.length === 1 ? { path: only.store.path, store: only } : { path: null };
}
