/** A scratch copy as a Compose file in canonical form. */
import type { BuildPlan } from './build-plan.ts';
import type { Scratch, ScratchMount, ScratchService } from './scratch-model.ts';

type Json = Readonly<Record<string, unknown>>;

/** Processes of one service. */
export const MOST_PIDS = 1024;
export const MOST_CPUS = 1;
const NETWORK = 'inside';
/** On every container, beside the labels of the copy. */
export const SERVICE_LABEL = 'io.compose-persistence.drill.service';

export function composeOf(scratch: Scratch): Json {
  const { labels } = scratch;
  return {
    name: scratch.name,
    services: Object.fromEntries(scratch.services.map((service) => [service.name, serviceOf(service, scratch)])),
    volumes: Object.fromEntries(
      scratch.volumes.map(({ key, name, external, driverOpts }) => [
        key,
        external
          ? { name, external: true }
          : {
              name,
              labels,
              ...(Object.keys(driverOpts).length > 0 ? { driver: 'local', driver_opts: driverOpts } : {}),
            },
      ]),
    ),
    networks: scratch.network === null ? {} : { [NETWORK]: { name: scratch.network, internal: true, labels } },
  };
}

/** Compose replaces variables in whatever it reads: `$$` is a dollar. */
const textOf = (json: Json): string => `${JSON.stringify(json, null, 1).replaceAll('$', '$$$$')}\n`;

export const composeText = (scratch: Scratch): string => textOf(composeOf(scratch));

/** One service that is only ever built. `dockerfile`: where the text of the plan is. */
export const buildText = (plan: BuildPlan, dockerfile: string): string =>
  textOf({
    services: {
      [plan.service]: {
        image: plan.tag,
        build: valued({
          context: plan.context,
          dockerfile,
          target: plan.target,
          args: plan.args,
          network: plan.network,
          labels: plan.labels,
        }),
      },
    },
  });

const valued = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const orNothing = <T extends { readonly length: number }>(list: T): T | undefined =>
  list.length > 0 ? list : undefined;

function serviceOf(service: ScratchService, { labels }: Scratch): Json {
  const { healthcheck, network, dependsOn, ulimits } = service;
  const tmpfs = service.mounts.flatMap((mount) =>
    mount.type === 'tmpfs' ? `${mount.target}${mount.options ? `:${mount.options}` : ''}` : [],
  );
  return valued({
    image: service.image,
    pull_policy: 'never',
    command: service.command ?? undefined,
    entrypoint: service.entrypoint ?? undefined,
    environment: Object.fromEntries(service.environment),
    labels: { ...labels, [SERVICE_LABEL]: service.name },
    restart: 'no',
    volumes: orNothing(service.mounts.flatMap(volumeOf)),
    tmpfs: orNothing(tmpfs),
    volumes_from: orNothing(service.volumesFrom),
    user: service.user,
    group_add: orNothing(service.groups),
    hostname: service.hostname,
    working_dir: service.workingDir,
    stop_signal: service.stopSignal,
    stop_grace_period: `${service.stopGrace}s`,
    read_only: service.readOnly || undefined,
    init: service.init || undefined,
    tty: service.tty || undefined,
    stdin_open: service.openStdin || undefined,
    shm_size: service.shmSize,
    mem_limit: service.memory,
    pids_limit: MOST_PIDS,
    cpus: MOST_CPUS,
    ulimits: orNothing(ulimits) && Object.fromEntries(ulimits.map(({ name, soft, hard }) => [name, { soft, hard }])),
    healthcheck:
      healthcheck &&
      valued({
        test: healthcheck.test,
        interval: healthcheck.interval,
        timeout: healthcheck.timeout,
        start_period: healthcheck.startPeriod,
        retries: healthcheck.retries,
      }),
    depends_on:
      orNothing(dependsOn) &&
      Object.fromEntries(dependsOn.map((one) => [one.service, { condition: one.condition, required: one.required }])),
    ...(network.type === 'own'
      ? { networks: { [NETWORK]: network.aliases.length > 0 ? { aliases: network.aliases } : null } }
      : { network_mode: network.type === 'none' ? 'none' : `service:${network.service}` }),
  });
}

function volumeOf(mount: ScratchMount): Json[] {
  if (mount.type === 'tmpfs') return [];
  const { type, target } = mount;
  const base = { type, target, ...(mount.readOnly ? { read_only: true } : {}) };
  // A source that is not there is a mistake of ours, not something for Compose to make up.
  if (mount.type === 'bind') return [{ ...base, source: mount.source, bind: { create_host_path: false } }];
  return [
    {
      ...base,
      ...(mount.source === undefined ? {} : { source: mount.source }),
      ...(mount.nocopy ? { volume: { nocopy: true } } : {}),
    },
  ];
}
