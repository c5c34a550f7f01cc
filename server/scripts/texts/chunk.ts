/** A stretch of shell text in a file: what a reader of one kind of file hands on. */
import type { Source, Span } from '../../syntax/source.ts';
import type { Mapped } from '../mapped.ts';
import type { Within } from '../model.ts';
import type { Value } from '../words.ts';

export interface Chunk {
  readonly name: string | null;
  readonly span: Span;
  /** Each has a shell of its own. */
  readonly texts: readonly Mapped[];
  readonly variables?: ReadonlyMap<string, Value>;
  /** Where it starts, relative to where the file's commands are run. */
  readonly folder?: string | null;
  readonly within?: readonly Within[];
  readonly confirmed?: boolean;
  readonly ephemeral?: boolean;
  readonly after?: readonly string[];
  readonly prose?: string;
}

export type ChunkReader = (source: Source) => readonly Chunk[];

export const told = (text: string): Value => ({ text, told: true });
