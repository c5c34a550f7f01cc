/** The parts of a fixture: files by name, what was committed, and what is found. */

export interface Sections {
  /** Relative path -> text. */
  readonly files: ReadonlyMap<string, string>;
  /** What was committed: `name (HEAD)`; empty: there is no repository. */
  readonly head: ReadonlyMap<string, string>;
  readonly finds: readonly string[];
}

/** Files that are no text, by the note behind their name: `app.db (sqlite)`. */
const BINARIES: Record<string, string> = {
  sqlite: `SQLite format 3\0${'\u0010\0'.repeat(40)}`,
  redis: `REDIS0011${'\0'.repeat(40)}`,
};

/** @param sections each from its name on, to the `--- ` of the next */
export function readSections(sections: readonly string[]): Sections {
  const files = new Map<string, string>();
  const head = new Map<string, string>();
  let finds: string[] = [];
  for (const section of sections) {
    const end = section.indexOf('\n');
    const name = section.slice(0, end).trim();
    const body = section.slice(end + 1);
    const noted = /^(\S+) \((\w+)\)$/.exec(name);
    if (name === 'finds') finds = body.split('\n').filter((line) => line.trim() !== '');
    else if (noted?.[2] === 'HEAD') head.set(noted[1]!, body);
    else if (noted) files.set(noted[1]!, BINARIES[noted[2]!]!);
    else files.set(name, body);
  }
  return { files, head, finds };
}
