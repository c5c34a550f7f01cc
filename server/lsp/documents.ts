/** The documents that the editor holds open, by URI and by path. */
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { MAX_TEXT_BYTES } from '../files.ts';
import type { Source } from '../syntax/source.ts';
import { toPath } from './uris.ts';

export interface OpenDocument {
  readonly uri: string;
  /** Null when the document is no file on disk: nothing runs it, so it is not linted. */
  readonly path: string | null;
  readonly version: number;
  readonly source: Source;
}

interface Held extends OpenDocument {
  text: TextDocument;
  version: number;
  source: Source;
}

export class Documents {
  /** What is laid over the disk. */
  readonly sources = new Map<string, Source>();
  private readonly byUri = new Map<string, Held>();
  private readonly byPath = new Map<string, Held>();

  open(uri: string, languageId: string, version: number, content: string): OpenDocument {
    this.close(uri);
    const path = toPath(uri);
    const text = TextDocument.create(uri, languageId, version, content);
    const held: Held = { uri, path, text, version, source: { path: path ?? uri, text: content } };
    this.byUri.set(uri, held);
    if (path !== null) this.byPath.set(path, held);
    this.lay(held);
    return held;
  }

  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): OpenDocument | null {
    const held = this.byUri.get(uri);
    if (!held) return null;
    held.text = TextDocument.update(held.text, changes, version);
    held.version = version;
    held.source = { path: held.source.path, text: held.text.getText() };
    this.lay(held);
    return held;
  }

  close(uri: string): OpenDocument | null {
    const held = this.byUri.get(uri);
    if (!held) return null;
    this.byUri.delete(uri);
    if (held.path !== null && this.byPath.get(held.path) === held) {
      this.byPath.delete(held.path);
      this.sources.delete(held.path);
    }
    return held;
  }

  get(uri: string): OpenDocument | undefined {
    return this.byUri.get(uri);
  }

  at(path: string): OpenDocument | undefined {
    return this.byPath.get(path);
  }

  /** Those that are files. */
  paths(): string[] {
    return [...this.byPath.keys()];
  }

  private lay(held: Held): void {
    if (held.path === null) return;
    // As on disk, what is too large or no text is not read: see Files.read.
    if (held.source.text.length <= MAX_TEXT_BYTES && !held.source.text.slice(0, 8192).includes('\0')) {
      this.sources.set(held.path, held.source);
    } else {
      this.sources.delete(held.path);
    }
  }
}
