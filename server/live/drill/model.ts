/** The words of a drill: a scratch copy of the project goes through the events, and what becomes of its data is seen. */
import type { AnalysedProject } from '../../stores/model.ts';
import type { Backing, Fate, Runtime, StoreKind } from '../../survival/words.ts';
import type { EngineIdentity } from '../engine.ts';
import type { Machine } from '../machine.ts';
import type { Drilled, Fates, LiveError, Progress, Verdict } from '../model.ts';
import type { Compose } from './compose.ts';

export const DRILL_EVENTS = [
  'restart',
  'crash',
  'recreate',
  'down',
  'down-volumes',
  'rebuild',
] as const satisfies readonly Drilled[];
/**
 * In the order in which they are carried out: each asks more of the data than the one before. After `rebuild` it is another
 * image that runs, so it comes last.
 */
export type DrillEvent = (typeof DRILL_EVENTS)[number];

/** Of these nothing is lost that a user would not expect to be lost. */
export const USUAL_EVENTS: readonly DrillEvent[] = ['restart', 'recreate', 'down'];

export interface DrillOptions {
  readonly project: AnalysedProject;
  readonly runtime: Runtime;
  readonly machine: Machine;
  /** Null: the engine's API alone. */
  readonly compose: Compose | null;
  /** Only these, with what they depend on; empty: all. */
  readonly services?: readonly string[] | undefined;
  /** Services that say of themselves that their data may go: they run, but are not looked at. */
  readonly ephemeral?: ReadonlySet<string> | undefined;
  readonly events?: readonly DrillEvent[] | undefined;
  /** Of `rebuild`: commands of a Dockerfile may be run, and may fetch what they ask for. No image is pulled all the same. */
  readonly allowBuild?: boolean | undefined;
  /** ms that a service is given to become ready; 60 s when absent. */
  readonly patience?: number | undefined;
  /** Cancels the drill, never its cleaning up: the engine must not be opened with the same signal. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Sees every call to the engine and to Compose when it has ended. */
  readonly onCall?: ((call: TimedCall) => void) | undefined;
}

export interface TimedCall {
  readonly name: string;
  /** ms */
  readonly time: number;
}

export interface ObservedFate {
  readonly event: DrillEvent;
  /** How it was carried out: `docker compose down, up`. */
  readonly how: string;
  readonly fate: Fate;
  /** What became of the place itself, where the server lost what it was given although its place was kept. */
  readonly place?: Fate;
  /** A sentence without a full stop; always there for `unknown`. */
  readonly reason?: string;
}

export interface DrillStore {
  readonly service: string;
  readonly technology: string;
  readonly title: string;
  readonly path: string | null;
  readonly kind: StoreKind;
  readonly optional: boolean;
  readonly predicted: { readonly backing: Backing; readonly fate: Fates };
  /** What was planted: a record in the server, or a file beside its data; null when nothing could be. */
  readonly planted: 'record' | 'file' | null;
  readonly events: readonly ObservedFate[];
  /** Each event did to the place of the data what was predicted; null when nothing could be compared. */
  readonly agrees: boolean | null;
  readonly verdict: Verdict;
  /** A sentence without a full stop. */
  readonly reason: string;
  readonly evidence: readonly string[];
}

export interface DrillReport {
  readonly level: 'drill';
  /** Of the scratch copy, which is gone by now. */
  readonly id: string;
  readonly engine: EngineIdentity;
  readonly by: 'compose' | 'api';
  readonly project: string;
  readonly files: readonly string[];
  readonly results: readonly DrillStore[];
  readonly errors: readonly LiveError[];
  /** What a drill cannot show. */
  readonly notes: readonly string[];
  readonly time: Time;
}

export interface Time {
  /** ms from the first to the last call. */
  readonly wall: number;
  readonly calls: number;
  /** ms of all calls, also of those that ran beside each other. */
  readonly inCalls: number;
}
