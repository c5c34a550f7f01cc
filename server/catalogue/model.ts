/** The catalogue's own format: what is known of an image family. One YAML file a family in `data/`. */
import type { Confidence, StoreKind } from '../survival/words.ts';

/** All given members must hold. */
export interface When {
  /** Comparators, all of which hold: `>=2 <3`. */
  readonly version?: string;
  /** A part of the tag: `alpine`, `rootless`. */
  readonly flavour?: string;
  /** `NAME=value`, `NAME set` or `NAME unset`. */
  readonly env?: string;
  /** A word of the command: the image holds several programs, and only this one keeps the data. */
  readonly command?: string;
}

interface Fact {
  readonly when?: When;
  /** Only where it differs from the family's own. */
  readonly confidence?: Confidence;
}

/** A path the image keeps data at. */
export interface DataPath extends Fact {
  readonly path: string;
  readonly kind: StoreKind;
  /** What lies there, for the message: `whole cluster incl. WAL`. */
  readonly holds: string;
  /** `required`: nothing survives without it. `conditional`: only with `condition`. `optional`: matters to some. */
  readonly need: 'required' | 'conditional' | 'optional';
  /** In words; a conditional path whose condition cannot be told is never more than an info. */
  readonly condition?: string;
  /** Of several paths that stand for one another; where the setting is missing the `fallback` one is used. */
  readonly group?: string;
  readonly fallback?: boolean;
  /** `path` is a file; its directory is what can be mounted. */
  readonly file?: boolean;
  /** Directories inside `path` in which all that counts lies: mounts on all of them hold the data too. */
  readonly parts?: readonly string[];
}

export interface DeclaredPath extends Fact {
  readonly path: string;
}

/** Something that moves the data elsewhere. */
export interface Relocation extends Fact {
  readonly by: 'env' | 'flag' | 'argument' | 'config';
  /** Variable, flag (`--dir`), or configuration key. For `argument`: the word before it (`server`). */
  readonly key: string;
  /** Which data path it moves; the first required one by default. */
  readonly moves?: string;
  /** What it replaces; informative. */
  readonly default?: string;
  /** The setting names a file in the data directory, a URL, or a list, not the directory itself. */
  readonly form?: 'directory' | 'file' | 'url' | 'list';
  /** Where in the directory that is named: `DATA_DIR=/x` puts the cache at `/x/cache`. */
  readonly below?: string;
  /** Relative values start here. */
  readonly relativeTo?: string;
  readonly note?: string;
}

/** A mount that people make and that does not keep the data. */
export interface WrongMount extends Fact {
  readonly path: string;
  readonly why: string;
  /** The program does not start with it: nothing new is lost, and the old data cannot be reached. */
  readonly refuses?: boolean;
}

export interface User extends Fact {
  readonly start: string;
  readonly run: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface TagFact {
  /** `*`: any that names no version. */
  readonly tag: string;
  /** Left out where there is no such tag, or where it is not known what it runs. */
  readonly version?: string;
  /** Only of this one of the family's images. */
  readonly image?: string;
  /** Nothing newer is published under it, or nothing at all: it does not move. */
  readonly ended?: boolean;
}

/** A setting that takes the data out of the image: a remote database in the environment. */
export interface ExternalWhen {
  /** Any one of these environment conditions (`KC_DB=postgres`, `DATABASE_URL ~ ^postgres`, `DB_HOST set`). */
  readonly env: readonly string[];
  /** Paths that then hold no essential data; all required ones by default. */
  readonly paths?: readonly string[];
}

export interface Family {
  /** The data file's name. */
  readonly id: string;
  readonly title: string;
  /** Registry-qualified repositories, lower case, no tag. */
  readonly images: readonly string[];
  /** Family whose stores it inherits in a `FROM` or a fork; informative. */
  readonly derivesFrom?: string;
  readonly category: string;
  readonly state: 'stateful' | 'optional' | 'cache' | 'config' | 'stateless';
  readonly data: readonly DataPath[];
  /** `VOLUME`s; with `volumesKnown: false` there may be more. */
  readonly volumes: readonly DeclaredPath[];
  readonly volumesKnown: boolean;
  readonly relocations: readonly Relocation[];
  readonly wrongMounts: readonly WrongMount[];
  readonly users: readonly User[];
  /** What tags without a number run, where that is not the newest version; no tag at all is `latest`. */
  readonly tags?: readonly TagFact[];
  /** Working directory of the image, for relative paths. */
  readonly workdir?: string;
  /** First word(s) of the server program: another command means the image is used as a tool. */
  readonly serverCommands: readonly string[];
  readonly external?: ExternalWhen;
  readonly durability: {
    readonly default: 'durable' | 'partial' | 'requires_setting' | 'ephemeral' | 'external' | 'none';
    readonly requires: readonly string[];
    readonly weakenedBy: readonly string[];
    readonly confidence?: Confidence;
  };
  readonly stop: {
    readonly signal: string;
    readonly graceSeconds?: number;
    readonly heavy?: boolean;
    readonly note?: string;
    readonly confidence?: Confidence;
  };
  readonly singleWriter: {
    readonly value: boolean;
    /** Any one of these environment conditions: what only one may write to is elsewhere then. */
    readonly unless?: readonly string[];
    readonly note?: string;
    readonly confidence?: Confidence;
  };
  /**
   * Only where another major version does not simply take over the files: `note` says what it does instead. `forward`: it
   * takes over those of an older one, and there is no way back.
   */
  readonly majors?: {
    readonly compatible: false | 'forward';
    /** It is the minor versions that count. */
    readonly step?: 'minor';
    readonly note: string;
    readonly confidence?: Confidence;
  };
  readonly hostname?: { readonly dependent: boolean; readonly note?: string; readonly confidence?: Confidence };
  readonly backup: readonly {
    readonly command: string;
    readonly restore?: string;
    readonly offline: boolean;
    readonly confidence?: Confidence;
  }[];
  readonly health?: { readonly test?: string; readonly note?: string; readonly confidence?: Confidence };
  readonly ports: readonly { readonly port: number; readonly proto: string }[];
  /** Repository and path (and commit) where the facts were read. */
  readonly sources: readonly { readonly repo: string; readonly path: string; readonly commit?: string }[];
  readonly confidence: Confidence;
  readonly notes: readonly string[];
}

export interface Catalogue {
  readonly families: readonly Family[];
  /** The family that names this registry-qualified repository. */
  byRepository(repository: string): Family | undefined;
  /** Families one of whose repositories ends in this last component: for look-alikes. */
  byLastComponent(name: string): Family | undefined;
}
