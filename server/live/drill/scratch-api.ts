/** A service of a scratch copy in the words of the engine's API, as Compose would put it. */
import type { Labels, NewContainer } from '../engine-write.ts';
import { MOST_CPUS, MOST_PIDS, SERVICE_LABEL } from './scratch-compose.ts';
import type { Healthcheck, Scratch, ScratchMount, ScratchService } from './scratch-model.ts';
import { secondsOf } from './tree.ts';

/** `NAME` of a volume, by where it is mounted. */
export type Inherited = ReadonlyMap<string, string>;

export const containerName = (scratch: Scratch, service: string): string => `${scratch.name}-${service}-1`;

/** `inherited`: volumes without a name of the container that it takes the place of. */
export function containerOf(scratch: Scratch, service: ScratchService, inherited: Inherited): NewContainer {
  const { network, healthcheck, labels: own } = { ...service, labels: scratch.labels };
  const labels: Labels = { ...own, [SERVICE_LABEL]: service.name };
  const mounted = new Set(service.mounts.map(({ target }) => target));
  // What the image declares, and what another had there before: mounted by us, so that new ones bear our label.
  const declared = service.declared.filter((target) => !mounted.has(target));
  const anonymous = [...new Set([...declared, ...inherited.keys()])].filter((target) => !mounted.has(target));
  return {
    name: containerName(scratch, service.name),
    settings: {
      Image: service.image,
      Labels: labels,
      Env: [...service.environment].map(([name, value]) => `${name}=${value}`),
      ...(service.command ? { Cmd: service.command } : {}),
      ...(service.entrypoint ? { Entrypoint: service.entrypoint } : {}),
      ...(service.user ? { User: service.user } : {}),
      ...(service.hostname && network.type !== 'service' ? { Hostname: service.hostname } : {}),
      ...(service.workingDir ? { WorkingDir: service.workingDir } : {}),
      ...(service.stopSignal ? { StopSignal: service.stopSignal } : {}),
      ...(healthcheck ? { Healthcheck: healthcheckOf(healthcheck) } : {}),
      Tty: service.tty,
      OpenStdin: service.openStdin,
      StopTimeout: Math.ceil(service.stopGrace),
      HostConfig: {
        NetworkMode: modeOf(scratch, network),
        RestartPolicy: { Name: 'no' },
        Mounts: [
          ...service.mounts.flatMap((mount) => mountOf(mount, scratch, inherited, labels)),
          ...anonymous.map((target) => anonymousOf(target, inherited.get(target), labels)),
        ],
        Tmpfs: Object.fromEntries(
          service.mounts.flatMap((mount) => (mount.type === 'tmpfs' ? [[mount.target, mount.options]] : [])),
        ),
        VolumesFrom: service.volumesFrom.map((text) => {
          const [name = '', mode] = text.split(':');
          return `${containerName(scratch, name)}${mode ? `:${mode}` : ''}`;
        }),
        GroupAdd: service.groups,
        ReadonlyRootfs: service.readOnly,
        Init: service.init,
        ...(service.shmSize ? { ShmSize: service.shmSize } : {}),
        Memory: service.memory,
        PidsLimit: MOST_PIDS,
        NanoCpus: MOST_CPUS * 1e9,
        Ulimits: service.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      },
      ...(network.type === 'own'
        ? {
            NetworkingConfig: {
              EndpointsConfig: { [scratch.network!]: { Aliases: [service.name, ...network.aliases] } },
            },
          }
        : {}),
    },
  };
}

function modeOf(scratch: Scratch, network: ScratchService['network']): string {
  if (network.type === 'own') return scratch.network!;
  return network.type === 'none' ? 'none' : `container:${containerName(scratch, network.service)}`;
}

function mountOf(mount: ScratchMount, scratch: Scratch, inherited: Inherited, labels: Labels): object[] {
  if (mount.type === 'tmpfs') return [];
  const { target } = mount;
  const base = { Target: target, ReadOnly: mount.readOnly };
  if (mount.type === 'bind') return [{ ...base, Type: 'bind', Source: mount.source }];
  if (mount.source === undefined) return [{ ...anonymousOf(target, inherited.get(target), labels), ...base }];
  const { name } = scratch.volumes.find(({ key }) => key === mount.source)!;
  return [{ ...base, Type: 'volume', Source: name, VolumeOptions: { Labels: labels, NoCopy: mount.nocopy === true } }];
}

/** Known by its name, it would be taken for a named volume when it is removed: the driver removes it itself. */
const anonymousOf = (target: string, name: string | undefined, labels: Labels): object =>
  name === undefined
    ? { Type: 'volume', Source: '', Target: target, VolumeOptions: { Labels: labels } }
    : { Type: 'volume', Target: target, Source: name };

const nanoseconds = (text: string | undefined): number => Math.round((secondsOf(text) ?? 0) * 1e9);

function healthcheckOf({ test, interval, timeout, startPeriod, retries }: Healthcheck): object {
  return {
    ...(test ? { Test: test } : {}),
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    StartPeriod: nanoseconds(startPeriod),
    ...(retries ? { Retries: retries } : {}),
  };
}
