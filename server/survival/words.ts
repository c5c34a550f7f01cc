/** The words of the product, as types: what data a service keeps, what holds it, and what becomes of it. */
import type { Span } from '../syntax/source.ts';

export type StoreKind = 'essential' | 'configuration' | 'secret' | 'rebuildable' | 'cache';

export type BackingType =
  | 'writable-layer'
  | 'anonymous-volume'
  | 'named-volume'
  | 'external-volume'
  | 'bind-mount'
  | 'network-volume'
  | 'tmpfs'
  | 'image'
  | 'unknown';

export const EVENTS = ['restart', 'recreate', 'down', 'down-volumes', 'reboot', 'crash'] as const;
/**
 * `restart`: stop and start. `recreate`: `up` after a change, a rebuild or a pull. `down`: `down`, then `up`.
 * `down-volumes`: `down --volumes`, then `up`. `reboot`: of the host. `crash`: SIGKILL or power loss of the container.
 */
export type Event = (typeof EVENTS)[number];

/** `orphaned`: still on disk, no longer attached. */
export type Fate = 'kept' | 'orphaned' | 'lost' | 'unknown';

export type { Runtime } from '../project/model.ts';

/** How far a fact was checked; see the catalogue. `memory` never carries more than an info. */
export type Confidence = 'primary' | 'secondary' | 'memory';

/** Why we believe that a store is there, or that something holds about it. */
export interface Evidence {
  readonly from: 'image' | 'environment' | 'command' | 'dockerfile' | 'source' | 'mount' | 'configuration';
  /** A sentence without a full stop. */
  readonly note: string;
  /** Where it is written, in a file of the project. */
  readonly span?: Span;
  readonly confidence: Confidence;
  /** Where an image fact was read: repository and path. */
  readonly citation?: string;
}

/** One body of data that a service keeps. */
export interface Store {
  /** Catalogue family (`postgres`) or embedded technology (`sqlite`, `chroma`, `faiss` ...). */
  readonly technology: string;
  /** How people call it: `PostgreSQL`. */
  readonly title: string;
  /** Absolute path in the container, without a trailing slash; null when it could not be found out. */
  readonly path: string | null;
  /** Set when `path` is null: which variable, call or file stands in the way. */
  readonly unknown?: string;
  /** Set where the data is kept in memory although a path is given, which is then null here. */
  readonly inMemory?: { readonly instead: string };
  /** Set when `path` is only the usual one: what would make it another, as a clause behind "unless". */
  readonly unless?: string;
  /** `path` names one file; what must be mounted is its directory. */
  readonly isFile: boolean;
  readonly kind: StoreKind;
  /** Something the service does not work without, or a path that matters only to some users. */
  readonly need: 'required' | 'optional';
  /** The weakest confidence among the facts that this store rests on. */
  readonly confidence: Confidence;
  /** What was read, most telling first; never empty. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** Found in an image (`server`), or opened by the application's own code (`embedded`). */
  readonly role: 'server' | 'embedded';
}

/** What holds a path of a container. */
export interface Backing {
  readonly type: BackingType;
  /** Volume key, host path or device; absent for layers, tmpfs and anonymous volumes. */
  readonly source?: string;
  /** The mount point that decides; absent for the writable layer. */
  readonly target?: string;
  /** Of a named volume: kept by `down --volumes`, because its content is a host directory or a server elsewhere. */
  readonly elsewhere?: boolean;
  readonly readOnly?: boolean;
  /** Where the mount is written; absent for what the image declares. */
  readonly span?: Span;
  /** Set for `unknown`: what stands in the way. Set for others: what was assumed. */
  readonly reason?: string;
}
