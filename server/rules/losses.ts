/** What rules about lost data share: the stores with their diagnoses, and the words for what happens to them. */
import * as path from 'node:path';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import type { Evidence } from '../survival/words.ts';
import { claimed } from './claims.ts';
import { type Diagnosis, diagnose, severityFor } from './diagnosis.ts';
import type { Finding, RuleContext, Severity } from './rule.ts';
import { runsOf } from './runs.ts';

export interface Loss<K extends Diagnosis['kind']> {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  readonly diagnosis: Extract<Diagnosis, { kind: K }>;
  /** The path that has to be mounted: of a file its directory. */
  readonly directory: string;
}

const known = new WeakMap<AnalysedStore, Diagnosis | null>();

/** Each store has one, so no two rules report it. */
function diagnosisOf(context: RuleContext, analysed: AnalysedService, one: AnalysedStore): Diagnosis | null {
  let found = known.get(one);
  if (found === undefined) {
    found = claimed(context, analysed, one, diagnose(analysed, one, context.files));
    known.set(one, found);
  }
  return found;
}

/** Stores that matter and have this diagnosis. A project read without its base says nothing of what is missing. */
export function* losses<K extends Diagnosis['kind']>(context: RuleContext, kind: K): Iterable<Loss<K>> {
  const { analysed } = context;
  for (const service of analysed.services) {
    if (analysed.project.incomplete && !service.service.image && !service.service.build) continue;
    for (const one of service.stores) {
      if (one.store.kind === 'cache' || (one.store.need === 'optional' && kind !== 'fallback')) continue;
      const diagnosis = diagnosisOf(context, service, one);
      if (diagnosis?.kind !== kind) continue;
      const at = one.store.path!;
      // What else stands in the folder of an image's own file is not known: only the file itself is spoken of.
      const folder = one.store.isFile && one.store.role === 'embedded';
      yield {
        analysed: service,
        one,
        diagnosis: diagnosis as Loss<K>['diagnosis'],
        directory: folder ? path.posix.dirname(at) : at,
      };
    }
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
  return {
    ...rest,
    severity: severityFor(severity, loss.analysed, loss.one, context),
    service: loss.analysed.service.name,
    store: loss.one.store,
    related: relatedOf(loss.one),
  };
}
