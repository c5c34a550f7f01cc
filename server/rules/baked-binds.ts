/** Folders that services keep their data in, inside of a build context: the image takes along what is in them. */
import * as path from 'node:path';
import { isReferenceData } from '../stores/database-files.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { type BuildContext, copiedOf } from '../syntax/build-context.ts';
import type { CopyStep } from '../syntax/dockerfile.ts';
import { hasBound, hostPlaceOf } from './host-folder.ts';
import { isKept } from './kept.ts';

export interface BakedBind {
  readonly analysed: AnalysedService;
  readonly context: BuildContext;
  readonly step: CopyStep;
  /** At least one, in the order of the services. */
  readonly data: readonly KeptData[];
}

export interface KeptData {
  readonly of: AnalysedService;
  readonly one: AnalysedStore;
  /** Below the context. */
  readonly at: string;
}

/** Data that is known, in a folder of the host: nobody has to have started anything yet. */
export function keptOnHost({
  project,
  services,
}: AnalysedProject): readonly { of: AnalysedService; one: AnalysedStore; inside: string }[] {
  const onlyBinds = !hasBound(project);
  return services.flatMap((of) => {
    if (of.service.broken || of.image.match?.lookalike) return [];
    return of.stores.flatMap((one) => {
      const { store, backing } = one;
      if (onlyBinds && backing.type !== 'bind-mount') return [];
      if (!isKept(one) || store.evidence[0].from === 'mount' || store.technology === 'uploads' || one.backing.readOnly)
        return [];
      const place = hostPlaceOf(one, of, project);
      return place ? [{ of, one, inside: place.inside }] : [];
    });
  });
}

/** Steps of final stages that copy such a folder, the step by step. */
export function* bakedBinds(project: AnalysedProject): Iterable<BakedBind> {
  const kept = keptOnHost(project);
  if (kept.length === 0) return;
  for (const analysed of project.services) {
    const { stage } = analysed.image;
    const { context } = analysed.placed;
    if (!stage || !context) continue;
    const inside = kept.flatMap(({ of, one, inside }): KeptData[] => {
      const at = path.posix.relative(context.directory, inside);
      const isThere = inside !== context.directory && isWithin(inside, context.directory);
      return isThere && !isReferenceData(at) ? [{ of, one, at }] : [];
    });
    for (const step of inside.length > 0 ? stage.steps : []) {
      if (step.kind !== 'copy' || step.copy.from) continue;
      const data = inside.filter((one) => isTaken(one, context, step.copy));
      if (data.length > 0) yield { analysed, context, step: step.copy, data };
    }
  }
}

function isTaken({ one, at }: KeptData, context: BuildContext, step: CopyStep): boolean {
  const file = one.store.isFile ? at : `${at}/data`;
  return !context.ignores(at) && !context.ignores(file) && copiedOf([`/${file}`], step).length > 0;
}
