/** The words of the live check: what was seen, and what follows from it. */
import type { Backing, Event, Fate, StoreKind } from '../survival/words.ts';
import type { CheckResult } from './checks.ts';
import type { EngineIdentity } from './engine.ts';
import type { Told } from './probes/probe.ts';

export const LEVELS = ['inspect', 'read', 'probe', 'drill'] as const;
/**
 * `inspect` looks from outside. `read` also runs clients in containers that only ask. `probe` plants a marked record and
 * removes it. `drill` recreates a scratch copy of the project.
 */
export type Level = (typeof LEVELS)[number];

/** In the order of badness. */
export const VERDICTS = ['NOT PERSISTED', 'EMPTY', 'AT RISK', 'UNKNOWN', 'SAFE'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type Fates = Readonly<Record<Event, Fate>>;

export interface Observation {
  readonly backing: Backing;
  readonly fate: Fates;
  /** The volume's name on the engine, or the host path. */
  readonly holder?: string;
  /** Bytes of the volume or file; null when not known. */
  readonly size: number | null;
  readonly created: string | null;
}

/** One store in one container (or in none: then `container` is null). */
export interface LiveStore {
  readonly service: string;
  readonly container: string | null;
  readonly state: string | null;
  readonly technology: string;
  readonly title: string;
  readonly path: string | null;
  readonly kind: StoreKind;
  readonly optional: boolean;
  /** A server's own, and not a file that an application opens. */
  readonly server: boolean;
  readonly predicted: { readonly backing: Backing; readonly fate: Fates };
  readonly observed: Observation | null;
  /** What the server itself said; null when it was not asked, or could not be. */
  readonly told: Told | null;
  /** What became of it in a drill; empty without one. */
  readonly events: readonly DrilledEvent[];
  /** Prediction and observation name the same kind of backing; null without an observation. */
  readonly agrees: boolean | null;
  readonly verdict: Verdict;
  /** A sentence without a full stop. */
  readonly reason: string;
  readonly evidence: readonly string[];
}

/** Beside those of the table of fates: `rebuild`, which ends in a new container as `recreate` does, from an image built anew. */
export type Drilled = Event | 'rebuild';

/** What is said beforehand of an event of a drill. */
export const fateIn = (fates: Fates, event: Drilled): Fate => fates[event === 'rebuild' ? 'recreate' : event];

export interface DrilledEvent {
  readonly event: Drilled;
  /** How it was carried out: `docker compose down, up`. */
  readonly how: string;
  readonly fate: Fate;
  /** A sentence without a full stop; always there for `unknown`. */
  readonly reason?: string;
}

export type LiveRule =
  | 'data-on-writable-layer'
  | 'data-on-tmpfs'
  | 'data-on-anonymous-volume'
  | 'data-on-network-volume'
  | 'single-file-mount'
  | 'shared-database-volume'
  | 'stale-inherited-mount'
  | 'orphaned-data-found'
  | 'volume-mounted-but-empty'
  | 'uninitialised-database'
  | 're-initialised-database'
  | 'data-not-on-disk'
  | 'weak-durability'
  | 'external-volume-missing'
  | 'other-project-name'
  | 'project-name-shared'
  | 'lost-in-drill'
  | 'prediction-differs'
  | 'check-failed'
  | 'low-disk-space'
  | 'large-data';

export interface LiveFinding {
  readonly rule: LiveRule;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Absent for what concerns the whole project. */
  readonly service?: string;
  readonly container?: string;
}

export interface LiveError {
  readonly code: string;
  readonly message: string;
  readonly service?: string;
}

export interface Disk {
  readonly free: number;
  readonly total: number;
}

export interface Report {
  readonly level: Level;
  readonly engine: EngineIdentity;
  /** Of the file system that holds the engine's data; null when it cannot be seen from here. */
  readonly disk: Disk | null;
  readonly project: string;
  readonly files: readonly string[];
  readonly results: readonly LiveStore[];
  readonly findings: readonly LiveFinding[];
  /** The user's own questions, from level `read` on. */
  readonly checks: readonly CheckResult[];
  /** What the level cannot show, as sentences without a full stop. */
  readonly notes: readonly string[];
  /** What could not be looked at. */
  readonly errors: readonly LiveError[];
}

export interface Progress {
  readonly message: string;
  readonly done: number;
  readonly total: number;
}
