import { RULES } from '../generated/rules.ts';
import type { RuleIdentity } from '../rules/rule.ts';
import { parse, UsageError } from './args.ts';
import { type Colors, colorsFor, severityPaint } from './colors.ts';
import { type Io, write } from './io.ts';
import { ruleUrl } from './product.ts';
import { didYouMean } from './suggest.ts';
import { wrap } from './text.ts';

const FIXES: Readonly<Record<RuleIdentity['fixSafety'], string>> = {
  safe: 'Safe: --fix applies it.',
  migration: 'By hand, one by one, with the steps to carry over the data that exists already.',
  both: 'Some are safe and applied by --fix, others by hand, with the steps to carry over the data that exists already.',
  none: 'None.',
};

export async function explain(argv: readonly string[], io: Io): Promise<number> {
  const { positionals } = parse(argv, {});
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new UsageError('expected the name of one rule');
  const rule = RULES.find((candidate) => candidate.name === name);
  if (!rule) {
    const names = RULES.map((candidate) => candidate.name);
    throw new UsageError(`unknown rule ${name}${didYouMean(name, names)}`);
  }
  await write(io.stdout, page(rule, colorsFor(io), Math.min(io.columns ?? 100, 100)));
  return 0;
}

export function page(rule: RuleIdentity, colors: Colors, width: number): string {
  const prose = (text: string): string[] => wrap(text.trim(), width - 2).map((line) => `  ${line}`.trimEnd());
  const code = (text: string): string[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`.trimEnd());
  const section = (title: string, lines: readonly string[]): string[] => ['', colors.bold(title), ...lines];
  const references = [...(rule.references ?? []), ruleUrl(rule.name)];
  return `${[
    `${colors.bold(rule.name)} (${severityPaint(colors, rule.severity)(rule.severity)}, since ${rule.since})`,
    ...prose(rule.summary),
    ...section('Why', prose(rule.rationale)),
    ...section('Catches', code(rule.bad)),
    ...section('Use instead', code(rule.good)),
    ...section('Fixes', [...prose(FIXES[rule.fixSafety]), ...(rule.fixNote ? prose(rule.fixNote) : [])]),
    ...section(
      'References',
      references.map((reference) => `  ${reference}`),
    ),
  ].join('\n')}\n`;
}
