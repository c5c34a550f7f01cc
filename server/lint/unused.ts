import type { Finding } from '../rules/rule.ts';
import type { Suppressed } from './suppressions.ts';

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Findings for suppression comments that silence nothing. */
export function unusedSuppressions(unused: Suppressed['unused']): Finding[] {
  return unused.map(({ suppression: { rules, span }, unknown }) => ({
    rule: 'unused-suppression',
    severity: 'info',
    message:
      unknown.length > 0
        ? `there is no rule ${list(unknown)}`
        : `this comment silences nothing${rules.length > 0 ? `: ${rules.join(', ')} finds nothing here` : ''}`,
    span,
    related: [],
    fixes: () => [],
  }));
}
