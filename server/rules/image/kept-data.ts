/** The data that a container works on: what is known of the service, and what the image's own server keeps. */
import { dataPaths } from '../../catalogue/match.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { valuesOf } from '../values.ts';

export interface Data {
  readonly title: string;
  readonly path: string;
  readonly one?: AnalysedStore;
}

/** A mount alone says nothing of what is in it: files that are made anew are mounted as well. */
export function essentialData(analysed: AnalysedService): Data[] {
  const stores = analysed.stores.flatMap((one): Data[] => {
    const { store } = one;
    const counts = store.kind === 'essential' && store.need === 'required' && store.evidence[0].from !== 'mount';
    return counts && store.path !== null ? [{ title: store.title, path: store.path, one }] : [];
  });
  return [...stores, ...ofServer(analysed).filter(({ path }) => stores.every((one) => one.path !== path))];
}

/** Also where a script starts the server: then nothing but the image tells of the data. */
export function ofServer(analysed: AnalysedService): Data[] {
  const { match } = analysed.image;
  if (!match || match.lookalike) return [];
  return dataPaths(match, valuesOf(analysed))
    .filter(
      ({ kind, need, certain, confidence }) =>
        kind === 'essential' && need === 'required' && certain && confidence !== 'memory',
    )
    .map(({ path }) => ({ title: match.family.title, path: cleanTarget(path) }));
}
