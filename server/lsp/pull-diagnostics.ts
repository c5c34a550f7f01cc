/** `textDocument/diagnostic`, and `workspace/diagnostic/refresh` when an answer is no longer true. */
import {
  type Connection,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver/node';
import type { Client } from './client.ts';
import type { Documents } from './documents.ts';
import type { Log } from './log.ts';
import type { Projects } from './projects.ts';
import type { Reports } from './reports.ts';

export interface PullerParts {
  readonly connection: Connection;
  readonly client: Client;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly reports: Reports;
  readonly log: Log;
}

interface Answer {
  readonly id: string;
  readonly version: number;
  readonly content: string;
}

export class Puller {
  private readonly parts: PullerParts;
  private readonly answers = new Map<string, Answer>();
  private count = 0;

  constructor(parts: PullerParts) {
    this.parts = parts;
  }

  async pull({ textDocument, previousResultId }: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport> {
    const { documents, projects, reports } = this.parts;
    const document = documents.get(textDocument.uri);
    // What a file shows that is not open was published.
    if (!document || document.path === null) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    await projects.settleFor(document.path);
    const { version } = document;
    const items = await reports.diagnosticsFor(document.path);
    const content = JSON.stringify(items);
    const last = this.answers.get(document.uri);
    // Of another version even the same places must be told again: the editor moves its marks as text is typed.
    if (last && last.id === previousResultId && last.version === version && last.content === content) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: last.id };
    }
    const id = String(++this.count);
    this.answers.set(document.uri, { id, version, content });
    return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
  }

  /** Asks the editor to pull again if it shows something untrue. A document that changed it pulls by itself. */
  async report(): Promise<void> {
    const { documents, projects, reports } = this.parts;
    for (const [uri, answer] of this.answers) {
      const document = documents.get(uri);
      if (!document || document.path === null) {
        this.answers.delete(uri);
        continue;
      }
      if (answer.version !== document.version || !projects.isSettled(document.path)) continue;
      if (JSON.stringify(await reports.diagnosticsFor(document.path)) !== answer.content) return this.refresh();
    }
  }

  private refresh(): void {
    const { client, connection, log } = this.parts;
    if (!client.refreshesDiagnostics) return;
    // Not awaited: an editor may answer only after it has pulled, or never.
    connection.languages.diagnostics.refresh().catch((error: unknown) => log.fault('Refreshing diagnostics', error));
  }
}
