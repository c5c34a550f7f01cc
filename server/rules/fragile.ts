/** Data that needs a local file system: locks, shared memory or mapped files that others do not keep to. */
import { dataPaths, usersOf } from '../catalogue/match.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import type { Confidence } from '../survival/words.ts';
import { valuesOf } from './values.ts';

export interface Fragile {
  /** What in it is fragile, for the message: `SQLite`. */
  readonly what: string;
  readonly why: string;
  readonly confidence: Confidence;
  readonly citation: string;
}

const SQLITE = {
  what: 'SQLite',
  why: 'its locks and its write-ahead log do not work there, and the database gets damaged',
  citation: 'https://www.sqlite.org/wal.html',
};

const QDRANT = {
  what: 'Qdrant',
  why: 'it maps its files into memory, and its vectors get damaged',
  citation: 'https://qdrant.tech/documentation/guides/installation/',
};

/** Only what is said without conditions: `SQLite when no other database is set` is not. */
const CONDITIONAL = /without|when|\bor\b|convention|besides/i;

export function fragile({ store }: AnalysedStore, { image, environment }: AnalysedService): Fragile | undefined {
  if (store.kind !== 'essential') return undefined;
  if (store.technology === 'sqlite' || (store.technology === 'chroma' && store.role === 'embedded'))
    return { ...SQLITE, confidence: store.confidence };
  if (store.role !== 'server' || image.match?.lookalike) return undefined;
  if (store.technology === 'qdrant') return { ...QDRANT, confidence: store.confidence };
  const family = image.match?.family;
  if (family?.id !== store.technology || store.need !== 'required') return undefined;
  const values = valuesOf({ environment });
  const known = dataPaths(image.match!, values).find(({ path }) => path === store.path);
  if (!known?.certain || !/sqlite/i.test(known.holds) || CONDITIONAL.test(known.holds)) return undefined;
  return { ...SQLITE, confidence: known.confidence };
}

/** Whether the entrypoint of a known image begins as root, and gives its directory to the user it then runs as. */
export function startsAsRoot({ image: { match, stage }, environment }: AnalysedService): boolean {
  if (!match || match.lookalike || stage) return false;
  const users = usersOf(match, valuesOf({ environment }));
  return users.length > 0 && users.every(({ start, run, certain }) => certain && start === 'root' && run !== 'root');
}

/** The user that an image runs as from the start; undefined where its entrypoint begins as root and can help itself. */
export function fixedUser({ service, image, environment }: AnalysedService) {
  const { match } = image;
  if (!match || match.lookalike || image.stage || service.user) return undefined;
  const values = valuesOf({ environment });
  const users = usersOf(match, values);
  const [user] = users;
  return users.length === 1 && user?.certain && user.start !== 'root' && user.start !== '0' && user.uid
    ? user
    : undefined;
}
