/** JUnit XML: a suite for each file, a failure for each finding that `--fail-on` counts. */
import type { Severity } from '../../rules/rule.ts';
import { escapeAttribute, escapeXml } from '../escape.ts';
import { NAME } from '../product.ts';
import { atLeast, type Fault, type Formatter, type Located } from '../result.ts';

interface Suite {
  readonly name: string;
  readonly findings: Located[];
  readonly errors: Fault[];
}

export const junit =
  (failOn: Severity | 'never'): Formatter =>
  (result) => {
    const suites = suitesOf(result);
    const fails = ({ finding }: Located): boolean => failOn !== 'never' && atLeast(finding.severity, failOn);
    const bodies = suites.map((suite) => suiteXml(suite, fails));
    const counts = totals(suites, fails);
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${NAME}" ${counts}>\n${bodies.join('')}</testsuites>\n`;
  };

function suitesOf({ files, findings, errors }: Parameters<Formatter>[0]): Suite[] {
  const suites = new Map<string, Suite>();
  const suite = (name: string): Suite => {
    const known = suites.get(name) ?? { name, findings: [], errors: [] };
    suites.set(name, known);
    return known;
  };
  for (const file of files) suite(file);
  for (const located of findings) suite(located.file).findings.push(located);
  for (const fault of errors) suite(fault.file ?? 'settings').errors.push(fault);
  return [...suites.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A file without findings is one test that passed: viewers hide empty suites. */
const testsIn = ({ findings, errors }: Suite): number => Math.max(1, findings.length + errors.length);

function totals(suites: readonly Suite[], fails: (located: Located) => boolean): string {
  const sum = (number: (suite: Suite) => number): number => suites.reduce((total, suite) => total + number(suite), 0);
  const failures = sum(({ findings }) => findings.filter(fails).length);
  return `tests="${sum(testsIn)}" failures="${failures}" errors="${sum(({ errors }) => errors.length)}"`;
}

function suiteXml(suite: Suite, fails: (located: Located) => boolean): string {
  const name = escapeAttribute(suite.name);
  const cases = [
    ...suite.errors.map(
      ({ message }) =>
        `    <testcase name="readable" classname="${name}">\n      <error message="${escapeAttribute(message)}"/>\n    </testcase>\n`,
    ),
    ...suite.findings.map((located) => findingXml(located, fails(located))),
  ];
  if (cases.length === 0) cases.push(`    <testcase name="${name}" classname="${name}"/>\n`);
  return `  <testsuite name="${name}" ${totals([suite], fails)}>\n${cases.join('')}  </testsuite>\n`;
}

function findingXml({ finding, file, range }: Located, fails: boolean): string {
  const at = `${range.start.line + 1}:${range.start.character + 1}`;
  const text = escapeXml(
    [
      `${file}:${at} ${finding.severity}: ${finding.message}`,
      ...finding.related.map(({ note }) => `because: ${note}`),
    ].join('\n'),
  );
  const body = fails
    ? `<failure type="${finding.severity}" message="${escapeAttribute(finding.message)}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  const name = escapeAttribute(`${finding.rule} ${at}`);
  return `    <testcase name="${name}" classname="${escapeAttribute(file)}">\n      ${body}\n    </testcase>\n`;
}
