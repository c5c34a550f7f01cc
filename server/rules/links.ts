/** Which services of a project work together: by the settings that name each other. */
import type { Service } from '../project/model.ts';
import type { AnalysedProject, AnalysedService } from '../stores/model.ts';
import { flatWords } from '../stores/words.ts';
import { containerName } from './runs/quadlet.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What others call it in the network. */
const hostsOf = (service: Service): string[] =>
  service.unit ? [service.name, containerName(service)] : [service.name];

/** `--initial-cluster b=http://b:2380`, `CASSANDRA_SEEDS: a,b`: the settings of `one` name the host `other`. */
export function names(one: AnalysedService, other: AnalysedService): boolean {
  const hosts = hostsOf(other.service);
  const said = settingsOf(one);
  // Most name nobody, and all pairs are looked at.
  if (!hosts.some((host) => said.includes(host))) return false;
  return new RegExp(`(^|[^\\w.-])(${hosts.map(escaped).join('|')})([^\\w.-]|$)`).test(said);
}

const settings = new WeakMap<AnalysedService, string>();

/** What its environment and its words say, a line each. */
function settingsOf(one: AnalysedService): string {
  let said = settings.get(one);
  if (said === undefined) {
    said = [...[...one.environment.values()].map(({ value }) => value ?? ''), ...flatWords(one.argv)].join('\n');
    settings.set(one, said);
  }
  return said;
}

/** Services that `one` names, or waits for. */
export const usedBy = (one: AnalysedService, project: AnalysedProject): AnalysedService[] =>
  project.services.filter(
    (other) => other !== one && (one.service.dependsOn.has(other.service.name) || names(one, other)),
  );
