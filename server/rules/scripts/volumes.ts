/** Data of the project that goes when its volumes are removed. */
import type { Project } from '../../project/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';

/** The name on the engine. An external volume has the one that it is declared by, whatever the project is called. */
export function volumeNameOf(key: string, { name, volumes }: Project): string {
  const volume = volumes.get(key);
  return volume?.name ?? (volume?.external ? key : `${name}_${key}`);
}

export interface Held {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  /** The volume's name on the engine; absent for an anonymous one. */
  readonly volume?: string;
}

const matters = ({ store }: AnalysedStore): boolean =>
  store.kind === 'essential' && store.path !== null && (store.need === 'required' || store.technology === 'files');

/** What stays through `down`, and goes with `down --volumes`. */
export function heldInNamed({ project, services }: AnalysedProject): Held[] {
  return services.flatMap((analysed) =>
    analysed.stores
      .filter((one) => matters(one) && one.fate.down === 'kept' && one.fate['down-volumes'] === 'lost')
      .map((one) => {
        const key = one.backing.source;
        const volume = key === undefined ? undefined : volumeNameOf(key, project);
        return { analysed, one, ...(volume === undefined ? {} : { volume }) };
      }),
  );
}

/** What lies in volumes that are made outside of the project: nothing but their name removes them. */
export const heldInExternal = ({ project, services }: AnalysedProject): Held[] =>
  services.flatMap((analysed) =>
    analysed.stores.flatMap((one) => {
      const { type, source } = one.backing;
      if (!matters(one) || type !== 'external-volume' || source === undefined) return [];
      return [{ analysed, one, volume: volumeNameOf(source, project) }];
    }),
  );

/** What lies in volumes without a name. */
export const heldInAnonymous = ({ services }: AnalysedProject): Held[] =>
  services.flatMap((analysed) =>
    analysed.stores
      .filter((one) => matters(one) && one.backing.type === 'anonymous-volume')
      .map((one) => ({ analysed, one })),
  );

/** `PostgreSQL data (volume shop_db) and Files (volume shop_up)`; of many the first three. */
export function namesOf(held: readonly Held[]): string {
  const all = held.map(({ one, volume }) => {
    const what = one.store.technology === 'files' ? `what lies in ${one.store.path}` : `${one.store.title} data`;
    return `${what} (${volume === undefined ? one.store.path : `volume ${volume}`})`;
  });
  const [shown, more] = [all.slice(0, 3), all.length - 3];
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('');
}
