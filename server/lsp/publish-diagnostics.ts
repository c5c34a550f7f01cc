/**
 * `textDocument/publishDiagnostics`: open documents where the editor cannot pull, and in any case the files that are
 * not open (the Dockerfile of an open Compose file).
 */
import { type Connection, type Diagnostic, MessageType } from 'vscode-languageserver/node';
import type { SettingsProblem } from '../lint/model.ts';
import type { Client } from './client.ts';
import { uriOf } from './convert.ts';
import type { Documents, OpenDocument } from './documents.ts';
import type { Projects } from './projects.ts';
import type { Reports } from './reports.ts';
import { showMessage } from './show-message.ts';

export interface PublisherParts {
  readonly connection: Connection;
  readonly client: Client;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly reports: Reports;
}

interface Published {
  readonly version: number | undefined;
  readonly content: string;
}

const NOTHING = '[]';

export class Publisher {
  private readonly parts: PublisherParts;
  private readonly published = new Map<string, Published>();
  private readonly complained = new Set<string>();

  constructor(parts: PublisherParts) {
    this.parts = parts;
  }

  /** A document that will be pulled from now on must not keep what was pushed while it was closed. */
  async opened(document: OpenDocument): Promise<void> {
    if (this.parts.client.pullsDiagnostics) await this.withdraw(document.uri);
  }

  async report(): Promise<void> {
    const { client, documents, projects, reports } = this.parts;
    const shown = await reports.closedFiles();
    for (const path of shown) await this.publish(path);
    if (!client.pullsDiagnostics) {
      for (const path of documents.paths()) {
        shown.add(path);
        // One that changed again meanwhile is published by the round to come.
        if (projects.isSettled(path)) await this.publish(path);
      }
    }
    const uris = new Set([...shown].map((path) => uriOf(documents, path)));
    for (const uri of this.published.keys()) if (!uris.has(uri)) await this.withdraw(uri);
    await this.complain(await reports.settingsProblems());
  }

  private async publish(path: string): Promise<void> {
    const { documents, reports } = this.parts;
    const diagnostics = await reports.diagnosticsFor(path);
    const uri = uriOf(documents, path);
    const next = { version: documents.get(uri)?.version, content: JSON.stringify(diagnostics) };
    const last = this.published.get(uri);
    if (last?.content === next.content && last.version === next.version) return;
    this.published.set(uri, next);
    await this.send(uri, diagnostics);
  }

  private async withdraw(uri: string): Promise<void> {
    const last = this.published.get(uri);
    this.published.delete(uri);
    if (last && last.content !== NOTHING) await this.send(uri, []);
  }

  private send(uri: string, diagnostics: Diagnostic[]): Promise<void> {
    const version = this.parts.client.diagnosticVersions ? this.parts.documents.get(uri)?.version : undefined;
    return this.parts.connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  }

  /** The editor's own settings have no file to show a problem in. */
  private async complain(problems: readonly SettingsProblem[]): Promise<void> {
    for (const { file, message } of problems) {
      if (file !== undefined || this.complained.has(message)) continue;
      this.complained.add(message);
      await showMessage(this.parts.connection, MessageType.Warning, `Compose Persistence settings: ${message}`);
    }
  }
}
