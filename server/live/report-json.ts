/** The report as other programs read it. What is not named here does not leave: no environment, no volume options. */
import type { BackingReport, StoreReport, VerifyReport } from '../protocol.ts';
import type { Backing } from '../survival/words.ts';
import type { Level, LiveStore, Report } from './model.ts';

type Place = (file: string) => string;

export function reportJson(report: Report, place: Place): VerifyReport {
  const { engine, disk } = report;
  return {
    schema: 1,
    level: report.level,
    engine: {
      name: engine.name,
      version: engine.version,
      apiVersion: engine.apiVersion,
      operatingSystem: engine.operatingSystem,
      endpoint: engine.endpoint,
      reason: engine.reason,
      disk,
    },
    project: { name: report.project, files: report.files.map(place) },
    results: report.results.map(storeJson),
    findings: report.findings,
    checks: report.checks,
    notes: report.notes,
    errors: report.errors,
  };
}

/** Nothing could be verified: no engine, or no project. */
export const refusalJson = (
  level: Level,
  project: VerifyReport['project'],
  errors: VerifyReport['errors'],
): VerifyReport => ({
  schema: 1,
  level,
  engine: null,
  project,
  results: [],
  findings: [],
  checks: [],
  notes: [],
  errors,
});

function storeJson(result: LiveStore): StoreReport {
  const { technology, title, path, kind, optional, predicted, observed } = result;
  return {
    service: result.service,
    container: result.container,
    state: result.state,
    store: { technology, title, path, kind, optional },
    predicted: { backing: backingJson(predicted.backing), fate: predicted.fate },
    observed: observed && {
      backing: {
        ...backingJson(observed.backing),
        ...(observed.holder === undefined ? {} : { holder: observed.holder }),
        size: observed.size,
        created: observed.created,
      },
      fate: observed.fate,
    },
    told: result.told,
    events: result.events,
    agrees: result.agrees,
    verdict: result.verdict,
    reason: result.reason,
    evidence: result.evidence,
  };
}

const backingJson = ({ type, source, target, reason }: Backing): BackingReport => ({
  type,
  ...(source === undefined ? {} : { source }),
  ...(target === undefined ? {} : { target }),
  ...(reason === undefined ? {} : { reason }),
});
