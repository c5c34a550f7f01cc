/** What Compose's schema allows: the attributes of a file, and what each may be. */
import {
  BYTES,
  BYTES_TEXT,
  between,
  COMMAND_LINE,
  COUNT,
  COUNT_LIKE,
  closedMap,
  DECIMAL,
  DURATION,
  either,
  FLAG,
  LOG_OPTION,
  list,
  type MapType,
  map,
  NULL,
  NUMBER,
  named,
  OPTION,
  oneOf,
  PORT,
  SIZE,
  TEXT,
  TEXT_OR_DATE,
  TEXT_OR_NOTHING,
  TEXT_OR_NUMBER,
  type Type,
  uniqueList,
  VALUE,
  WHOLE_BYTES,
  YES_OR_NO,
} from './types.ts';

const NAME = /^[a-zA-Z0-9._-]+$/;

// Where Compose drops repeated items before it looks, lists are not `unique` here.
const TEXTS = list(TEXT);
const UNIQUE_TEXTS = uniqueList(TEXT);
const PAIRS = either(named(VALUE), TEXTS);
const UNIQUE_PAIRS = either(named(VALUE), UNIQUE_TEXTS);
const ONE_OR_MORE = either(TEXT, TEXTS);
const COMMAND = either(COMMAND_LINE, TEXTS);
const HOSTS = either(named(either(TEXT, TEXTS)), UNIQUE_TEXTS);
const OPTIONS = named(OPTION, /./s, false);
const EXTERNAL = either(FLAG, map({ name: TEXT }));
const OPEN_EXTERNAL = either(FLAG, { ...named(null), fields: { name: TEXT } });

const ULIMITS = named(either(COUNT, map({ soft: COUNT, hard: COUNT }, 'soft', 'hard')), /^[a-z]+$/, false);

const FILE_MOUNTS = list(either(TEXT, map({ source: TEXT, target: TEXT, uid: TEXT, gid: TEXT, mode: COUNT_LIKE })));

const HOOK = map({ command: COMMAND, user: TEXT, privileged: FLAG, working_dir: TEXT, environment: UNIQUE_PAIRS });

const DEVICE_FIELDS = {
  capabilities: UNIQUE_TEXTS,
  count: { ...COUNT, readable: (text: string) => text === 'all' || /^[-+]?\d+$/.test(text) },
  device_ids: UNIQUE_TEXTS,
  driver: TEXT,
  options: UNIQUE_PAIRS,
};

const BUILD = map({
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
});

const ROLLOUT = map({
  parallelism: COUNT,
  delay: DURATION,
  failure_action: TEXT,
  monitor: DURATION,
  max_failure_ratio: DECIMAL,
  order: oneOf('start-first', 'stop-first'),
});

const DEPLOY = map({
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

const WATCH = map(
  {
    ignore: TEXTS,
    path: TEXT,
    action: oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
    target: TEXT,
    exec: HOOK,
  },
  'path',
  'action',
);

const HEALTHCHECK = map({
  disable: FLAG,
  interval: DURATION,
  retries: COUNT_LIKE,
  test: either(TEXT, TEXTS),
  timeout: DURATION,
  start_period: DURATION,
  start_interval: DURATION,
});

const VOLUME_MOUNT = map(
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
    tmpfs: map({ size: SIZE, mode: { ...NUMBER, range: [0, 2 ** 32 - 1] } }),
  },
  'type',
  'target',
);

const NETWORK_USE = map({
  aliases: TEXTS,
  ipv4_address: TEXT,
  ipv6_address: TEXT,
  link_local_ips: TEXTS,
  mac_address: TEXT,
  driver_opts: OPTIONS,
  priority: NUMBER,
  gw_priority: NUMBER,
});

const THROTTLES = list(closedMap({ path: TEXT, rate: WHOLE_BYTES }));

const DEPENDENCY = map(
  {
    restart: FLAG,
    required: YES_OR_NO,
    condition: oneOf('service_started', 'service_healthy', 'service_completed_successfully'),
  },
  'condition',
);

const SERVICE = map({
  develop: either(NULL, map({ watch: list(WATCH) })),
  deploy: either(NULL, DEPLOY),
  build: either(TEXT, BUILD),
  blkio_config: closedMap({
    device_read_bps: THROTTLES,
    device_read_iops: THROTTLES,
    device_write_bps: THROTTLES,
    device_write_iops: THROTTLES,
    weight: COUNT,
    weight_device: list(closedMap({ path: TEXT, weight: COUNT })),
  }),
  depends_on: either(UNIQUE_TEXTS, named(DEPENDENCY, NAME)),
  devices: list(either(TEXT, map({ source: TEXT, target: TEXT, permissions: TEXT }, 'source'))),
  env_file: either(TEXT, list(either(TEXT, closedMap({ path: TEXT, format: TEXT, required: FLAG }, 'path')))),
  extends: either(TEXT, closedMap({ service: TEXT, file: TEXT }, 'service')),
  gpus: either(oneOf('all'), list({ ...map(DEVICE_FIELDS), others: { keys: /./s, type: null, elseRefused: false } })),
  logging: map({ driver: TEXT, options: named(LOG_OPTION, /./s, false) }),
  networks: either(UNIQUE_TEXTS, named(either(NULL, NETWORK_USE), NAME)),
  ports: list(
    either(
      PORT,
      map(
        {
          name: TEXT,
          mode: TEXT,
          host_ip: TEXT,
          target: COUNT,
          published: TEXT_OR_NUMBER,
          protocol: TEXT,
          app_protocol: TEXT,
        },
        'target',
      ),
    ),
  ),
  volumes: list(either(TEXT, VOLUME_MOUNT)),
  credential_spec: map({ config: TEXT, file: TEXT, registry: TEXT }),
  healthcheck: HEALTHCHECK,
  storage_opt: named(TEXT, /./s, false),
  ulimits: ULIMITS,
  command: COMMAND,
  entrypoint: COMMAND,
  configs: FILE_MOUNTS,
  secrets: FILE_MOUNTS,
  post_start: list(HOOK),
  pre_stop: list(HOOK),
  annotations: PAIRS,
  environment: PAIRS,
  labels: PAIRS,
  sysctls: PAIRS,
  extra_hosts: HOSTS,
  dns: ONE_OR_MORE,
  dns_search: ONE_OR_MORE,
  tmpfs: ONE_OR_MORE,
  label_file: ONE_OR_MORE,
  cap_add: TEXTS,
  cap_drop: TEXTS,
  dns_opt: TEXTS,
  links: TEXTS,
  profiles: TEXTS,
  device_cgroup_rules: UNIQUE_TEXTS,
  external_links: UNIQUE_TEXTS,
  security_opt: UNIQUE_TEXTS,
  volumes_from: UNIQUE_TEXTS,
  expose: list({ ...TEXT_OR_NUMBER, scalars: ['string', 'integer'] }),
  group_add: uniqueList(TEXT_OR_NUMBER),
  attach: FLAG,
  init: FLAG,
  oom_kill_disable: FLAG,
  privileged: FLAG,
  read_only: FLAG,
  stdin_open: FLAG,
  tty: FLAG,
  cpu_count: between(0, Number.MAX_SAFE_INTEGER),
  cpu_percent: between(0, 100),
  oom_score_adj: between(-1000, 1000),
  scale: COUNT,
  cpu_shares: COUNT_LIKE,
  cpu_quota: COUNT_LIKE,
  cpu_period: COUNT_LIKE,
  cpu_rt_period: COUNT_LIKE,
  cpu_rt_runtime: COUNT_LIKE,
  cpus: DECIMAL,
  pids_limit: COUNT_LIKE,
  mem_limit: BYTES,
  mem_reservation: WHOLE_BYTES,
  mem_swappiness: WHOLE_BYTES,
  memswap_limit: BYTES,
  shm_size: BYTES,
  cgroup: oneOf('host', 'private'),
  pull_policy: oneOf('always', 'never', 'if_not_present', 'build', 'missing'),
  pid: TEXT_OR_NOTHING,
  stop_grace_period: DURATION,
  ...Object.fromEntries(
    [
      ...[
        'cgroup_parent',
        'container_name',
        'cpuset',
        'domainname',
        'hostname',
        'image',
        'ipc',
        'isolation',
        'mac_address',
        'network_mode',
        'platform',
      ],
      ...['restart', 'runtime', 'stop_signal', 'user', 'uts', 'userns_mode', 'working_dir'],
    ].map((key): [string, Type] => [key, TEXT]),
  ),
});

const NETWORK = map({
  name: TEXT,
  driver: TEXT,
  driver_opts: OPTIONS,
  external: EXTERNAL,
  internal: FLAG,
  enable_ipv4: FLAG,
  enable_ipv6: FLAG,
  attachable: FLAG,
  labels: PAIRS,
  ipam: map({
    driver: TEXT,
    config: list(map({ subnet: TEXT, ip_range: TEXT, gateway: TEXT, aux_addresses: named(TEXT) })),
    options: named(TEXT),
  }),
});
const VOLUME = map({ name: TEXT, driver: TEXT, driver_opts: OPTIONS, external: EXTERNAL, labels: UNIQUE_PAIRS });
const SECRET = map({
  name: TEXT,
  environment: TEXT,
  file: TEXT,
  external: OPEN_EXTERNAL,
  labels: UNIQUE_PAIRS,
  driver: TEXT,
  driver_opts: OPTIONS,
  template_driver: TEXT,
});
const CONFIG = map({
  name: TEXT,
  content: TEXT,
  environment: TEXT,
  file: TEXT,
  external: OPEN_EXTERNAL,
  labels: UNIQUE_PAIRS,
  template_driver: TEXT,
});

export const FILE: MapType = map({
  version: TEXT,
  name: TEXT_OR_DATE,
  services: named(SERVICE, NAME),
  networks: named(either(NULL, NETWORK), NAME, false),
  volumes: named(either(NULL, VOLUME), NAME),
  secrets: named(SECRET, NAME),
  configs: named(CONFIG, NAME),
});
