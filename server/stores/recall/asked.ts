/** What files were asked, and what they said. */
import { type Files, UnreadableFile } from '../../files.ts';

type Question = 'read' | 'kind' | 'list' | 'link' | 'head';

export type Asked = {
  readonly [K in Question]: {
    readonly what: K;
    readonly path: string;
    readonly bytes?: number;
    readonly said: unknown;
  };
}[Question];

const traces = new WeakMap<Files, Asked[]>();

/** The files, and what will have been asked through them. Who asks is told of no watching: all its questions count. */
export function trace(files: Files): { readonly traced: Files; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const note = <T>(entry: Omit<Asked, 'said'>, said: T): T => {
    asked.push({ ...entry, said } as Asked);
    return said;
  };
  const traced: Files = {
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
  };
  traces.set(traced, asked);
  return { traced, asked };
}

/** What was asked within another question once, and is not asked again, is part of that question all the same. */
export function noteAgain(files: Files, asked: readonly Asked[]): void {
  const within = traces.get(files);
  if (within) for (const one of asked) within.push(one);
}

export function isSame({ what, path, bytes, said }: Asked, files: Files): boolean {
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
