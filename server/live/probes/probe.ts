/** What each technology's file in this folder gives: how to ask a server about its data, and how to plant a record in it. */

import type { Store } from '../../survival/words.ts';
import type { Archive, ArchiveLimits, Container, PathStat } from '../engine.ts';

/** A setting with which data may be lost although its place is kept. */
export interface Weakness {
  /** As the server names it: `appendonly no`. */
  readonly setting: string;
  /** What may be lost by it, and when; a sentence without a full stop. */
  readonly message: string;
  /** `note`: the usual setting, worth knowing. `risk`: told as a finding. */
  readonly weight: 'note' | 'risk';
}

/** What a server told about its data. */
export interface Told {
  /** Absolute folders or files in the container that it writes to, the data itself first; empty when it does not say. */
  readonly writesTo: readonly string[];
  /** Belongs to the data, not to the process: another one means that the data was made anew. Null: there is none (yet). */
  readonly fingerprint: string | null;
  /** Holds nothing that a user has put in; null when that cannot be told. */
  readonly empty: boolean | null;
  /** How much there is, to be compared with later: rows, keys, collections; null when not told. */
  readonly count: number | null;
  /** The same in words: `3 collections`, `12 keys`. */
  readonly contents: string | null;
  readonly weaknesses: readonly Weakness[];
  /** Sentences without a full stop; no values of variables. */
  readonly evidence: readonly string[];
}

/** Thrown by an {@link Ask}, and by probes: why the server could not be asked, a sentence without a full stop. */
export class Unable extends Error {}

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly user?: string;
  /** ms */
  readonly timeout?: number;
}

export interface HttpRequest {
  /** In the container. */
  readonly port: number;
  readonly path: string;
  /** GET when absent. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, everything else as JSON. */
  readonly body?: unknown;
  /** ms */
  readonly timeout?: number;
  /** HTTPS, whatever certificate the server has: it is reached inside its own network. */
  readonly tls?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** One store of one running container, and the ways to ask about it. Everything may throw {@link Unable} or EngineFault. */
export interface Ask {
  readonly container: Container;
  readonly store: Store;
  /** The store's path, links resolved; null when not known. */
  readonly path: string | null;
  /** Runs a program of the container; whatever its exit code. @throws Unable when there is no such program */
  attempt(argv: readonly string[], options?: RunOptions): Promise<Run>;
  /** Its standard output, trimmed. @throws Unable when it fails, with the first line it said and no secret in it */
  run(argv: readonly string[], options?: RunOptions): Promise<string>;
  /** `sh -c`: secrets are written as `"$NAME"`, which the shell in the container expands. @throws Unable */
  shell(script: string, options?: RunOptions): Promise<string>;
  /** By the container's published port, its address, or a client in it, whichever answers. @throws Unable */
  http(request: HttpRequest): Promise<HttpAnswer>;
  /** The last lines, both streams. */
  logs(lines: number): Promise<string>;
  /** A variable of the container, never to be shown. */
  env(name: string): string | undefined;
  /** The variable, or the content of the file that NAME_FILE names; never to be shown. */
  secret(name: string): Promise<string | undefined>;
  stat(path: string): Promise<PathStat | null>;
  /** Through the archive call: works without any program in the container. Null: there is no such path. */
  archive(path: string, limits: ArchiveLimits): Promise<Archive | null>;
  /** One whole file of at most `most` bytes; null when it is missing or larger. */
  file(path: string, most: number): Promise<Uint8Array | null>;
}

/** A record of ours in the server: named after `mark` (lower-case letters and digits) and nothing else. */
export interface Planting {
  /** Set when `remove` leaves something on disk for ever: what. Then it is planted in scratch copies alone. */
  readonly leaves?: string;
  /** Why nothing must be planted here (a replica, read-only); null: nothing speaks against it. */
  refusal?(ask: Ask): Promise<string | null>;
  /** On disk, as far as the server can promise it, when it resolves. */
  plant(ask: Ask, mark: string): Promise<void>;
  find(ask: Ask, mark: string): Promise<boolean>;
  /** Also after half a `plant`, and when there is nothing. On disk when it resolves. */
  remove(ask: Ask, mark: string): Promise<void>;
}

export interface Probe {
  /** Catalogue families and embedded technologies. */
  readonly technologies: readonly string[];
  /** Run against the real server in the tests; otherwise written by its documentation. */
  readonly proven: boolean | ((told: Told) => boolean);
  /** Its fingerprint is made of the ids of collections or the like: those go without the data being made anew. */
  readonly ofParts?: true;
  /** @throws Unable */
  read(ask: Ask): Promise<Told>;
  readonly planting?: Planting;
}

/** What every name that we plant begins with, so that left-overs can be told. */
export const PREFIX = 'persist_probe_';
