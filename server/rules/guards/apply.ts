/** The one place where guards are applied, for every rule. */
import * as path from 'node:path';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import type { Finding, RuleIdentity, Severity } from '../rule.ts';
import { atMost, lower } from './severity.ts';
import { type Effect, GUARDS, type Guard, type GuardName, type Seen } from './table.ts';

export interface Guarding extends Seen {
  /** Absolute; file names below it tell tests and development files. */
  readonly root: string;
  readonly includeTests: boolean;
}

/** What a rule makes of the guards: its exceptions, and nothing but the place for what keeps Compose from starting. */
function effectOf(guard: Guard, rule: Pick<RuleIdentity, 'refusal' | 'guards'> | undefined): Effect | 'none' {
  const own = rule?.guards?.[guard.name as GuardName];
  if (own !== undefined) return own;
  return rule?.refusal && guard.name !== 'test-file' ? 'none' : guard.effect;
}

const softened = (severity: Severity, effect: Effect): Severity =>
  effect === 'lower' ? lower(severity) : atMost(severity, 'info');

/** The findings that remain, each as grave as the guards let it be. */
export function guarded(
  found: readonly Finding[],
  rules: ReadonlyMap<string, Pick<RuleIdentity, 'refusal' | 'guards'>>,
  guarding: Guarding,
): Finding[] {
  const holds = answering(guarding);
  return found.flatMap((finding): Finding[] => {
    let { severity } = finding;
    for (const guard of GUARDS) {
      if ((guard as Guard).tests && guarding.includeTests) continue;
      const effect = effectOf(guard, rules.get(finding.rule));
      if (effect === 'none' || !holds(guard, finding)) continue;
      if (effect === 'silence') return [];
      severity = softened(severity, effect);
    }
    return [severity === finding.severity ? finding : { ...finding, severity }];
  });
}

/** Each question is answered once for a file, a service or a store. */
function answering(guarding: Guarding): (guard: Guard, finding: Finding) => boolean {
  const services = new Map(guarding.project.services.map((one) => [one.service.name, one]));
  const names = new Map<string, string>();
  const nameOf = (file: string): string => {
    const name = names.get(file) ?? path.posix.relative(guarding.root, file);
    names.set(file, name);
    return name;
  };
  const answers = new Map<Guard, Map<unknown, boolean>>();
  const once = (guard: Guard, of: unknown, answer: () => boolean): boolean => {
    const known = answers.get(guard) ?? new Map<unknown, boolean>();
    answers.set(guard, known);
    const before = known.get(of);
    if (before !== undefined) return before;
    const found = answer();
    known.set(of, found);
    return found;
  };
  return (guard, { span, service, store }) => {
    if (guard.about === 'file') {
      const file = nameOf(span.source.path);
      return once(guard, file, () => guard.holds(file, span.source.path, guarding));
    }
    const analysed: AnalysedService | undefined = service === undefined ? undefined : services.get(service);
    if (!analysed) return false;
    if (guard.about === 'service') return once(guard, analysed, () => guard.holds(analysed, guarding));
    const one: AnalysedStore | undefined = store && analysed.stores.find((other) => other.store === store);
    return one !== undefined && once(guard, one, () => guard.holds(one, analysed, guarding));
  };
}
