/** An engine as the checks see it, whichever it is and however it is reached. */

/** What an engine is allowed to be asked: the connection refuses everything else before it is sent. */
export type Access = 'inspect' | 'read' | 'write';

export interface EngineIdentity {
  /** Its own, or where it has none the endpoint: of no use to people. */
  readonly id: string;
  readonly name: 'Docker' | 'Podman';
  readonly version: string;
  readonly apiVersion: string;
  /** As its host calls itself: `Debian GNU/Linux 12`, `Docker Desktop`. */
  readonly operatingSystem: string;
  /** Where it answered, without credentials. */
  readonly endpoint: string;
  /** Why it was chosen. */
  readonly reason: string;
  /** Its files lie on this machine, so that what may be read here can be looked at without it. */
  readonly local: boolean;
  /** Reached over a network: somebody else's data may be on it. */
  readonly remote: boolean;
  readonly rootDirectory: string;
}

export interface MountPoint {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'image' | 'npipe' | 'cluster' | 'other';
  /** Of volumes. */
  readonly name?: string;
  /** Host path. */
  readonly source?: string;
  readonly target: string;
  readonly driver?: string;
  readonly readOnly: boolean;
}

export interface ContainerSummary {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: string;
  /** `running`, `exited`, `created` ... */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
}

export interface PublishedPort {
  readonly container: number;
  /** As published: `0.0.0.0`, `::` and the empty text mean every address of the engine's host. */
  readonly host: string;
  readonly port: number;
}

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly state: string;
  /** Answers commands: neither stopped, paused nor in a crash loop. */
  readonly running: boolean;
  readonly startedAt: string | null;
  readonly created: string;
  readonly autoRemove: boolean;
  readonly hostname: string;
  readonly workingDirectory: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly MountPoint[];
  /** On its networks, as the engine's host sees them; 127.0.0.1 where it shares the network of the host. */
  readonly addresses: readonly string[];
  /** What is published, TCP alone. */
  readonly ports: readonly PublishedPort[];
  /** A function, so that no value reaches a report or a log with the rest. */
  readonly environment: (name: string) => string | undefined;
  /** Takes its passwords, keys and tokens out of a text that is to be shown. */
  readonly redact: (text: string) => string;
}

/** `added` and `modified` say what the writable layer holds. */
export interface Change {
  readonly path: string;
  readonly kind: 'modified' | 'added' | 'deleted';
}

export interface PathStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly modified: string;
  /** Of links, absolute. */
  readonly linkTarget?: string;
}

export interface ArchiveEntry {
  /** Below the path that was asked for; empty for itself. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Seconds. */
  readonly modified: number;
  /** The first of them; all when as many as `size`. */
  readonly bytes: Uint8Array;
}

export interface ArchiveLimits {
  /** Reading stops after so many entries. */
  readonly entries: number;
  /** Kept of each file. */
  readonly bytesEach: number;
  /** Read in all, what is skipped included. */
  readonly bytesTotal: number;
}

export interface Archive {
  readonly entries: readonly ArchiveEntry[];
  /** False: a limit was met. */
  readonly complete: boolean;
}

export interface Volume {
  readonly name: string;
  readonly driver: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May hold credentials of a network volume: never to be shown. */
  readonly options: Readonly<Record<string, string>>;
  readonly created: string | null;
  readonly mountpoint: string;
}

export interface Image {
  readonly id: string;
  readonly created: string | null;
  readonly volumes: readonly string[];
  /** Instructions (`ONBUILD`) that are carried out where another image is built on it. */
  readonly triggers: number;
}

export interface ImageSummary {
  readonly id: string;
  /** `NAME:TAG`; empty where it has none. */
  readonly names: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface VolumeUsage {
  /** Bytes; null when the engine does not say. */
  readonly size: number | null;
  /** Containers, stopped ones too. */
  readonly users: number | null;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly user?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number;
}

/** An engine, as little of it as the checks need. Every call may throw an EngineFault; null: there is no such thing. */
export interface Engine {
  readonly identity: EngineIdentity;
  containers(signal?: AbortSignal): Promise<readonly ContainerSummary[]>;
  inspect(id: string, signal?: AbortSignal): Promise<Container | null>;
  changes(id: string, signal?: AbortSignal): Promise<readonly Change[]>;
  stat(id: string, path: string, signal?: AbortSignal): Promise<PathStat | null>;
  archive(id: string, path: string, limits: ArchiveLimits, signal?: AbortSignal): Promise<Archive | null>;
  volumes(signal?: AbortSignal): Promise<readonly Volume[]>;
  image(id: string, signal?: AbortSignal): Promise<Image | null>;
  /** Those with this label, whatever its value. */
  labelledImages(label: string, signal?: AbortSignal): Promise<readonly ImageSummary[]>;
  /** By volume name. May take long on large disks. */
  volumeUsage(signal?: AbortSignal): Promise<ReadonlyMap<string, VolumeUsage>>;
  /** The last lines, both streams. */
  logs(id: string, lines: number, signal?: AbortSignal): Promise<string>;
  /** Refused below access `read`. Secrets belong in the container's own environment, never in `argv`. */
  exec(id: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  close(): void;
}
