/** Which calls each access may make. The promise of the levels rests on this table, not on their good intentions. */
import type { Access } from './engine.ts';

const READS = new Set(['GET', 'HEAD']);
/** Attaching and following are sessions, exporting reads whole disks: nothing here needs them. */
const NEVER = /\/(attach|export|get)(\/ws)?$/;
const RUNS = /^\/(containers\/[^/]+\/exec|exec\/[^/]+\/start)$/;

/** Of everything that a scratch copy is made of: what the label says whose it is. */
export const LABEL = 'io.compose-persistence.drill';

const CREATES = /^\/(containers|volumes|networks)\/create$/;
const BUILDS = '/build';
/** Of the name of everything that a scratch copy is made of, before its id. */
export const NAME = 'persistence-drill-';
const CHANGES: readonly (readonly [method: string, path: RegExp])[] = [
  ['POST', /^\/(containers\/[^/]+)\/(start|stop|kill|restart)$/],
  ['PUT', /^\/(containers\/[^/]+)\/archive$/],
  // A path such as /volumes/prune is a POST, and refused with all others that are not named here.
  ['DELETE', /^\/((?:containers|volumes|networks|images)\/[^/]+)$/],
];

export function isAllowed(access: Access, method: string, path: string): boolean {
  if (READS.has(method)) return !NEVER.test(path);
  if (access === 'inspect') return false;
  if (method === 'POST' && RUNS.test(path)) return true;
  if (access === 'read') return false;
  return (method === 'POST' && (CREATES.test(path) || path === BUILDS)) || changedBy(method, path) !== null;
}

/** `containers/ID`: what a call changes or removes. Null: nothing that was there. */
export function changedBy(method: string, path: string): string | null {
  for (const [one, pattern] of CHANGES) {
    const thing = one === method ? pattern.exec(path)?.[1] : undefined;
    if (thing !== undefined) return decodeURIComponent(thing);
  }
  return null;
}

/** Nothing is made without our label, so that it can always be told from what is the user's. */
export function makesUnlabelled(method: string, path: string, body: unknown): boolean {
  if (method !== 'POST' || !CREATES.test(path)) return false;
  const { Labels: labels } = (body ?? {}) as { readonly Labels?: Readonly<Record<string, unknown>> };
  return typeof labels?.[LABEL] !== 'string' || labels[LABEL] === '';
}

/** No image is built without our label, nor under a name that could be another's: `query` as it is sent. */
export function buildsForeign(method: string, path: string, query: unknown): boolean {
  if (method !== 'POST' || path !== BUILDS) return false;
  const { t: name, labels, remote } = (query ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof labels !== 'string' || remote !== undefined) return true;
  const { [LABEL]: id } = JSON.parse(labels) as Readonly<Record<string, unknown>>;
  return typeof id !== 'string' || id === '' || !name.startsWith(`${NAME}${id}-`);
}

/** What was just looked up and found to be ours: good for one call. */
export class Vouchers {
  readonly #things = new Set<string>();

  give(thing: string): void {
    this.#things.add(thing);
  }

  take(thing: string): boolean {
    return this.#things.delete(thing);
  }
}
