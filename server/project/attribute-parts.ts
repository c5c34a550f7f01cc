/** What the tables of attributes have in common: the parts that services and resources are made of. */
import {
  BYTES_TEXT,
  COMMAND_LINE,
  COUNT,
  COUNT_LIKE,
  closedMap,
  DECIMAL,
  DURATION,
  either,
  FLAG,
  LATER,
  list,
  map,
  NUMBER,
  named,
  OPTION,
  oneOf,
  SIZE,
  TEXT,
  uniqueList,
  VALUE,
  WHOLE_BYTES,
} from './types.ts';

export const NAME = /^[a-zA-Z0-9._-]+$/;

// Where Compose drops repeated items before it looks, lists are not `unique` here.
export const TEXTS = list(TEXT);
export const UNIQUE_TEXTS = uniqueList(TEXT);
export const PAIRS = either(named(VALUE), TEXTS);
export const UNIQUE_PAIRS = either(named(VALUE), UNIQUE_TEXTS);
export const ONE_OR_MORE = either(TEXT, TEXTS);
export const COMMAND = either(COMMAND_LINE, TEXTS);
export const HOSTS = either(named(either(TEXT, TEXTS)), UNIQUE_TEXTS);
export const OPTIONS = named(OPTION, /./s, false);
export const EXTERNAL = either(FLAG, map({ name: TEXT }));
export const OPEN_EXTERNAL = either(FLAG, { ...named(null), fields: { name: TEXT } });

export const ULIMITS = named(either(COUNT, map({ soft: COUNT, hard: COUNT }, 'soft', 'hard')), /^[a-z]+$/, false);

export const FILE_MOUNTS = list(
  either(TEXT, map({ source: TEXT, target: TEXT, uid: TEXT, gid: TEXT, mode: COUNT_LIKE })),
);

export const HOOK = map({
  command: COMMAND,
  user: TEXT,
  privileged: FLAG,
  working_dir: TEXT,
  environment: UNIQUE_PAIRS,
});

export const DEVICE_FIELDS = {
  capabilities: UNIQUE_TEXTS,
  count: { ...COUNT, readable: (text: string) => text === 'all' || /^[-+]?\d+$/.test(text) },
  device_ids: UNIQUE_TEXTS,
  driver: TEXT,
  options: UNIQUE_PAIRS,
};

export const BUILD = map({
  context: TEXT,
  dockerfile: TEXT,
  dockerfile_inline: TEXT,
  entitlements: TEXTS,
  args: PAIRS,
  ssh: UNIQUE_PAIRS,
  labels: PAIRS,
  cache_from: TEXTS,
  cache_to: TEXTS,
  no_cache: FLAG,
  additional_contexts: PAIRS,
  network: TEXT,
  pull: FLAG,
  target: TEXT,
  shm_size: WHOLE_BYTES,
  extra_hosts: HOSTS,
  isolation: TEXT,
  privileged: FLAG,
  secrets: FILE_MOUNTS,
  tags: TEXTS,
  ulimits: ULIMITS,
  platforms: TEXTS,
  provenance: LATER,
  sbom: LATER,
});

export const ROLLOUT = map({
  parallelism: COUNT,
  delay: DURATION,
  failure_action: TEXT,
  monitor: DURATION,
  max_failure_ratio: DECIMAL,
  order: oneOf('start-first', 'stop-first'),
});

export const DEPLOY = map({
  mode: TEXT,
  endpoint_mode: TEXT,
  replicas: COUNT,
  labels: PAIRS,
  rollback_config: ROLLOUT,
  update_config: ROLLOUT,
  resources: map({
    limits: map({ cpus: DECIMAL, memory: BYTES_TEXT, pids: COUNT }),
    reservations: map({
      cpus: DECIMAL,
      memory: BYTES_TEXT,
      devices: list(map(DEVICE_FIELDS, 'capabilities')),
      generic_resources: list(map({ discrete_resource_spec: map({ kind: TEXT, value: DECIMAL }) })),
    }),
  }),
  restart_policy: map({ condition: TEXT, delay: DURATION, max_attempts: COUNT, window: DURATION }),
  placement: map({ constraints: TEXTS, preferences: list(map({ spread: TEXT })), max_replicas_per_node: COUNT }),
});

export const WATCH = map(
  {
    ignore: TEXTS,
    include: TEXTS,
    initial_sync: FLAG,
    path: TEXT,
    action: oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
    target: TEXT,
    exec: HOOK,
  },
  'path',
  'action',
);

export const HEALTHCHECK = map({
  disable: FLAG,
  interval: DURATION,
  retries: COUNT_LIKE,
  test: either(TEXT, TEXTS),
  timeout: DURATION,
  start_period: DURATION,
  start_interval: DURATION,
});

export const VOLUME_MOUNT = map(
  {
    type: TEXT,
    source: TEXT,
    target: TEXT,
    read_only: FLAG,
    consistency: TEXT,
    bind: map({
      propagation: TEXT,
      create_host_path: FLAG,
      recursive: oneOf('enabled', 'disabled', 'writable', 'readonly'),
      selinux: oneOf('z', 'Z'),
    }),
    volume: map({ nocopy: FLAG, subpath: TEXT }),
    image: LATER,
    tmpfs: map({ size: SIZE, mode: { ...NUMBER, range: [0, 2 ** 32 - 1] } }),
  },
  'type',
  'target',
);

export const NETWORK_USE = map({
  aliases: TEXTS,
  ipv4_address: TEXT,
  ipv6_address: TEXT,
  link_local_ips: TEXTS,
  mac_address: TEXT,
  driver_opts: OPTIONS,
  priority: NUMBER,
  gw_priority: NUMBER,
  interface_name: LATER,
});

export const THROTTLES = list(closedMap({ path: TEXT, rate: WHOLE_BYTES }));
