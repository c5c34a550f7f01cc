/** The examples of a rule, as they are shown in Markdown. */
import { type RuleIdentity, subjectsOf } from './rule.ts';

function languageOf(rule: Pick<RuleIdentity, 'about'>, example: string): 'yaml' | 'ini' | 'sh' {
  if (/^(#[^\n]*\n)*\[\w+\]/.test(example)) return 'ini';
  const subjects = subjectsOf(rule);
  return subjects.includes('script') && !subjects.includes('project') ? 'sh' : 'yaml';
}

export const fenced = (rule: Pick<RuleIdentity, 'about'>, example: string): string =>
  `\`\`\`${languageOf(rule, example)}\n${example.trimEnd()}\n\`\`\``;
