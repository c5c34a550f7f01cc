/** Results that are worked out from files, kept until one of these files is another. */
import { type Files, UnreadableFile } from '../files.ts';

type Asked = {
  readonly [K in keyof Files]: {
    readonly what: K;
    readonly path: string;
    readonly bytes?: number;
    readonly said: unknown;
  };
}[keyof Files];

interface Kept {
  readonly asked: readonly Asked[];
  readonly given: readonly unknown[];
  readonly result: unknown;
  /** The last round in which all files were found to be the same. */
  round: object;
  used: number;
}

/** More than any workspace has builds and mounted folders. */
const MAX_KEPT = 500;

export class Recall {
  readonly kept = new Map<string, Kept>();
  private rounds = 0;

  /** One analysis: what it has found to be the same once it does not look at again. */
  begin(): Round {
    this.rounds++;
    if (this.kept.size > MAX_KEPT)
      for (const [key, { used }] of this.kept) if (used < this.rounds - 1) this.kept.delete(key);
    return new Round(this.kept, this.rounds);
  }
}

export class Round {
  private readonly kept: Map<string, Kept>;
  private readonly number: number;

  constructor(kept: Map<string, Kept>, number: number) {
    this.kept = kept;
    this.number = number;
  }

  /**
   * What `compute` made of `key` before, if each answer that it had from the files is still the same, and `given` are the
   * same objects. All it reads must come from the files it is handed.
   */
  get<T>(key: string, given: readonly unknown[], files: Files, compute: (files: Files) => T): T {
    const before = this.kept.get(key);
    if (before?.given.every((one, i) => one === given[i])) {
      if (before.round === this || before.asked.every((asked) => isSame(asked, files))) {
        before.round = this;
        before.used = this.number;
        return before.result as T;
      }
    }
    const { traced, asked } = trace(files);
    const result = compute(traced);
    this.kept.set(key, { asked, given, result, round: this, used: this.number });
    return result;
  }
}

function trace(files: Files): { readonly traced: Files; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const note = <T>(entry: Omit<Asked, 'said'>, said: T): T => {
    asked.push({ ...entry, said } as Asked);
    return said;
  };
  return {
    asked,
    traced: {
      read(path) {
        try {
          return note({ what: 'read', path }, files.read(path));
        } catch (error) {
          note({ what: 'read', path }, causeOf(error));
          throw error;
        }
      },
      kind: (path) => note({ what: 'kind', path }, files.kind(path)),
      list: (path) => note({ what: 'list', path }, files.list(path)),
      link: (path) => note({ what: 'link', path }, files.link(path)),
      head(path, bytes) {
        const head = files.head(path, bytes);
        note({ what: 'head', path, bytes }, describe(head));
        return head;
      },
    },
  };
}

function isSame({ what, path, bytes, said }: Asked, files: Files): boolean {
  switch (what) {
    case 'read':
      try {
        return files.read(path) === said;
      } catch (error) {
        return causeOf(error) === said;
      }
    case 'list':
      return isSameList(files.list(path), said as ReturnType<Files['list']>);
    case 'head':
      return describe(files.head(path, bytes!)) === said;
    default:
      return files[what](path) === said;
  }
}

const isSameList = (a: ReturnType<Files['list']>, b: ReturnType<Files['list']>): boolean =>
  a === b || (a.length === b.length && a.every(({ name, kind }, i) => name === b[i]!.name && kind === b[i]!.kind));

const describe = (head: ReturnType<Files['head']>): string | null => head && `${head.size} ${head.bytes.join()}`;

function causeOf(error: unknown): string {
  if (error instanceof UnreadableFile) return error.message;
  throw error;
}
