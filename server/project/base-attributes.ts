/**
 * What Compose looks at in a file whose services are only extended: it does not compare it with its schema, but brings
 * all of it into its canonical form, and stops where that cannot be done.
 */
import { parseVolumeString } from '../syntax/volume-string.ts';
import { ANYTHING, COUNT, either, type Leaf, list, type MapType, NULL, PORT, TEXT, type Type } from './types.ts';
import { isFlag } from './values.ts';

const { scalar: SCALAR, list: LIST, map: MAP } = ANYTHING;

const open = (fields: Readonly<Record<string, Type>>, ...required: string[]): MapType => ({ ...MAP, fields, required });
const each = (type: Type): MapType => ({ ...MAP, others: { keys: /^/, type, elseRefused: false } });

/** Texts that are turned into something else; what is no text is left as it is. */
const cast = (wanted: string, readable: NonNullable<Leaf['readable']>): Type =>
  either({ ...SCALAR, wanted, readable }, MAP, LIST);
const FLAG = cast('true or false', isFlag);
const INTEGER = cast('a whole number', COUNT.readable!);
const DECIMAL = cast('a number', (text) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text));

/** Repeated items are dropped, so each must be a text. */
const TEXTS = either(list(TEXT), MAP, SCALAR);
const LONG = either(TEXT, MAP);
const FILE_MOUNTS = either(
  list(either(TEXT, open({ target: TEXT, mode: INTEGER }))),
  each(either(TEXT, open({ mode: INTEGER }))),
  SCALAR,
);
const VOLUME: Leaf = { ...TEXT, wanted: 'a volume', readable: (text) => !('error' in parseVolumeString(text)) };
const DEVICE: Leaf = {
  ...TEXT,
  wanted: 'a device with up to three parts',
  readable: (text) => text.split(':').length <= 3,
};
const TRUTHS = { read_only: FLAG, volume: either(open({ nocopy: FLAG }), SCALAR, LIST) };
const BUILD = open({
  context: TEXT,
  additional_contexts: either(
    list({ ...TEXT, wanted: 'name=context', readable: (text) => text.includes('=') }),
    each(TEXT),
  ),
  args: TEXTS,
  labels: TEXTS,
  secrets: either(list(LONG), each(LONG), SCALAR),
  ssh: either(list({ ...TEXT, wanted: 'default or name=key', readable: (text) => /^default$|=/.test(text) }), MAP),
  tags: TEXTS,
  ulimits: either(each(either({ ...COUNT, scalars: ['integer'] }, MAP)), SCALAR, LIST),
});
const ULIMIT = either(COUNT, open({ soft: INTEGER, hard: INTEGER }));
const ROLLOUT = either(open({ parallelism: INTEGER, max_failure_ratio: DECIMAL }), SCALAR, LIST);
const WATCHED = either(open({ path: TEXT }), SCALAR, LIST);
const PATHS = either(list(either(TEXT, list(TEXT))), each(either(TEXT, list(TEXT))), SCALAR);

const SERVICE = open({
  annotations: TEXTS,
  build: either(TEXT, BUILD),
  cap_add: TEXTS,
  cap_drop: TEXTS,
  configs: FILE_MOUNTS,
  depends_on: either(list(TEXT), each(MAP)),
  deploy: either(
    open({
      labels: TEXTS,
      placement: either(open({ max_replicas_per_node: INTEGER }), SCALAR, LIST),
      replicas: INTEGER,
      restart_policy: either(open({ max_attempts: INTEGER }), SCALAR, LIST),
      rollback_config: ROLLOUT,
      update_config: ROLLOUT,
    }),
    SCALAR,
    LIST,
  ),
  develop: either(open({ watch: either(list(WATCHED), each(WATCHED), SCALAR) }), SCALAR, LIST),
  devices: either(list(either(DEVICE, open({ target: TEXT }, 'target'))), each(either(DEVICE, MAP)), SCALAR),
  dns: TEXTS,
  dns_opt: TEXTS,
  dns_search: TEXTS,
  env_file: either(TEXT, list(either(SCALAR, open({ path: TEXT }, 'path'), LIST))),
  environment: TEXTS,
  expose: either(list({ ...TEXT, wanted: 'a port', scalars: ['string', 'integer'] }), MAP, SCALAR),
  extends: either(TEXT, open({ file: TEXT })),
  gpus: either(TEXT, LIST),
  healthcheck: either(open({ disable: FLAG, retries: INTEGER }), SCALAR, LIST),
  label_file: PATHS,
  labels: TEXTS,
  links: TEXTS,
  networks: either(list(TEXT), each(either(open({ aliases: TEXTS, link_local_ips: TEXTS }), SCALAR, LIST)), SCALAR),
  ports: list(either(PORT, open({ target: INTEGER }, 'target'))),
  profiles: TEXTS,
  secrets: FILE_MOUNTS,
  sysctls: TEXTS,
  tmpfs: TEXTS,
  ulimits: either(list(ULIMIT), each(ULIMIT), SCALAR),
  volumes: either(
    list(either(VOLUME, open({ target: TEXT, ...TRUTHS }, 'target'))),
    each(either(VOLUME, open(TRUTHS))),
    SCALAR,
  ),
  ...Object.fromEntries(
    ['init', 'oom_kill_disable', 'privileged', 'read_only', 'stdin_open', 'tty'].map((key) => [key, FLAG]),
  ),
  ...Object.fromEntries(['cpu_percent', 'cpus'].map((key) => [key, DECIMAL])),
  ...Object.fromEntries(
    [
      ...['cpu_count', 'cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares'],
      ...['oom_score_adj', 'pids_limit', 'scale'],
    ].map((key) => [key, INTEGER]),
  ),
});

const resources = (fields: Readonly<Record<string, Type>> = {}): Type => {
  const resource = either(NULL, open({ external: FLAG, ...fields }));
  return either(each(resource), list(resource), SCALAR);
};
const NETWORK = {
  attachable: FLAG,
  enable_ipv4: FLAG,
  enable_ipv6: FLAG,
  internal: FLAG,
  ipam: either(open({ options: TEXTS }), SCALAR, LIST),
  labels: TEXTS,
};

export const BASE_FILE: MapType = open({
  configs: resources(),
  include: either(list(LONG), each(LONG), SCALAR),
  networks: resources(NETWORK),
  secrets: resources(),
  services: each(either(SERVICE, SCALAR, LIST)),
  volumes: resources(),
});
