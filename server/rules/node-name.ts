/** The name of a node that a server keeps its data by, where that is the host name. */
import { combine } from '../fixes/edits.ts';
import { addSetting } from '../fixes/service-key.ts';
import type { Project, Service } from '../project/model.ts';
import { ownEntries, type QuadletUnit } from '../project/quadlet/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { all, last } from '../syntax/unit/lookup.ts';
import { mayHold } from './claims.ts';
import { NODE_NAMES } from './families.ts';
import type { Edit, Fix, RuleContext } from './rule.ts';
import { runsOf } from './runs.ts';

/** Files in which the node can be named; they are not read. */
const NODE_FILES = ['/etc/rabbitmq/rabbitmq-env.conf', '/opt/emqx/etc/emqx.conf', '/opt/emqx/etc/base.hocon'];

/** Something gives it a name that stays. */
export function isNamed(analysed: AnalysedService): boolean {
  const { service, image } = analysed;
  if (service.hostname || NODE_NAMES[image.match!.family.id]?.some((condition) => mayHold(condition, analysed)))
    return true;
  const attribute = (key: string): string => {
    const value = service.node.entries.get(key)?.value;
    return value?.kind === 'scalar' ? value.text : '';
  };
  if (attribute('network_mode') === 'host' || (service.unit && hasOtherName(service.unit))) return true;
  const deploy = service.node.entries.get('deploy')?.value;
  const mode = deploy?.kind === 'map' ? deploy.entries.get('mode')?.value : undefined;
  if (mode?.kind === 'scalar' && mode.text === 'global') return true;
  return service.mounts.some(({ target }) => NODE_FILES.some((file) => isWithin(file, target)));
}

/** Of its pod, of the host, or of arguments that are not looked into. */
function hasOtherName(unit: QuadletUnit): boolean {
  const entries = ownEntries(unit);
  if (unit.kind !== 'container' || last(entries, 'Pod')) return true;
  if (all(entries, 'Network').some(({ value }) => /^(host|container:)/.test(value.text))) return true;
  return all(entries, 'PodmanArgs').some(({ value }) => /--(uts|pod|net|network)\b/.test(value.text));
}

/** The setting that names the host after its service; undefined where it cannot be added. */
export function nodeName(service: Service): { readonly value: string; readonly edits: readonly Edit[] } | undefined {
  const value = service.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const edits = addSetting(service, { attribute: 'hostname', value, key: 'HostName' });
  return edits ? { value, edits } : undefined;
}

export const titleOf = ({ runtime }: Project, value: string): string =>
  `${runtime === 'quadlet' ? 'HostName=' : 'hostname: '}${value}`;

/** How the data of the name that the container has now is found again. */
export function stepsToName(
  project: Project,
  service: Service,
  store: AnalysedStore['store'],
  value: string,
): string[] {
  const at = /^(rabbitmq|emqx)$/.test(store.technology) ? `${store.path}/mnesia` : store.path!;
  return [
    `See under which host name the data lies now, in the names of the directories: ${runsOf(project).exec(project, service, `ls ${at}`)}`,
    `To go on with it, write that name instead of ${value}`,
  ];
}

/** A volume for a server that keeps its data by the host name is of use only with a name that stays: both in one. */
export function withNodeName(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  { store }: AnalysedStore,
  fixes: readonly Fix[],
): readonly Fix[] {
  const { service, image } = analysed;
  if (store.role !== 'server' || !image.match?.family.hostname?.dependent || isNamed(analysed)) return fixes;
  const name = nodeName(service);
  if (!name) return fixes;
  return fixes.flatMap((fix): Fix[] => {
    const edits = combine(name.edits, fix.edits);
    if (!edits) return [];
    const steps = [...stepsToName(project, service, store, name.value), ...(fix.steps ?? [])];
    return [{ ...fix, title: `${fix.title}, and set ${titleOf(project, name.value)}`, edits, steps }];
  });
}
