/** The files and directories of an image, as far as copies and WORKDIR make them. */
import * as posix from 'node:path/posix';

/** Directories an image has unless it is empty; a file copied to one of them goes into it. */
const USUAL_DIRECTORIES = (
  '/bin /dev /etc /home /lib /media /mnt /opt /root /run /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local ' +
  '/usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp'
).split(' ');

export class ImageTree {
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>(['/']);

  /** @param empty made from `scratch`. */
  constructor(empty: boolean) {
    if (!empty) for (const directory of USUAL_DIRECTORIES) this.#directories.add(directory);
  }

  kind(path: string): 'directory' | 'file' | null {
    return this.#directories.has(path) ? 'directory' : this.#files.has(path) ? 'file' : null;
  }

  /** Makes directories. False, and all as it was, where a file stands there or above it. */
  open(path: string): boolean {
    const draft = new Draft(this);
    const opened = draft.open(path);
    if (opened) this.add(draft);
    return opened;
  }

  add({ files, directories }: Draft): void {
    for (const path of files.keys()) this.#files.add(path);
    for (const path of directories) this.#directories.add(path);
  }
}

/** What one step would add to an image: all of it, or nothing where the builder refuses a part. */
export class Draft {
  /** By place: the file of the context, null for what is of the Dockerfile. */
  readonly files = new Map<string, string | null>();
  readonly directories = new Set<string>();
  readonly #image: ImageTree;

  constructor(image: ImageTree) {
    this.#image = image;
  }

  /** False where a file stands there, or above it. */
  open(path: string): boolean {
    for (let at = path; this.#kind(at) !== 'directory'; at = posix.dirname(at)) {
      if (this.#kind(at) === 'file') return false;
      this.directories.add(at);
    }
    return true;
  }

  /** False where a directory stands there, or a file above it. */
  put(path: string, file: string | null): boolean {
    if (this.#kind(path) === 'directory' || !this.open(posix.dirname(path))) return false;
    this.files.set(path, file);
    return true;
  }

  #kind(path: string): 'directory' | 'file' | null {
    return this.directories.has(path) ? 'directory' : this.files.has(path) ? 'file' : this.#image.kind(path);
  }
}
