import { replaceSpan } from '../../fixes/edits.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { flatWords } from '../../stores/words.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure, keptByServer, placeOf } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

/** Programs that carry data from one major version to another. */
const CARRIER =
  /(^|\/|-)(pg_dump|pg_dumpall|pg_restore|pg_upgrade|pgautoupgrade|mysqldump|mysqlsh|mongodump|mongorestore)/;

const majorOf = (version: string | null | undefined): number | undefined =>
  version === null || version === undefined ? undefined : Number.parseInt(version, 10);

const MYSQL = /^(mysql|bitnami-mysql|percona-server)$/;

/** PostgreSQL opens the files of its own major version only; the others go up, one version after the other. */
function isRefused(family: string, old: number, now: number): boolean {
  if (/^(postgres|pgvector|postgis|timescaledb|bitnami-postgresql|citus|age|paradedb)/.test(family)) return old !== now;
  // After MySQL 5 came 8.
  const counted = (major: number): number => (MYSQL.test(family) && major < 8 ? 7 : major);
  return now < old || counted(now) - counted(old) > 1;
}

const carries = ({ argv, service, image }: AnalysedService): boolean =>
  CARRIER.test(service.image?.value ?? '') ||
  CARRIER.test(image.match?.reference.path ?? '') ||
  flatWords(argv).some((word) => CARRIER.test(word));

/** The same data before and after. */
function onSameFiles(then: AnalysedService, before: AnalysedProject, now: AnalysedService, after: AnalysedProject) {
  const old = keptByServer(then)[0];
  const one = keptByServer(now)[0];
  if (!old || !one) return undefined;
  const from = placeOf(old, then, before.project);
  const to = placeOf(one, now, after.project);
  return from && to && from.root === to.root && from.mount.source === to.mount.source ? one : undefined;
}

const rule: Rule = {
  name: 'major-version-change',
  severity: 'warning',
  summary: 'Since the last commit the image of a database has another major version, on the same files.',
  rationale:
    'PostgreSQL opens only files of its own major version, and the others skip no version and never go back. With the new tag the server refuses to start on the old volume. The data is unharmed, but it can only be dumped with the old version. The file is compared with what git has at HEAD.',
  bad: '# committed: image: postgres:15\nservices:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: '# committed: image: postgres:15\nservices:\n  db:\n    image: postgres:15\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'It goes back to the version that wrote the files; its steps say how to go on from there.',
  since: '0.2.0',
  references: ['https://www.postgresql.org/docs/current/upgrading.html'],
  *check({ analysed: now, before }) {
    if (!before || now.services.some(carries)) return;
    for (const analysed of now.services) {
      const then = before.services.find(({ service }) => service.name === analysed.service.name);
      const match = analysed.image.match;
      const majors = match?.family.majors;
      if (
        !then ||
        !match ||
        majors?.compatible !== false ||
        match.lookalike ||
        then.image.match?.family !== match.family
      )
        continue;
      const old = majorOf(then.image.match.version);
      const next = majorOf(match.version);
      if (old === undefined || next === undefined || !isRefused(match.family.id, old, next)) continue;
      const kept = onSameFiles(then, before, analysed, now);
      if (!kept) continue;
      yield {
        severity: asSure('warning', kept.store.confidence, majors.confidence ?? match.family.confidence),
        message: `at the last commit ${analysed.service.name} was ${kept.store.title} ${then.image.match.version}, now it is ${match.version} on the same files: ${majors.note}; dump them with ${then.image.match.version} first`,
        span: match.span,
        service: analysed.service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => back(now, then, analysed),
      };
    }
  },
};

function back({ project }: AnalysedProject, then: AnalysedService, { service, image }: AnalysedService): Fix[] {
  const runs = runsOf(project);
  const old = then.service.image;
  const text = service.image;
  const backup = image.match?.family.backup.find(({ offline }) => !offline);
  if (!old || !text || text.pieces || old.pieces || textOf(text.span) !== text.value) return [];
  const steps = [
    `Apply this change, so that the version runs that wrote the files: ${runs.up(project, service)}`,
    `Dump them and keep the dump outside the volume${backup ? `: ${runs.exec(project, service, backup.command)}` : ''}`,
    `Then give the new version a new volume, start it and load the dump${backup?.restore ? `: ${backup.restore}` : ''}. Keep the old volume until you have seen your data`,
  ];
  return [
    {
      title: `Go on with ${old.value} for now`,
      safety: 'migration',
      edits: [replaceSpan(text.span, old.value)],
      steps,
    },
  ];
}

export default rule;
