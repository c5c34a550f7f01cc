/** JUnit XML: a test case for each store and each finding that belongs to none, an error where nothing was seen. */
import type { StoreReport } from '../../protocol.ts';
import { escapeAttribute, escapeXml } from '../escape.ts';
import { NAME } from '../product.ts';
import type { Verified } from '../verify.ts';

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'skipped' | 'error';
  readonly type: string;
  readonly message: string;
  readonly details: readonly string[];
}

export function verifyJunit({ json }: Verified): string {
  const verdicts = json.results.map(ofStore);
  const beyond = json.findings
    .filter(({ rule, severity }) => severity !== 'info' && rule !== 'check-failed')
    .filter(
      ({ service, message }) => !json.results.some((one) => one.service === service && message.endsWith(one.reason)),
    )
    .map(
      ({ rule, message, service = json.project.name, container }): Case => ({
        suite: service,
        name: container === undefined ? rule : `${rule} (${container})`,
        outcome: 'failure',
        type: rule,
        message,
        details: [],
      }),
    );
  const faults = json.errors
    .filter(({ code }) => code !== 'check-not-run')
    .map(
      ({ code = 'unreadable', file, message, service }): Case => ({
        suite: service ?? file ?? 'engine',
        name: code,
        outcome: 'error',
        type: code,
        message,
        details: [],
      }),
    );
  const checks = json.checks.map(
    ({ name, service, passed, reason }): Case => ({
      suite: service,
      name,
      outcome: passed === null ? 'skipped' : passed ? 'passed' : 'failure',
      type: 'check-failed',
      message: reason,
      details: [],
    }),
  );
  const cases = [...verdicts, ...checks, ...beyond, ...faults];
  const suites = grouped(cases);
  const bodies = [...suites].map(
    ([name, own]) =>
      `  <testsuite name="${escapeAttribute(name)}" ${counts(own)}>\n${own.map(caseXml).join('')}  </testsuite>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${NAME} verify" ${counts(cases)}>\n${bodies.join('')}</testsuites>\n`;
}

function grouped(cases: readonly Case[]): Map<string, Case[]> {
  const suites = new Map<string, Case[]>();
  for (const one of cases) suites.set(one.suite, [...(suites.get(one.suite) ?? []), one]);
  return suites;
}

const OUTCOMES: Readonly<Record<StoreReport['verdict'], Case['outcome']>> = {
  SAFE: 'passed',
  UNKNOWN: 'skipped',
  'AT RISK': 'failure',
  EMPTY: 'failure',
  'NOT PERSISTED': 'failure',
};

const ofStore = ({ service, container, store, verdict, reason, evidence }: StoreReport): Case => ({
  suite: service,
  name: `${store.title} ${store.path ?? ''}${container === null ? '' : ` (${container})`}`,
  outcome: OUTCOMES[verdict],
  type: verdict,
  message: reason,
  details: evidence,
});

function counts(cases: readonly Case[]): string {
  const of = (outcome: Case['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

function caseXml({ suite, name, outcome, type, message, details }: Case): string {
  const head = `    <testcase name="${escapeAttribute(name)}" classname="${escapeAttribute(suite)}"`;
  const text = details.join('\n');
  if (outcome === 'passed')
    return `${head}>\n      <system-out>${escapeXml(`${message}\n${text}`)}</system-out>\n    </testcase>\n`;
  if (outcome === 'skipped')
    return `${head}>\n      <skipped message="${escapeAttribute(message)}"/>\n    </testcase>\n`;
  const attributes = `type="${escapeAttribute(type)}" message="${escapeAttribute(message)}"`;
  return `${head}>\n      <${outcome} ${attributes}>${escapeXml(text)}</${outcome}>\n    </testcase>\n`;
}
