/** The paths that an outcome depends on: those that were looked at, and those of what was remembered. */

export interface Paths extends Iterable<string> {
  has(path: string): boolean;
}

export class Reads implements Paths {
  private readonly looked = new Set<string>();
  /** Thousands of paths each, and many results with the same ones: they are not copied. */
  private readonly taken = new Set<ReadonlySet<string>>();

  add(path: string): void {
    this.looked.add(path);
  }

  take(paths: ReadonlySet<string>): void {
    this.taken.add(paths);
  }

  has(path: string): boolean {
    if (this.looked.has(path)) return true;
    for (const paths of this.taken) if (paths.has(path)) return true;
    return false;
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.looked;
    for (const paths of this.taken) yield* paths;
  }
}
