/** A project in an editor: edits go through the server's own documents, and every lint is done by one linter. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { URI } from 'vscode-uri';
import { diskFiles, overlay, slashed } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import type { Linter } from '../../server/lint/model.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { Documents } from '../../server/lsp/documents.ts';
import { rangeOf, type Source } from '../../server/syntax/source.ts';
import type { Base } from './bases.ts';
import { changeOf, pick, type Random, replacementIn } from './edits.ts';

/** Far beyond what any edit should take, also on a busy machine. */
const MAX_MS = 4000;
const MAX_LENGTH = 60_000;

export class Session {
  readonly folder = slashed(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-fuzz-'))));
  slowest = 0;
  private readonly texts = new Map<string, string>();
  private readonly documents = new Documents();
  private readonly linter: Linter;
  private readonly base: Base;
  private version = 1;

  constructor(base: Base) {
    this.base = base;
    this.linter = createLinter(overlay(diskFiles(), this.documents.sources));
    for (const name of Object.keys(base.files)) fs.writeFileSync(path.join(this.folder, name), '');
    this.reset();
  }

  reset(): void {
    for (const [name, text] of Object.entries(this.base.files)) {
      this.documents.open(this.uri(name), 'yaml', ++this.version, text);
      this.texts.set(name, text);
    }
  }

  edit(others: readonly string[], random: Random): void {
    const name = pick(random, [...this.texts.keys()]);
    const before = this.texts.get(name)!;
    if (before.length > MAX_LENGTH) {
      this.reset();
      return;
    }
    const { change, after } = changeOf(before, replacementIn(before, others, random));
    this.documents.change(this.uri(name), ++this.version, [change]);
    this.texts.set(name, after);
  }

  async lint(): Promise<string> {
    const start = performance.now();
    const found = await this.findings(this.linter);
    const ms = performance.now() - start;
    this.slowest = Math.max(this.slowest, ms);
    if (ms > MAX_MS) throw new Error(`an edit took ${Math.round(ms)} ms`);
    return found;
  }

  /** What a linter says that has seen nothing but the texts as they are now. */
  fresh(): Promise<string> {
    const sources = new Map<string, Source>();
    for (const [name, text] of this.texts) {
      // As in the server, what holds a zero byte is no text.
      const file = `${this.folder}/${name}`;
      if (!text.slice(0, 8192).includes('\0')) sources.set(file, { path: file, text });
    }
    return this.findings(createLinter(overlay(diskFiles(), sources)));
  }

  /** A text of the documents that is not the one the edits make. */
  astray(): string | undefined {
    return [...this.texts.keys()].find(
      (name) => this.documents.get(this.uri(name))?.source.text !== this.texts.get(name),
    );
  }

  shown(): string {
    return [...this.texts].map(([name, text]) => `${name}: ${JSON.stringify(text)}`).join('\n');
  }

  stop(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async findings(linter: Linter): Promise<string> {
    const { findings, errors } = await linter.lint({ files: [`${this.folder}/compose.yaml`] }, DEFAULT_SETTINGS);
    const told = findings.map(({ rule, severity, message, service, span, related }) => {
      const notes = related.map((note) => [
        note.from,
        note.note,
        note.span && [note.span.source.path, rangeOf(note.span)],
      ]);
      const { start, end } = span;
      if (!(start >= 0 && start <= end && end <= span.source.text.length))
        throw new Error(`${rule} at ${start}-${end}`);
      return { rule, severity, message, service, file: span.source.path, range: rangeOf(span), notes };
    });
    return JSON.stringify([told, errors], null, 1);
  }

  private uri(name: string): string {
    return URI.file(`${this.folder}/${name}`).toString();
  }
}
