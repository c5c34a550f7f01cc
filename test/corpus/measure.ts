/** Holds what the product says of labelled projects against the labels. The projects are named by PERSISTENCE_CORPUS. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diskFiles, slashed } from '../../server/files.ts';
import { discover } from '../../server/lint/discover.ts';
import { createLinter, uniqueFindings } from '../../server/lint/lint.ts';
import { lintAll } from '../../server/lint/lint-all.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { Finding } from '../../server/rules/rule.ts';
import type { AnalysedStore } from '../../server/stores/model.ts';
import { isWithin } from '../../server/survival/backing.ts';
import type { Fate } from '../../server/survival/words.ts';
import { positionAt } from '../../server/syntax/source.ts';

interface LabelledData {
  readonly path: string;
  readonly technology: string;
  readonly mount: string;
  readonly criticality: string;
  readonly survives: Record<'restart' | 'recreate' | 'down_up' | 'down_v', boolean | null>;
}

interface LabelledProblem {
  readonly kind: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number | null;
  readonly service: string | null;
  readonly knowable: string;
  readonly text: string;
}

export interface Label {
  readonly id: string;
  readonly dir: string;
  readonly compose: string;
  readonly services: readonly { readonly service: string; readonly data: readonly LabelledData[] }[];
  readonly problems: readonly LabelledProblem[];
}

/** Which rules speak of a labelled kind of problem. */
const LOST = [
  'missing-volume',
  'data-outside-mount',
  'sqlite-in-writable-layer',
  'relative-sqlite-url',
  'embedded-database-not-mounted',
  'embedded-vector-store-not-mounted',
  'embedded-db-fallback',
  'partial-persistence',
  'asymmetric-persistence',
  'key-material-not-persisted',
];

const RULES_OF: Record<string, readonly string[]> = {
  'missing-volume': LOST,
  'anonymous-volume': ['anonymous-volume', 'missing-volume'],
  'wrong-mount-path': ['mount-path-mismatch', 'mount-parent-of-image-volume', 'mount-below-data-dir', ...LOST],
  'tmpfs-data': ['tmpfs-for-data'],
  'data-outside-mount': LOST,
  'durability-off': ['redis-no-aof', 'durability-disabled', 'redis-persistence-off-with-volume'],
  'undeclared-volume': ['undeclared-volume'],
  'external-with-driver-opts': ['external-volume-with-options'],
  'baked-database': ['database-copied-into-image'],
  'floating-major-tag': ['floating-tag-on-datastore'],
  'missing-bind-source': ['missing-bind-source'],
  'shared-data-dir': ['shared-database-volume'],
  'uid-mismatch': ['bind-mount-uid-mismatch', 'bind-hides-image-data'],
  'unversioned-secret-or-db-in-git': ['data-in-git'],
  other: ['env-dependent-bind-source', ...LOST],
  'no-stop-grace': ['short-stop-grace-period'],
};

export interface Measure {
  readonly label: Label;
  readonly data: readonly {
    readonly service: string;
    readonly data: LabelledData;
    readonly store: AnalysedStore | undefined;
    readonly wrong: readonly string[];
  }[];
  readonly problems: readonly {
    readonly problem: LabelledProblem;
    readonly finding: Finding | undefined;
    readonly covered: boolean;
  }[];
  /** Errors and warnings that no label speaks of. */
  readonly unlabelled: readonly Finding[];
}

export const labelsOf = (corpus: string): Label[] =>
  JSON.parse(fs.readFileSync(path.join(corpus, 'labels.json'), 'utf8')) as Label[];

const EVENTS = { restart: 'restart', recreate: 'recreate', down_up: 'down', down_v: 'down-volumes' } as const;

const agrees = (fate: Fate, survives: boolean | null): boolean => survives === null || (fate === 'kept') === survives;

export async function measure(corpus: string, label: Label): Promise<Measure> {
  const folder = slashed(path.join(corpus, 'files', label.dir));
  const files = diskFiles();
  const { selections } = discover(files, [folder], DEFAULT_SETTINGS);
  const linter = createLinter(files);
  const outcomes = (await lintAll(linter, selections, DEFAULT_SETTINGS)).map(({ outcome }) => outcome);
  const main = outcomes.find((outcome) =>
    outcome.analysed.project.files.some((file) => file.path === `${folder}/${label.compose}`),
  );
  const findings = uniqueFindings(outcomes.flatMap((outcome) => outcome.findings));
  const data = label.services.flatMap(({ service, data: all }) =>
    all.map((one) => {
      const stores = main?.analysed.services.find((other) => other.service.name === service)?.stores ?? [];
      const within = (path: string | null): path is string => path !== null && isWithin(one.path, path);
      const store =
        stores.find((other) => other.store.path === one.path) ??
        stores.find((other) => within(other.store.path)) ??
        stores.find(({ store: { path: at, isFile } }) => isFile && at !== null && isWithin(at, one.path));
      const wrong = store
        ? (Object.keys(EVENTS) as (keyof typeof EVENTS)[]).filter(
            (event) => !agrees(store.fate[EVENTS[event]], one.survives[event]),
          )
        : [];
      return { service, data: one, store, wrong };
    }),
  );
  const problems = label.problems.map((problem) => {
    const rules = RULES_OF[problem.kind] ?? [];
    const finding = findings.find(
      (one) =>
        rules.includes(one.rule) &&
        path.posix.relative(folder, one.span.source.path) === problem.file &&
        (problem.service === null || one.service === problem.service),
    );
    return { problem, finding, covered: rules.length > 0 };
  });
  // A label names a problem once, also where a file repeats it.
  const subject = ({ rule, span }: Finding): string => `${rule} ${span.source.path}`;
  const labelled = new Set(problems.flatMap(({ finding }) => (finding ? [subject(finding)] : [])));
  const unlabelled = findings.filter(
    (one) => (one.severity === 'error' || one.severity === 'warning') && !labelled.has(subject(one)),
  );
  return { label, data, problems, unlabelled };
}

export const placeOf = (finding: Finding, corpus: string): string =>
  `${path.posix.relative(slashed(corpus), finding.span.source.path)}:${positionAt(finding.span.source, finding.span.start).line + 1}`;
