/** What the product understands of a folder of units, in the terms of the generated command. */
import type { Mount, Project, Service } from '../../../server/project/model.ts';
import { mountLine, type Understanding } from './command.ts';

export function understandUnits(project: Project, service: Service): Understanding {
  const unit = service.unit!;
  const isTemplate = unit.serviceName.includes('@');
  const [prefix, instance] = unit.serviceName.split(/@(.*)/s);
  const name = isTemplate ? `systemd-${prefix}_${instance === '' ? '%i' : instance}` : `systemd-${unit.serviceName}`;
  return {
    name: service.containerName?.value ?? name,
    image: service.image?.value,
    mounts: service.mounts.map((mount) => lineOf(mount, project)).sort(),
    environment: Object.fromEntries(
      [...service.environment.values()].flatMap(({ name, value, from }) =>
        value === null || from !== 'environment' ? [] : [[name, value]],
      ),
    ),
    command: service.command?.words ?? [],
    entrypoint: entrypointOf(service),
    user: service.user?.value,
    hostname: service.hostname?.value,
    workdir: service.workingDir?.value,
    stopTimeout: service.stopGracePeriod?.value.replace(/^(\d+)s$/, '$1'),
    stopSignal: service.stopSignal?.value,
    pull: service.pullPolicy?.value,
    labels: Object.fromEntries(service.labels),
    readOnly: service.readOnly,
  };
}

function lineOf({ type, source = '', target, readOnly }: Mount, project: Project): string {
  const name = type === 'volume' ? (project.volumes.get(source)?.name ?? source) : source;
  return mountLine(type, name, target, readOnly);
}

/** As one string again: a list in JSON was one. */
function entrypointOf({ entrypoint }: Service): string | undefined {
  if (!entrypoint) return undefined;
  const { source, start, end } = entrypoint.span;
  const written = source.text.slice(start, end);
  return written.startsWith('[') ? written : entrypoint.words[0];
}
