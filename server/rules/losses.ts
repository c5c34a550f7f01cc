/** What rules about lost data share: the stores with their diagnoses, and the words for what happens to them. */
import * as path from 'node:path';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../stores/model.ts';
import type { Evidence } from '../survival/words.ts';
import { claimed } from './claims.ts';
import { type Diagnosis, diagnose, severityFor } from './diagnosis.ts';
import { isForBackups } from './mount-words.ts';
import type { Finding, RuleContext, Severity } from './rule.ts';
import { runsOf } from './runs.ts';

export interface Loss<K extends Diagnosis['kind']> {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  readonly diagnosis: Extract<Diagnosis, { kind: K }>;
  /** The path that has to be mounted: of a file its directory. */
  readonly directory: string;
}

interface Diagnosed {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  readonly diagnosis: Diagnosis;
}

/** Each store has one diagnosis, so no two rules report it; each rule asks for those of its kind. */
const known = new WeakMap<AnalysedProject, ReadonlyMap<Diagnosis['kind'], readonly Diagnosed[]>>();

function diagnosedIn(context: RuleContext): ReadonlyMap<Diagnosis['kind'], readonly Diagnosed[]> {
  const before = known.get(context.analysed);
  if (before) return before;
  const found = new Map<Diagnosis['kind'], Diagnosed[]>();
  for (const one of diagnoseAll(context)) {
    const same = found.get(one.diagnosis.kind);
    if (same) same.push(one);
    else found.set(one.diagnosis.kind, [one]);
  }
  known.set(context.analysed, found);
  return found;
}

/** Stores that matter. A project read without its base says nothing of what is missing. */
function* diagnoseAll(context: RuleContext): Iterable<Diagnosed> {
  const { project, services } = context.analysed;
  for (const analysed of services) {
    if (project.incomplete && !analysed.service.image && !analysed.service.build) continue;
    for (const one of analysed.stores) {
      if (one.store.kind === 'cache') continue;
      const diagnosis = claimed(context, analysed, one, unlessForBackups(diagnose(analysed, one, context.files)));
      if (diagnosis && (one.store.need !== 'optional' || diagnosis.kind === 'fallback'))
        yield { analysed, one, diagnosis };
    }
  }
}

/** A mount for dumps is none that was meant to hold the data: the data has no mount at all. */
const unlessForBackups = (found: Diagnosis | null): Diagnosis | null =>
  (found?.kind === 'elsewhere' && !found.known && isForBackups(found.mount)) ||
  (found?.kind === 'below' && isForBackups(found.mount))
    ? { kind: 'missing' }
    : found;

/** Stores that matter and have this diagnosis. */
export function* losses<K extends Diagnosis['kind']>(context: RuleContext, kind: K): Iterable<Loss<K>> {
  for (const { analysed, one, diagnosis } of diagnosedIn(context).get(kind) ?? []) {
    const at = one.store.path!;
    // What else stands in the folder of an image's own file is not known: only the file itself is spoken of.
    const folder = one.store.isFile && one.store.role === 'embedded';
    yield {
      analysed,
      one,
      diagnosis: diagnosis as Loss<K>['diagnosis'],
      directory: folder ? path.posix.dirname(at) : at,
    };
  }
}

export function fateSentence({ analysed: { project } }: RuleContext, { backing, store }: AnalysedStore): string {
  const { anonymous, whenGone } = runsOf(project);
  switch (backing.type) {
    case 'anonymous-volume':
      return anonymous;
    case 'image':
      // Of a server's folder and of uploads an image holds what it brings, and none of what was written since.
      return store.role === 'server' || store.technology === 'uploads'
        ? `is deleted ${whenGone}`
        : `goes back to the copy in the image ${whenGone}`;
    case 'tmpfs':
      return 'is lost at every stop and restart';
    default:
      return `is deleted ${whenGone}`;
  }
}

/** `PostgreSQL data`: what the message is about. */
export const dataOf = ({ store }: AnalysedStore): string =>
  store.role === 'embedded' && store.isFile ? `the ${store.title} database` : `${store.title} data`;

export const relatedOf = ({ store, backing }: AnalysedStore): Evidence[] => {
  const assumed: Evidence[] =
    backing.reason === undefined ? [] : [{ from: 'mount', note: backing.reason, confidence: 'memory' }];
  return [...store.evidence, ...assumed];
};

export function finding<K extends Diagnosis['kind']>(
  context: RuleContext,
  loss: Loss<K>,
  severity: Severity,
  rest: Pick<Finding, 'message' | 'span' | 'fixes'>,
): Omit<Finding, 'rule'> {
  const { unless } = loss.one.store;
  return {
    ...rest,
    message: unless === undefined ? rest.message : `${rest.message}, unless ${unless}`,
    severity: severityFor(severity, loss.analysed, loss.one, context),
    service: loss.analysed.service.name,
    store: loss.one.store,
    related: relatedOf(loss.one),
  };
}
