/** `drill --live`: the user's own service is made anew, and what its servers say before and after is compared. */
import type { AnalysedProject } from '../../stores/model.ts';
import type { Backing, Runtime } from '../../survival/words.ts';
import type { Check, CheckResult } from '../checks.ts';
import type { EngineIdentity } from '../engine.ts';
import type { Machine } from '../machine.ts';
import type { Progress, Verdict } from '../model.ts';
import type { Told } from '../probes/probe.ts';
import type { Compose } from './compose.ts';

export interface LiveOptions {
  readonly project: AnalysedProject;
  readonly runtime: Runtime;
  readonly machine: Machine;
  /** As the user would call it in `folder`: without, nothing can be done. */
  readonly compose: Compose | null;
  /** `-f`, `-p`, `--profile`, `--env-file`: what makes Compose read the project that was analysed. */
  readonly composeArgs: readonly string[];
  readonly folder: string;
  readonly service: string;
  readonly checks?: readonly Check[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface LiveDrillOptions extends LiveOptions {
  /** The name of the project, as the user has typed it. */
  readonly confirm: string;
  /** Each store is copied into this folder first, while the service is stopped. */
  readonly backup?: string | undefined;
  /** ms that the service is given to come back. */
  readonly patience?: number | undefined;
}

export interface PlannedStore {
  readonly technology: string;
  readonly title: string;
  readonly path: string | null;
  readonly backing: Backing | null;
  /** Bytes; null when not known. */
  readonly size: number | null;
}

/** What would be done; nothing was. */
export interface LivePlan {
  readonly service: string;
  /** Null: there is none. */
  readonly container: string | null;
  readonly stores: readonly PlannedStore[];
  /** Why it must not be done, as sentences without a full stop; empty: nothing speaks against it. */
  readonly refusals: readonly string[];
  /** Set when the refusal is itself the answer: the data would be lost. */
  readonly verdict: Verdict | null;
  /** Commands that copy each store, for who wants to do it by hand. */
  readonly backupCommands: readonly string[];
  readonly command: string;
}

export interface LiveDrillStore extends PlannedStore {
  readonly before: Told | null;
  readonly after: Told | null;
  readonly verdict: Verdict;
  /** A sentence without a full stop. */
  readonly reason: string;
}

export interface LiveDrillReport {
  readonly level: 'drill-live';
  readonly engine: EngineIdentity;
  readonly project: string;
  readonly service: string;
  readonly plan: LivePlan;
  /** False: refused, see the plan. */
  readonly done: boolean;
  readonly stores: readonly LiveDrillStore[];
  readonly checks: readonly {
    readonly before: CheckResult;
    readonly after: CheckResult;
    readonly passed: boolean | null;
  }[];
  readonly backups: readonly { readonly path: string; readonly file: string; readonly size: number }[];
  readonly verdict: Verdict;
}
