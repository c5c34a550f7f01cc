import type { Runtime } from '../project/model.ts';
import type { Backing, BackingType, Event, Fate } from './words.ts';

type Row = Readonly<Record<Event, Fate>>;

const row = (restart: Fate, recreate: Fate, down: Fate, downVolumes: Fate, reboot: Fate, crash: Fate): Row => ({
  restart,
  recreate,
  down,
  'down-volumes': downVolumes,
  reboot,
  crash,
});

const KEPT = row('kept', 'kept', 'kept', 'kept', 'kept', 'kept');
const UNKNOWN = row('unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown');
const LOST = row('lost', 'lost', 'lost', 'lost', 'lost', 'lost');
const LAYER = row('kept', 'lost', 'lost', 'lost', 'kept', 'kept');

/** Measured on Docker 20.10 and 26.1 with Compose v2; the live check measures it again. */
const COMPOSE: Readonly<Record<BackingType, Row>> = {
  'writable-layer': LAYER,
  image: LAYER,
  'anonymous-volume': row('kept', 'kept', 'orphaned', 'lost', 'kept', 'kept'),
  'named-volume': row('kept', 'kept', 'kept', 'lost', 'kept', 'kept'),
  'external-volume': KEPT,
  'bind-mount': KEPT,
  'network-volume': KEPT,
  tmpfs: LOST,
  unknown: UNKNOWN,
};

/** Quadlet runs `podman run --rm` and `podman rm -v`: every stop removes the container and its anonymous volumes. */
const QUADLET: Readonly<Record<BackingType, Row>> = {
  ...COMPOSE,
  'writable-layer': LOST,
  image: LOST,
  'anonymous-volume': LOST,
  'named-volume': KEPT,
};

const TABLES: Readonly<Record<Runtime, Readonly<Record<BackingType, Row>>>> = { compose: COMPOSE, quadlet: QUADLET };

const ELSEWHERE: Readonly<Record<Runtime, Row>> = {
  compose: { ...COMPOSE['named-volume'], 'down-volumes': 'kept' },
  quadlet: { ...QUADLET['named-volume'], 'down-volumes': 'kept' },
};

/**
 * What becomes of data that is held by `backing`, for each event: the one table that rules, hovers, reports and the live
 * check read. `crash` is about the storage alone; what a server had not yet written is its durability.
 */
export const fatesOf = (backing: Backing, runtime: Runtime): Row =>
  backing.elsewhere ? ELSEWHERE[runtime] : TABLES[runtime][backing.type];

export const fate = (backing: Backing, event: Event, runtime: Runtime): Fate => fatesOf(backing, runtime)[event];
