/** The project: what Compose or systemd would run, each value with the place it came from. */
import type { Problem, Source, Span } from '../syntax/source.ts';
import type { MapNode, ScalarNode } from '../syntax/tree.ts';
import type { QuadletUnit } from './quadlet/model.ts';

/** What starts and stops the containers, and so decides what becomes of their data. */
export type Runtime = 'compose' | 'quadlet';

/** A variable that has no value here: Compose would put nothing in its place, so nothing is known of the result. */
export interface Unresolved {
  readonly variable: string;
  readonly span: Span;
  /** It is set, or may be, where nobody can look. */
  readonly hidden?: true;
}

/** A part of an interpolated text: `value[from, to)` was written at `text[rawFrom, rawTo)` of its scalar. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly rawFrom: number;
  readonly rawTo: number;
  /** The same characters in both: any part of it has an exact place. */
  readonly literal: boolean;
}

/** A string of the project after interpolation. */
export interface Text {
  readonly value: string;
  readonly scalar: ScalarNode;
  readonly span: Span;
  /** Absent when nothing was replaced. */
  readonly pieces?: readonly Piece[];
  readonly unresolved: readonly Unresolved[];
}

export interface EnvironmentEntry {
  readonly name: string;
  /** null: passed through from the shell that runs Compose, so not known. */
  readonly value: string | null;
  readonly span: Span;
  readonly unresolved: readonly Unresolved[];
  readonly from: 'environment' | 'env_file';
}

export interface Label {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly from: 'labels' | 'label_file';
}

export type MountType = 'volume' | 'bind' | 'tmpfs' | 'image' | 'npipe' | 'cluster' | 'config' | 'secret';

export interface Mount {
  readonly type: MountType;
  /** Volume key, host path (absolute for binds) or image; absent for anonymous volumes and tmpfs. */
  readonly source?: string;
  /** As written, before it was made absolute. */
  readonly sourceText?: string;
  /** Absolute container path, cleaned, without a trailing slash. */
  readonly target: string;
  /** As written: Compose compares targets before it cleans them. */
  readonly targetText: string;
  readonly readOnly: boolean;
  /** The whole entry. */
  readonly span: Span;
  readonly sourceSpan?: Span;
  readonly targetSpan: Span;
  readonly unresolved: readonly Unresolved[];
  /** Which attribute of the service it was written in. */
  readonly from: 'volumes' | 'tmpfs' | 'configs' | 'secrets' | 'volumes_from';
  readonly nocopy?: boolean;
  readonly subpath?: string;
  /** Of binds: false when Compose must refuse a missing source instead of creating it. */
  readonly createHostPath?: boolean;
  readonly propagation?: string;
  readonly selinux?: string;
  readonly recursive?: string;
  readonly consistency?: string;
  readonly tmpfsSize?: number;
  readonly tmpfsMode?: number;
}

export interface Build {
  /** Absolute directory, or a URL (then `remote`). */
  readonly context: string;
  readonly remote: boolean;
  /** Absolute path; absent with `dockerfile_inline`. */
  readonly dockerfile?: string;
  readonly inline?: Text;
  readonly target?: string;
  /** null: taken from the shell. */
  readonly args: ReadonlyMap<string, string | null>;
  readonly additionalContexts: ReadonlyMap<string, string>;
  readonly span: Span;
  readonly unresolved: readonly Unresolved[];
}

/** A service as one file writes it: where edits go. */
export interface Declaration {
  readonly source: Source;
  readonly key: Span;
  /** Unmerged; inherited entries are marked. Null when the service is written as an alias or as something else. */
  readonly node: MapNode | null;
}

/** A mount that a later one on the same target replaced. */
export interface ReplacedMount {
  readonly mount: Mount;
  readonly by: Mount;
  /** False: Compose drops it without a word. True: the targets differ as written, so Compose refuses the second. */
  readonly refused: boolean;
}

export interface Words {
  /** The words as Compose passes them to the engine. */
  readonly words: readonly string[];
  /** A place for each word; the same whole span for each where they cannot be told apart. */
  readonly spans: readonly Span[];
  readonly span: Span;
  readonly unresolved: readonly Unresolved[];
  /** Written as one string. */
  readonly shell: boolean;
}

/** A command that Compose runs in the container when it has started, or before it stops. */
export interface Hook {
  readonly when: 'post_start' | 'pre_stop';
  readonly command: Words | null;
  readonly user?: Text;
  readonly workingDir?: Text;
  readonly privileged: boolean;
  readonly span: Span;
}

/** What `docker compose watch` does when something in a folder of the host changes. */
export interface Watch {
  /** Absolute. */
  readonly path: string;
  readonly pathSpan: Span;
  /** `rebuild`, `restart`, `sync`, `sync+restart` or `sync+exec`. */
  readonly action: Text;
  /** In the container: where files are copied to, into whatever holds that path. */
  readonly target?: Text;
  /** Files are copied when watching starts, too. */
  readonly initialSync: boolean;
  readonly ignore: readonly Text[];
  readonly span: Span;
  readonly unresolved: readonly Unresolved[];
}

export interface EnvironmentGap extends Problem {
  /** `required: false`: Compose goes on without the file, which may be there elsewhere. */
  readonly optional?: true;
}

export interface Service {
  readonly name: string;
  /** Of the service's key in the first file that declares it: where findings about the service as a whole land. */
  readonly key: Span;
  readonly declarations: readonly [Declaration, ...Declaration[]];
  readonly image?: Text;
  readonly build?: Build;
  readonly command?: Words | null;
  readonly entrypoint?: Words | null;
  /** `env_file` and `environment` merged; image values are not in it. */
  readonly environment: ReadonlyMap<string, EnvironmentEntry>;
  /** Environment files that could not be read: what they set is not known. */
  readonly environmentGaps: readonly EnvironmentGap[];
  /** What the examples of files that are not here set: what people are told to write, and may have written otherwise. */
  readonly environmentExamples?: ReadonlyMap<string, EnvironmentEntry>;
  /** Effective mounts in Compose's order; of several on one target only the last. */
  readonly mounts: readonly Mount[];
  readonly replacedMounts: readonly ReplacedMount[];
  /** Mounts as Compose lists them, where two of `volumes` are on one target and it drops neither. */
  readonly listedMounts?: readonly Mount[];
  /** Mounts that cannot be told: `volumes_from` a container, a target made of unset variables. */
  readonly mountGaps: readonly Problem[];
  /** Services whose volumes it takes by `volumes_from`, those of their own lenders included. */
  readonly lenders?: readonly string[];
  readonly user?: Text;
  /** What makes users of the container other users of the host: `keep-id`. */
  readonly userNamespace?: Text;
  /** What becomes of the `VOLUME`s of the image where it is no volume: nothing, or memory. */
  readonly imageVolumes?: 'ignore' | 'tmpfs';
  readonly workingDir?: Text;
  readonly hostname?: Text;
  readonly containerName?: Text;
  readonly restart?: Text;
  readonly stopGracePeriod?: Text;
  readonly stopSignal?: Text;
  readonly pullPolicy?: Text;
  readonly readOnly: boolean;
  readonly init: boolean;
  readonly profiles: readonly string[];
  /** Those of `label_file` are among them. */
  readonly labels: ReadonlyMap<string, string>;
  readonly labelEntries: ReadonlyMap<string, Label>;
  /** Label files that cannot be had or not be understood. */
  readonly labelGaps: readonly Problem[];
  /** Those of `post_start`, then those of `pre_stop`. */
  readonly hooks: readonly Hook[];
  readonly watches: readonly Watch[];
  /** Number of containers that share the service's volumes. */
  readonly replicas: number;
  /** Service name -> condition (`service_started`, `service_healthy`, `service_completed_successfully`). */
  readonly dependsOn: ReadonlyMap<string, string>;
  /** Part of the service could not be parsed: nothing may be said to be missing from it. */
  readonly broken: boolean;
  /** The merged tree, for attributes that have no field here. */
  readonly node: MapNode;
  /** The Quadlet unit that it is made of, with its drop-ins: where lines can be added. */
  readonly unit?: QuadletUnit;
}

export interface TopLevelVolume {
  readonly key: string;
  /** The name on the engine. */
  readonly name: string;
  readonly external: boolean;
  readonly driver?: string;
  readonly driverOpts: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly span: Span;
  readonly entrySpan: Span;
  readonly node: MapNode | null;
}

export interface Project {
  readonly runtime: Runtime;
  /** A Dockerfile by itself: its one service stands for any container of the image, however that is run. */
  readonly imageOnly?: true;
  readonly name: string;
  readonly nameSpan?: Span;
  /** Absolute; relative paths in the files start here. */
  readonly directory: string;
  /** In the order of `-f`; includes and bases of `extends` after them. */
  readonly files: readonly Source[];
  readonly services: readonly Service[];
  /** Services that the active profiles leave out. */
  readonly inactive: readonly Service[];
  readonly volumes: ReadonlyMap<string, TopLevelVolume>;
  /** Where a top-level `volumes:` mapping can be found or made, by file path. */
  readonly roots: ReadonlyMap<string, MapNode>;
  /** What Compose would refuse, in words that name the cause. */
  readonly problems: readonly Problem[];
  /** Files that do not stand for themselves: an override or a fragment was read without its base. */
  readonly incomplete: boolean;
}
