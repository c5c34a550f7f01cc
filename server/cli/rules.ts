import { RULES } from '../generated/rules.ts';
import type { RuleIdentity } from '../rules/rule.ts';
import { parse, UsageError } from './args.ts';
import { type Colors, colorsFor, severityPaint } from './colors.ts';
import { type Io, write } from './io.ts';
import { ruleUrl } from './product.ts';
import { table } from './table.ts';

const OPTIONS = { format: { type: 'string', choices: ['table', 'json'], default: 'table' } } as const;

export async function rules(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(argv, OPTIONS);
  if (positionals.length > 0) throw new UsageError(`unexpected argument ${positionals[0]}`);
  await write(io.stdout, values.format === 'json' ? json(RULES) : text(RULES, colorsFor(io)));
  return 0;
}

const json = (list: readonly RuleIdentity[]): string =>
  `${JSON.stringify({
    schema: 1,
    rules: list.map(({ name, severity, summary, rationale, fixSafety, since, references = [] }) => ({
      name,
      severity,
      summary,
      rationale,
      fixSafety,
      since,
      references,
      documentation: ruleUrl(name),
    })),
  })}\n`;

function text(list: readonly RuleIdentity[], colors: Colors): string {
  const rows = list.map((rule) => [
    { text: rule.name, paint: colors.bold },
    { text: rule.severity, paint: severityPaint(colors, rule.severity) },
    { text: rule.fixSafety === 'none' ? '' : rule.fixSafety === 'both' ? 'safe, migration' : rule.fixSafety },
    { text: rule.summary },
  ]);
  const heading = ['RULE', 'SEVERITY', 'FIXES', 'WHAT IT FINDS'].map((cell) => ({ text: cell, paint: colors.dim }));
  return `${table([heading, ...rows]).join('\n')}\n`;
}
