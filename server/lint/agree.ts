/**
 * What several projects that share files say together.
 *
 * A finding that every project with the file has is said once. One that only some have is true of those alone: it is a
 * level lower, and its evidence names them. So a base that loses data when it is run alone, but not under its
 * `compose.prod.yaml`, warns instead of failing, and the reader sees which run is meant. Two exceptions:
 * - A project laid over the base for development or tests says nothing about how the base is run elsewhere. A volume
 *   that only such a variant mounts does not soften the loss without it.
 * - A suppression is unused only where no project uses it.
 */
import * as path from 'node:path';
import { isDevelopmentPath, isTestPath, lower } from '../rules/guards.ts';
import { type Finding, SEVERITIES, type Severity } from '../rules/rule.ts';
import { isProject } from './lint-all.ts';
import type { Outcome, Selection } from './model.ts';

/** A project and what linting it said. */
export interface Judged {
  readonly selection: Selection;
  readonly outcome: Outcome;
}

interface Held {
  readonly finding: Finding;
  readonly by: Judged;
}

/** The findings of all projects, by place. Whether a project has a file is told by what it read. */
export function agreed(all: readonly Judged[]): Finding[] {
  if (all.length === 1) return [...all[0]!.outcome.findings];
  const groups = new Map<string, Held[]>();
  for (const by of all) {
    for (const finding of by.outcome.findings) {
      const key = keyOf(finding);
      const group = groups.get(key);
      if (!group) groups.set(key, [{ finding, by }]);
      else if (!group.some((held) => held.by === by && held.finding.message === finding.message))
        group.push({ finding, by });
    }
  }
  const readers = readersOf(all);
  const settled = [...groups.values()].flatMap((group) => {
    const { finding, by } = group[0]!;
    // What is said of a script by itself is no matter for the projects that run it, and the other way round.
    const alike = readers(finding.span.source.path).filter(
      (one) => isProject(one.selection) === isProject(by.selection),
    );
    return settle(group, alike);
  });
  // What is said of an image by itself, and of a service that runs it in the same words: the service is told.
  const told = new Set(settled.filter(({ service }) => service !== undefined).map(wordsOf));
  return settled.filter((one) => one.service !== undefined || !told.has(wordsOf(one)));
}

const wordsOf = ({ rule, message, span }: Finding): string => [rule, message, span.source.path, span.start].join('\0');

/** The same thing said of the same place, whatever the words: messages may name a volume that a variant renames. */
function keyOf({ rule, span, service, store }: Finding): string {
  return [rule, span.source.path, span.start, span.end, service, store?.technology, store?.path].join('\0');
}

/** Compose files are looked at for many reasons, so those count that are part of a project; others are only looked at to be read. */
function readersOf(all: readonly Judged[]): (file: string) => readonly Judged[] {
  const parts = partsOf(all);
  const known = new Map<string, readonly Judged[]>();
  return (file) => {
    if (/\.ya?ml$/i.test(file)) return parts.get(file) ?? [];
    // Shell scripts are looked at wherever they stand in an image, whether it starts them or not.
    if (/\.(?:sh|bash)$/i.test(file)) return [];
    let readers = known.get(file);
    if (!readers) {
      readers = all.filter(({ outcome }) => outcome.reads.has(file));
      known.set(file, readers);
    }
    return readers;
  };
}

/** By file the projects that it is a part of, in their order. */
function partsOf(all: readonly Judged[]): ReadonlyMap<string, readonly Judged[]> {
  const parts = new Map<string, Judged[]>();
  for (const one of all) {
    for (const file of new Set(one.outcome.analysed.project.files.map((source) => source.path))) {
      const before = parts.get(file);
      if (before) before.push(one);
      else parts.set(file, [one]);
    }
  }
  return parts;
}

function settle(group: readonly Held[], readers: readonly Judged[]): Finding[] {
  const holders = new Set(group.map(({ by }) => by));
  const others = readers.filter((reader) => !holders.has(reader));
  const own = unique(group.filter(({ by }) => by === group[0]!.by).map(({ finding }) => finding));
  if (holders.size === 1 && others.length === 0) return own;
  if (group[0]!.finding.rule === 'unused-suppression') return others.length === 0 ? own : [];
  const { path: file } = group[0]!.finding.span.source;
  const against = others.filter((other) => !isLaidOver(other.selection, file));
  const levels = group.map(({ finding }) => SEVERITIES.indexOf(finding.severity));
  const worst = SEVERITIES[Math.min(...levels)]!;
  const mildest = SEVERITIES[Math.max(...levels)]!;
  const severity = against.length === 0 ? (others.length === 0 ? mildestOf(mildest, worst) : worst) : lower(worst);
  const told = others.length === 0 ? [] : [evidence([...holders], others)];
  return own.map((finding) => ({ ...finding, severity, related: [...finding.related, ...told] }));
}

/** All have it: at least as much as holds in each, and at most a level less than in the worst. */
const mildestOf = (mildest: Severity, worst: Severity): Severity =>
  SEVERITIES[Math.min(SEVERITIES.indexOf(mildest), SEVERITIES.indexOf(lower(worst)))]!;

function unique(findings: readonly Finding[]): Finding[] {
  const byMessage = new Map(findings.map((finding) => [finding.message, finding]));
  return [...byMessage.values()];
}

/** One of its other files is there for development or tests. */
function isLaidOver({ files, root }: Selection, file: string): boolean {
  const below = root ?? path.posix.dirname(files[0] ?? '/');
  return files.some((one) => {
    const name = path.posix.relative(below, one);
    return one !== file && (isTestPath(name) || isDevelopmentPath(name));
  });
}

function evidence(holders: readonly Judged[], others: readonly Judged[]): Finding['related'][number] {
  const titles = [...holders, ...others].map(({ selection }) => lintedAs(selection));
  const distinct = new Set(titles).size === titles.length;
  const title = ({ selection }: Judged): string => lintedAs(selection, distinct ? undefined : selection.root);
  const names = (judged: readonly Judged[]): string => judged.map(title).join(', ');
  const difference = others
    .flatMap(({ outcome }) => outcome.analysed.project.files)
    .find((source) => !holders.some(({ selection }) => selection.files.includes(source.path)));
  return {
    from: 'configuration',
    note: `linted as: ${names(holders)}; not found in ${names(others)}`,
    confidence: 'primary',
    ...(difference ? { span: { source: difference, start: 0, end: 0 } } : {}),
  };
}

/** `compose.yaml + compose.prod.yaml`, as seen from `folder`: by default that of the first file. */
export function lintedAs({ files }: Selection, folder = path.posix.dirname(files[0] ?? '/')): string {
  return files.map((file) => path.posix.relative(folder, file)).join(' + ');
}
