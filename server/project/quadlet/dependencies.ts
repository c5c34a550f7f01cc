/** Which containers must run before another: what `[Unit]` asks for by the names of services. */
import { allNames, last } from '../../syntax/unit/lookup.ts';
import type { Service } from '../model.ts';
import { entriesIn, ownEntries } from './model.ts';

const NEEDS = ['Requires', 'BindsTo', 'Requisite', 'Wants'];

/** `db.service` in `Requires=` is the service that `db.container` makes. */
export function withDependencies(services: readonly Service[]): Service[] {
  const byUnit = new Map(services.flatMap((service) => (service.unit ? [[service.unit.serviceName, service]] : [])));
  return services.map((service) => {
    const { unit } = service;
    if (!unit) return service;
    const entries = entriesIn(unit, 'Unit');
    const needed = NEEDS.flatMap((key) => allNames(entries, key).words.map(({ value }) => value.text));
    const found = needed.flatMap((name) => {
      const other = /\.(service|container)$/.test(name) ? byUnit.get(name.replace(/\.[^.]+$/, '')) : undefined;
      return other && other !== service ? [[other.name, conditionOf(other)] as const] : [];
    });
    return found.length > 0 ? { ...service, dependsOn: new Map([...service.dependsOn, ...found]) } : service;
  });
}

/** With `Notify=healthy` systemd waits until the container's own check says so. */
function conditionOf({ unit }: Service): string {
  const notify = unit && last(ownEntries(unit), 'Notify')?.value.text.toLowerCase();
  return notify === 'healthy' ? 'service_healthy' : 'service_started';
}
