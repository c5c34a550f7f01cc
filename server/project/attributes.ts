/** What Compose's schema allows: the attributes of a file, and what each may be. */
import { EXTERNAL, NAME, OPEN_EXTERNAL, OPTIONS, PAIRS, UNIQUE_PAIRS } from './attribute-parts.ts';
import { SERVICE } from './service-attributes.ts';
import { either, FLAG, LATER, list, type MapType, map, NULL, named, TEXT, TEXT_OR_DATE } from './types.ts';

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
  models: LATER,
});
