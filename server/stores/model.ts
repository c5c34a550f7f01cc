/** A service with what is known of its image and of the data it keeps. */
import type { Family } from '../catalogue/model.ts';
import type { ImageReference } from '../catalogue/reference.ts';
import type { Project, Service } from '../project/model.ts';
import type { Backing, Event, Evidence, Fate, Store } from '../survival/words.ts';
import type { StageResult } from '../syntax/dockerfile.ts';
import type { Source, Span } from '../syntax/source.ts';
import type { Placed } from './placement.ts';

export interface FamilyMatch {
  readonly family: Family;
  readonly reference: ImageReference;
  /** The version in the tag; null when the tag says none (`latest`, `alpine`): then the newest is meant, and it moves. */
  readonly version: string | null;
  readonly flavours: readonly string[];
  /** Only the last part of the name agrees (`myorg/redis`): it looks like it, and nothing more. */
  readonly lookalike: boolean;
  /** The tag is made of variables that are not set: which version runs is not known. */
  readonly openTag?: boolean;
  /** Where the image is named: `image:`, or `FROM`. */
  readonly span: Span;
}

/** A directory the image declares as `VOLUME`. */
export interface DeclaredVolume {
  readonly path: string;
  readonly evidence: Evidence;
}

/** What the container starts from. */
export interface ServiceImage {
  readonly match?: FamilyMatch;
  /**
   * Built on nothing that keeps data, and called as a catalogued image is, or pulled as one by a Compose file beside this
   * one: its own source, or a variant of it.
   */
  readonly named?: FamilyMatch;
  /** The final stage of the Dockerfile that builds it. */
  readonly stage?: StageResult;
  readonly environment: ReadonlyMap<string, { readonly value: string; readonly evidence: Evidence }>;
  readonly workdir: string;
  readonly volumes: readonly DeclaredVolume[];
  /** False: the image, or what it is built on, may declare volumes that we do not know of. */
  readonly volumesKnown: boolean;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
}

export interface AnalysedStore {
  readonly store: Store;
  readonly backing: Backing;
  readonly fate: Readonly<Record<Event, Fate>>;
}

export interface AnalysedService {
  readonly service: Service;
  readonly image: ServiceImage;
  /** Image environment below the service's own. */
  readonly environment: ReadonlyMap<string, { readonly value: string | null; readonly evidence: Evidence }>;
  /** The words that run: entrypoint and command of the service, or else of the image. */
  readonly argv: readonly string[];
  readonly stores: readonly AnalysedStore[];
  readonly placed: Placed;
  /** The application's own sources, read; the same list as long as none of them changes. */
  readonly code: readonly Source[];
}

export interface AnalysedProject {
  readonly project: Project;
  readonly services: readonly AnalysedService[];
}
