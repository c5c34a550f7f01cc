/** SARIF 2.1.0. */
import { fenced } from '../../rules/example.ts';
import type { Edit, Fix, RuleIdentity, Severity } from '../../rules/rule.ts';
import type { Evidence } from '../../survival/words.ts';
import { type Range, rangeOf } from '../../syntax/source.ts';
import { locationOf, type Place } from '../place.ts';
import { HOME, NAME, ruleUrl, version } from '../product.ts';
import type { Formatter, LintResult, Located } from '../result.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/** `catalog` describes the rules; those that found something and are not in it (suppressions) are listed by name. */
export const sarif =
  (catalog: readonly RuleIdentity[]): Formatter =>
  (result) => {
    const known = new Set(catalog.map(({ name }) => name));
    const extra = [...new Set(result.findings.map(({ finding }) => finding.rule))].filter((name) => !known.has(name));
    const rules = [...catalog.map(ruleSarif), ...extra.map((id) => ({ id, shortDescription: { text: id } }))];
    const index = new Map(rules.map(({ id }, i) => [id, i]));
    const log = {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: NAME, version, semanticVersion: version, informationUri: HOME, rules } },
          columnKind: 'utf16CodeUnits',
          invocations: [invocation(result)],
          results: result.findings.map((located) => resultSarif(located, index, result.place)),
        },
      ],
    };
    return `${JSON.stringify(log)}\n`;
  };

const ruleSarif = (rule: RuleIdentity) => ({
  id: rule.name,
  shortDescription: { text: rule.summary },
  fullDescription: { text: rule.rationale },
  helpUri: ruleUrl(rule.name),
  help: {
    text: `${rule.rationale}\n\nCatches:\n\n${rule.bad}\n\nUse instead:\n\n${rule.good}`,
    markdown: `${rule.rationale}\n\n**Catches**\n\n${fenced(rule, rule.bad)}\n\n**Use instead**\n\n${fenced(rule, rule.good)}`,
  },
  defaultConfiguration: { level: LEVELS[rule.severity] },
  properties: { tags: ['persistence'], fixSafety: rule.fixSafety },
});

const invocation = ({ errors }: LintResult) => ({
  executionSuccessful: errors.length === 0,
  toolExecutionNotifications: errors.map(({ file, message }) => ({
    level: 'error',
    message: { text: message },
    ...(file === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact(file) } }] }),
  })),
});

const resultSarif = ({ finding, file, range, fixes }: Located, index: ReadonlyMap<string, number>, place: Place) => ({
  ruleId: finding.rule,
  ruleIndex: index.get(finding.rule),
  level: LEVELS[finding.severity],
  message: { text: finding.message },
  locations: [
    {
      physicalLocation: physical({ file, range }),
      ...(finding.service === undefined
        ? {}
        : {
            logicalLocations: [
              { name: finding.service, kind: 'object', fullyQualifiedName: `services.${finding.service}` },
            ],
          }),
    },
  ],
  relatedLocations: finding.related.filter(hasSpan).map(({ span, note }, i) => ({
    id: i + 1,
    message: { text: note },
    physicalLocation: physical(locationOf(span, place)),
  })),
  fixes: fixes().map((fix) => fixSarif(fix, place)),
  ...(finding.related.length > 0 ? { properties: { evidence: finding.related.map(({ note }) => note) } } : {}),
});

const hasSpan = (evidence: Evidence): evidence is Evidence & { span: NonNullable<Evidence['span']> } =>
  evidence.span !== undefined;

function fixSarif(fix: Fix, place: Place) {
  const byFile = new Map<string, Edit[]>();
  for (const edit of fix.edits) {
    const file = place(edit.source.path);
    byFile.set(file, [...(byFile.get(file) ?? []), edit]);
  }
  const steps =
    fix.steps && fix.steps.length > 0 ? `. Existing data is not carried over by itself: ${fix.steps.join('; ')}` : '';
  return {
    description: { text: `${fix.title}${steps}` },
    artifactChanges: [...byFile].map(([file, edits]) => ({
      artifactLocation: artifact(file),
      replacements: edits.map(replacement),
    })),
    properties: { safety: fix.safety },
  };
}

const replacement = ({ source, start, end, newText }: Edit) => ({
  deletedRegion: region(rangeOf({ source, start, end })),
  insertedContent: { text: newText },
});

/** Lines and columns count from 1; the end column is the one behind. */
const region = ({ start, end }: Range) => ({
  startLine: start.line + 1,
  startColumn: start.character + 1,
  endLine: end.line + 1,
  endColumn: end.character + 1,
});

const physical = ({ file, range }: { readonly file: string; readonly range: Range }) => ({
  artifactLocation: artifact(file),
  region: region(range),
});

const artifact = (file: string) => ({ uri: file.split('/').map(encodeURIComponent).join('/') });
