/** A scratch copy of a project: what is made on the engine, and what on this machine. Both drivers read it. */
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';

export type ScratchMount =
  /** Without a source it has no name. */
  | {
      readonly type: 'volume';
      readonly source?: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** It starts empty, as a folder of the host would. */
      readonly nocopy?: boolean;
      readonly subpath?: string;
    }
  | { readonly type: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  /** `options` as `docker run --tmpfs` takes them. */
  | { readonly type: 'tmpfs'; readonly target: string; readonly options: string };

export interface Healthcheck {
  /** As the engine takes it: `['CMD', 'redis-cli', 'ping']`; absent: the image's. */
  readonly test?: readonly string[];
  /** Durations as Compose takes them. */
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly retries?: number;
}

export interface ScratchDependency {
  readonly service: string;
  readonly condition: string;
  readonly required: boolean;
}

export interface ScratchService {
  readonly name: string;
  readonly analysed: AnalysedService;
  /** Its id: whatever is tagged meanwhile, the copy stays the same. */
  readonly image: string;
  /** Directories that the image declares as volumes. */
  readonly declared: readonly string[];
  /** Null: the image's. */
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly environment: ReadonlyMap<string, string>;
  readonly mounts: readonly ScratchMount[];
  /** `service` or `service:ro`. */
  readonly volumesFrom: readonly string[];
  readonly user?: string;
  readonly hostname?: string;
  readonly workingDir?: string;
  readonly stopSignal?: string;
  /** Seconds. */
  readonly stopGrace: number;
  readonly readOnly: boolean;
  readonly init: boolean;
  readonly tty: boolean;
  readonly openStdin: boolean;
  /** Bytes. */
  readonly shmSize?: number;
  readonly memory: number;
  readonly groups: readonly string[];
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly healthcheck?: Healthcheck;
  readonly dependsOn: readonly ScratchDependency[];
  /** The one network of the copy, with the names it has there besides its own; or none; or another's. */
  readonly network:
    | { readonly type: 'own'; readonly aliases: readonly string[] }
    | { readonly type: 'none' }
    | { readonly type: 'service'; readonly service: string };
  /** Its own restart policy would start it again when it fails. */
  readonly restarts: boolean;
}

export interface ScratchVolume {
  readonly key: string;
  readonly name: string;
  /** Made before, and left alone by `down --volumes`. */
  readonly external: boolean;
  readonly driverOpts: Readonly<Record<string, string>>;
}

/** What must be on this machine before the copy starts; every path lies below the scratch folder. */
export type Preparation =
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'text'; readonly path: string; readonly text: string }
  | { readonly type: 'copy'; readonly path: string; readonly from: string };

export interface LeftOut {
  readonly service: string;
  /** A sentence without a full stop. */
  readonly reason: string;
}

export interface Scratch {
  readonly id: string;
  /** Of the Compose project. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly folder: string;
  /** What a service depends on stands before it. */
  readonly services: readonly ScratchService[];
  readonly volumes: readonly ScratchVolume[];
  /** The name of its only network, which leads nowhere; null when no service needs one. */
  readonly network: string | null;
  readonly prepare: readonly Preparation[];
  readonly leftOut: readonly LeftOut[];
  /** Differences from the project that bear on the result, as sentences without a full stop, by service. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** The copy with other images for some of its services. */
export const withImages = (
  scratch: Scratch,
  images: ReadonlyMap<string, { readonly id: string; readonly volumes: readonly string[] }>,
): Scratch => ({
  ...scratch,
  services: scratch.services.map((service) => {
    const image = images.get(service.name);
    return image ? { ...service, image: image.id, declared: image.volumes } : service;
  }),
});

/** What the copy is made from. */
export interface ScratchInput {
  readonly project: AnalysedProject;
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absolute; nothing of it exists yet. */
  readonly folder: string;
  /** Empty: all. */
  readonly services: readonly string[];
  /** By the name that {@link imageName} gives; null: not on the engine. */
  readonly images: ReadonlyMap<string, { readonly id: string; readonly volumes: readonly string[] } | null>;
  readonly host: Host;
}

/** What must be known of this machine. */
export interface Host {
  /** The engine sees the files of this machine. */
  readonly shared: boolean;
  /** What containers write into a folder of this machine can be removed again by us. */
  readonly removable: boolean;
  /** Where the engine keeps its own data. */
  readonly engineRoot: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kind: (path: string) => 'file' | 'directory' | 'other' | 'missing';
  readonly realPath: (path: string) => string;
  /** Whether it may be copied: it is neither large nor of many files. */
  readonly isSmall: (path: string) => boolean;
}
