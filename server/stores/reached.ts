/** Stores of code that nothing imports which the container starts: they may be opened by hand, or by nobody. */
import type { Evidence, Store } from '../survival/words.ts';
import type { Reach } from './source/reach/reach.ts';

const SCRIPT = /\.(?:py|[mc]?[jt]s|[jt]sx)$/;

/** The files that open it, and those that hand its path down. */
const openedIn = ({ evidence }: Store): string[] =>
  evidence.flatMap(({ from, span }) =>
    from === 'source' && span && SCRIPT.test(span.source.path) ? span.source.path : [],
  );

/** Opened by code of a language whose imports are followed. */
export const isOpenedByScript = (store: Store): boolean => openedIn(store).length > 0;

interface Place {
  /** By the path on the host. */
  readonly at: ReadonlyMap<string, string>;
  readonly workdir: string | null;
}

/** More are not named. */
const MAX_NAMED = 3;

/** Sure ones first: of stores in one place the first has the say. */
export function unsureUnlessReached(stores: readonly Store[], reach: Reach, { at, workdir }: Place): Store[] {
  const missed = new Map<Store, string>();
  for (const store of stores) {
    const file = openedIn(store).find((one) => !reach.files.has(one));
    if (file !== undefined) missed.set(store, file);
  }
  if (missed.size === 0) return [...stores];
  const shown = (file: string): string => relative(at.get(file) ?? file, workdir);
  const started = reach.entries.slice(0, MAX_NAMED).map(shown).join(', ');
  const sure = stores.filter((store) => !missed.has(store));
  // What is opened in any case needs no word of who else might open it.
  const others = [...missed].filter(([store]) => !sure.some((one) => isSame(one, store)));
  return [...sure, ...others.map(([store, file]) => unreached(store, shown(file), started))];
}

const isSame = (a: Store, b: Store): boolean => a.path !== null && a.path === b.path && a.technology === b.technology;

function relative(at: string, workdir: string | null): string {
  const folder = `${workdir?.replace(/\/$/, '')}/`;
  return workdir !== null && at.startsWith(folder) ? at.slice(folder.length) : at;
}

function unreached(store: Store, file: string, started: string): Store {
  const because: Evidence = {
    from: 'source',
    note: `${file} is not imported by what is started: ${started}`,
    confidence: 'memory',
  };
  return { ...store, confidence: 'memory', evidence: [...store.evidence, because] };
}
