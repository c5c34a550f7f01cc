/** What a program does to its own database whenever it starts. */
import type { Span } from '../../syntax/source.ts';

/** Where the data is that goes. */
export type Database =
  /** A server, by the host that a URL names. */
  | { readonly kind: 'host'; readonly host: string }
  /** A file, by the technology that keeps it. */
  | { readonly kind: 'embedded'; readonly technology: string }
  /** One of these servers, by family: which one the code does not say. */
  | { readonly kind: 'server'; readonly families: RegExp };

export interface Reset {
  readonly span: Span;
  /** As it is written. */
  readonly what: string;
  /** "it ..." */
  readonly does: string;
  readonly database: Database;
  /** Why it may be otherwise, or no harm: the end of the sentence. */
  readonly unsure?: string;
}
