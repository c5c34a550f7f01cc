/** Types of what the client and the server say to each other beyond the protocol. Types only: the client may read this file. */

/** `workspace/executeCommand` with this command verifies a project on the engine; its argument is {@link VerifyArguments}. */
export type VerifyCommand = 'composePersistence.verify';

export interface VerifyArguments {
  /** Of a file of the project. */
  readonly uri: string;
  /** `inspect` when absent. */
  readonly level?: VerifyLevel;
  /** Only these services. */
  readonly services?: readonly string[];
  /** URIs: which one is meant where the file is in several projects, as {@link ProjectFiles} names them. */
  readonly files?: readonly string[];
  /** Not read from settings by the server: a workspace could choose where it connects. */
  readonly engine?: EngineChoice;
}

export interface EngineChoice {
  /** As in DOCKER_HOST. */
  readonly host?: string;
  /** The name of a Docker context. */
  readonly context?: string;
}

export type VerifyLevel = 'inspect' | 'read' | 'probe' | 'drill';

/** A notification from the server with this method carries each {@link VerifiedParams}. */
export type VerifiedMethod = 'composePersistence/verified';

export interface VerifiedParams {
  readonly uri: string;
  readonly report: VerifyReport;
  /** `3 SAFE, 1 NOT PERSISTED of 4 stores`. */
  readonly summary: string;
  /** The report as a document. */
  readonly markdown: string;
}

export type VerdictText = 'SAFE' | 'AT RISK' | 'NOT PERSISTED' | 'EMPTY' | 'UNKNOWN';

export interface BackingReport {
  readonly type: string;
  readonly source?: string;
  readonly target?: string;
  readonly reason?: string;
}

export interface ObservedReport extends BackingReport {
  /** The volume's name on the engine, or the host path. */
  readonly holder?: string;
  readonly size: number | null;
  readonly created: string | null;
}

export type FateReport = Readonly<Record<string, 'kept' | 'orphaned' | 'lost' | 'unknown'>>;

export interface ToldReport {
  readonly writesTo: readonly string[];
  readonly fingerprint: string | null;
  readonly empty: boolean | null;
  readonly count: number | null;
  readonly contents: string | null;
  readonly weaknesses: readonly {
    readonly setting: string;
    readonly message: string;
    readonly weight: 'note' | 'risk';
  }[];
  readonly evidence: readonly string[];
}

export interface StoreReport {
  readonly service: string;
  readonly container: string | null;
  readonly state: string | null;
  readonly store: {
    readonly technology: string;
    readonly title: string;
    readonly path: string | null;
    readonly kind: string;
    readonly optional: boolean;
  };
  readonly predicted: { readonly backing: BackingReport; readonly fate: FateReport };
  readonly observed: { readonly backing: ObservedReport; readonly fate: FateReport } | null;
  /** What the server itself said; null when it was not asked, or could not be. */
  readonly told: ToldReport | null;
  /** What became of it in a drill; empty without one. */
  readonly events: readonly {
    readonly event: string;
    /** How it was carried out. */
    readonly how: string;
    readonly fate: 'kept' | 'orphaned' | 'lost' | 'unknown';
    readonly reason?: string;
  }[];
  readonly agrees: boolean | null;
  readonly verdict: VerdictText;
  readonly reason: string;
  readonly evidence: readonly string[];
}

/** What `verify --format json` prints, too. */
export interface VerifyReport {
  readonly schema: 1;
  readonly level: VerifyLevel;
  /** Null when none was reached: `errors` says why. */
  readonly engine: {
    readonly name: string;
    readonly version: string;
    readonly apiVersion: string;
    readonly operatingSystem: string;
    readonly endpoint: string;
    readonly reason: string;
    readonly disk: { readonly free: number; readonly total: number } | null;
  } | null;
  readonly project: { readonly name: string; readonly files: readonly string[] };
  readonly results: readonly StoreReport[];
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: 'error' | 'warning' | 'info';
    readonly message: string;
    readonly service?: string;
    readonly container?: string;
  }[];
  /** The user's own questions; none at level `inspect`. */
  readonly checks: readonly {
    readonly name: string;
    readonly service: string;
    /** Null: it counts nothing, or could not be asked. */
    readonly count: number | null;
    /** Null: it could not be asked. */
    readonly passed: boolean | null;
    readonly reason: string;
  }[];
  /** What the level cannot show. */
  readonly notes: readonly string[];
  readonly errors: readonly {
    readonly code?: string;
    readonly file?: string;
    readonly service?: string;
    readonly message: string;
  }[];
}

/** `composePersistence/projects`, from the server: which projects an open document belongs to, whenever that changes. */
export type ProjectsMethod = 'composePersistence/projects';

export interface ProjectsParams {
  /** As the editor named it when it opened the document. */
  readonly uri: string;
  /** None: the document is in no project, or is no longer open. */
  readonly projects: readonly ProjectFiles[];
}

/** The files that are linted together. */
export interface ProjectFiles {
  /** `compose.yaml + compose.override.yaml`. */
  readonly title: string;
  /** URIs, base first. */
  readonly files: readonly string[];
  /** Of the project; absent while it could not be read. */
  readonly name?: string;
}

/** What an editor may put into `initializationOptions`. */
export interface InitializationOptions {
  /** Commands that the editor runs itself. */
  readonly commands?: readonly string[];
  /** The editor understands `composePersistence/projects`. */
  readonly projects?: boolean;
  /** False: the workspace is not trusted; the live check is refused. */
  readonly trusted?: boolean;
  /** The editor shows what `composePersistence/verified` carries: no message needs to sum it up. */
  readonly verified?: boolean;
  /**
   * The editor watches all files of the workspace's folders, save what its setting `files.watcherExclude` leaves out: each
   * change on disk is told of by `workspace/didChangeWatchedFiles`, whoever made it.
   */
  readonly watches?: boolean;
}
