/** A drill in the form in which every level reports. */
import type { AnalysedProject, AnalysedStore } from '../../stores/model.ts';
import type { Backing } from '../../survival/words.ts';
import type { CheckResult } from '../checks.ts';
import { fateIn, type LiveFinding, type LiveStore, type Report } from '../model.ts';
import { fatesOf } from '../observe.ts';
import type { LiveDrillReport, LiveDrillStore } from './live-model.ts';
import type { DrillReport, DrillStore } from './model.ts';

export function reportOf(drill: DrillReport): Report {
  const { engine, project, files, errors, notes, by } = drill;
  return {
    level: 'drill',
    engine,
    disk: null,
    project,
    files,
    results: drill.results.map(storeOf),
    findings: drill.results.flatMap(findingsOf),
    checks: [],
    notes: [`Carried out in a scratch copy by ${by === 'compose' ? 'Compose' : 'the engine alone'}`, ...notes],
    errors,
  };
}

const storeOf = (one: DrillStore): LiveStore => ({
  service: one.service,
  container: null,
  state: null,
  technology: one.technology,
  title: one.title,
  path: one.path,
  kind: one.kind,
  optional: one.optional,
  server: one.planted === 'record',
  predicted: one.predicted,
  observed: null,
  told: null,
  events: one.events,
  agrees: one.agrees,
  verdict: one.verdict,
  reason: one.reason,
  evidence: one.evidence,
});

function findingsOf({ service, title, path, verdict, reason, agrees, events, predicted }: DrillStore): LiveFinding[] {
  const subject = `${title} data${path === null ? '' : ` (${path})`}`;
  const lost: LiveFinding[] =
    verdict === 'NOT PERSISTED' || verdict === 'AT RISK'
      ? [
          {
            rule: 'lost-in-drill',
            severity: verdict === 'AT RISK' ? 'warning' : 'error',
            message: `${subject}: ${reason}`,
            service,
          },
        ]
      : [];
  const different = events.filter(({ event, fate }) => fate !== 'unknown' && fateIn(predicted.fate, event) !== fate);
  const words = different.map(({ event, fate }) => `${event}: ${fate}, not ${fateIn(predicted.fate, event)}`);
  return agrees === false && lost.length === 0
    ? [
        {
          rule: 'prediction-differs',
          severity: 'info',
          message: `${subject}: the files let expect something else (${words.join('; ')})`,
          service,
        },
      ]
    : lost;
}

export function liveReportOf(drill: LiveDrillReport, analysed: AnalysedProject): Report {
  const { engine, project, service, stores, checks, backups, plan, done } = drill;
  const refused: LiveFinding[] = plan.refusals.map((reason) => ({
    rule: 'lost-in-drill',
    severity: plan.verdict === 'NOT PERSISTED' ? 'error' : 'warning',
    message: `${service} was not made anew: ${reason}`,
    service,
  }));
  const own = analysed.services.find((one) => one.service.name === service)?.stores ?? [];
  const results = stores.map((one) => liveStoreOf(service, plan.container, one, own));
  return {
    level: 'drill',
    engine,
    disk: null,
    project,
    files: analysed.project.files.map(({ path }) => path),
    results,
    findings: [
      ...refused,
      ...results.flatMap(({ verdict, title, reason }): LiveFinding[] =>
        verdict === 'NOT PERSISTED'
          ? [{ rule: 'lost-in-drill', severity: 'error', message: `${title} data: ${reason}`, service }]
          : [],
      ),
      ...checks.flatMap(({ before, after, passed }): LiveFinding[] =>
        passed === false
          ? [{ rule: 'check-failed', severity: 'error', message: `${before.name}: ${changed(before, after)}`, service }]
          : [],
      ),
    ],
    checks: checks.map(({ before, after, passed }) => ({ ...after, passed, reason: changed(before, after) })),
    notes: [
      done ? `${service} was made anew: ${plan.command}` : 'Nothing was done',
      ...backups.map(({ path, file }) => `${path} was copied to ${file} before`),
    ],
    errors: [],
  };
}

const changed = (before: CheckResult, after: CheckResult): string =>
  before.count === null || after.count === null
    ? `before ${before.reason}; after ${after.reason}`
    : `it counted ${before.count} before and ${after.count} after`;

const UNKNOWN: Backing = { type: 'unknown', reason: 'the files say nothing of it' };

function liveStoreOf(
  service: string,
  container: string | null,
  one: LiveDrillStore,
  stores: readonly AnalysedStore[],
): LiveStore {
  const same = stores.filter(({ store }) => store.technology === one.technology);
  const said = same.find(({ store }) => store.path === one.path) ?? same[0];
  const { span: _, ...backing } = said?.backing ?? UNKNOWN;
  return {
    service,
    container,
    state: null,
    technology: one.technology,
    title: one.title,
    path: one.path,
    kind: said?.store.kind ?? 'essential',
    optional: said?.store.need === 'optional',
    server: said?.store.role !== 'embedded',
    predicted: { backing, fate: said?.fate ?? fatesOf(backing, 'compose') },
    observed: null,
    told: one.after,
    events: [],
    agrees: null,
    verdict: one.verdict,
    reason: one.reason,
    evidence: one.before?.contents ? [`Before: ${one.before.contents}`] : [],
  };
}
