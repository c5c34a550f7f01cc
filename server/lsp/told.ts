/** What was told of changes on disk, so that one can ask whether anything in a folder may be another. */

/** More than anybody's tools touch between two edits of one who types. */
const MAX_PATHS = 20_000;

export class Told {
  private count = 0;
  /** The number of the last change of all there is. */
  private all = 0;
  /** Of each path that changed, the number of its last change; of each folder that of the last change in it. */
  private readonly at = new Map<string, number>();
  private readonly below = new Map<string, number>();

  change(path: string): void {
    if (this.below.size > MAX_PATHS) this.changeAll();
    this.count++;
    this.at.set(path, this.count);
    for (const folder of foldersAbove(path)) this.below.set(folder, this.count);
  }

  changeAll(): void {
    this.all = ++this.count;
    this.at.clear();
    this.below.clear();
  }

  /** The number of the last change that concerns `path`: of itself, of what lies in it, and of the folders above it. */
  last(path: string): number {
    let last = Math.max(this.all, this.at.get(path) ?? 0, this.below.get(path) ?? 0);
    if (this.at.size === 0) return last;
    // A folder that is moved, replaced or deleted takes along what lies in it, and not every watcher tells of that.
    for (let end = path.lastIndexOf('/'); end >= 0; end = end > 0 ? path.lastIndexOf('/', end - 1) : -1)
      last = Math.max(last, this.at.get(path.slice(0, end) || '/') ?? 0);
    return last;
  }
}

function* foldersAbove(path: string): Iterable<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
  yield '/';
}
