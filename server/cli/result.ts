/** What `lint` found, ready for any output format. */
import { type Finding, type Fix, SEVERITIES, type Severity } from '../rules/rule.ts';
import { type Range, rangeOf } from '../syntax/source.ts';
import type { Place } from './place.ts';

export interface Fault {
  /** As {@link Place} words it; absent for settings that stand in no file. */
  readonly file?: string;
  readonly message: string;
}

export interface Located {
  readonly finding: Finding;
  readonly file: string;
  readonly range: Range;
  /** Those that change something; computed once. */
  readonly fixes: () => readonly Fix[];
}

export interface LintResult {
  /** By file, position and rule; what two projects share stands once. */
  readonly findings: readonly Located[];
  readonly errors: readonly Fault[];
  /** Every file that was read as part of a project, sorted. */
  readonly files: readonly string[];
  /** The files that were linted as one project, base first, for each project. */
  readonly projects: readonly (readonly string[])[];
  readonly place: Place;
}

/** A formatter of lint results. */
export type Formatter = (result: LintResult) => string;

export const atLeast = (severity: Severity, limit: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit);

/** Files in which services are written. */
const isOwn = (file: string): boolean => /\.(ya?ml|container|kube|pod|conf)$|^-$/i.test(file);

export function locate(findings: readonly Finding[], place: Place): Located[] {
  const seen = new Set<string>();
  const located: Located[] = [];
  for (const finding of findings) {
    const file = place(finding.span.source.path);
    const { start, end } = finding.span;
    // Services of two projects that are built from one Dockerfile: it is the Dockerfile's.
    const service = finding.service !== undefined && isOwn(file) ? finding.service : undefined;
    const key = JSON.stringify([file, start, end, finding.rule, service, finding.message]);
    if (seen.has(key)) continue;
    seen.add(key);
    let fixes: readonly Fix[] | undefined;
    located.push({
      finding,
      file,
      range: rangeOf(finding.span),
      fixes: () => (fixes ??= finding.fixes().filter(({ edits }) => edits.length > 0)),
    });
  }
  return located.sort(compare);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compare = (a: Located, b: Located): number =>
  byText(a.file, b.file) ||
  a.range.start.line - b.range.start.line ||
  a.range.start.character - b.range.start.character ||
  byText(a.finding.rule, b.finding.rule) ||
  byText(a.finding.message, b.finding.message);
