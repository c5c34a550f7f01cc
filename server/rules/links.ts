/** Which services of a project work together: by the settings that name each other. */
import type { AnalysedProject, AnalysedService } from '../stores/model.ts';
import { flatWords } from '../stores/words.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `--initial-cluster b=http://b:2380`, `CASSANDRA_SEEDS: a,b`: the settings of `one` name the host `other`. */
export function names(one: AnalysedService, other: AnalysedService): boolean {
  const host = new RegExp(`(^|[^\\w.-])${escaped(other.service.name)}([^\\w.-]|$)`);
  const values = [...one.environment.values()].map(({ value }) => value ?? '');
  return [...values, ...flatWords(one.argv)].some((text) => host.test(text));
}

/** Services that `one` names, or waits for. */
export const usedBy = (one: AnalysedService, project: AnalysedProject): AnalysedService[] =>
  project.services.filter(
    (other) => other !== one && (one.service.dependsOn.has(other.service.name) || names(one, other)),
  );
