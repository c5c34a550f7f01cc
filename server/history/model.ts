/** What git remembers of a workspace. Only read, and never by running git: a workspace may not be trusted. */

/** A repository as it was when it was last read. */
export interface Past {
  /** Absolute: the top of the working tree. */
  readonly top: string;
  /** Texts at HEAD of the files that were asked for, by absolute path; null where HEAD has none. */
  readonly texts: ReadonlyMap<string, string | null>;
  /** Absolute paths that git tracks: `path` itself, or what lies below it. */
  tracked(path: string): readonly string[];
}

export interface History {
  /** What is remembered of these files (absolute paths). Null where there is no repository, or none that can be read. */
  past(files: readonly string[]): Past | null | Promise<Past | null>;
}
