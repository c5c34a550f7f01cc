/** A small editor that speaks the protocol over two in-memory streams, with its files in a directory of its own. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { PassThrough } from 'node:stream';
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type CodeLens,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type FileChangeType,
  type InitializeResult,
  type MessageReader,
  type MessageWriter,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type ShowDocumentParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { type ServerOptions, startServer } from '../../server/lsp/server.ts';
import type { ProjectsParams } from '../../server/protocol.ts';

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  /** Files in the workspace folder before the server starts. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: unknown;
  readonly initializationOptions?: unknown;
  readonly server?: ServerOptions;
  /** Requests of the server that the editor answers with an error. */
  readonly refuses?: readonly string[];
  /** False: the editor was started on single files. */
  readonly folder?: boolean;
  /** A folder that is there, and stays; else one of its own. */
  readonly root?: string;
  /** The setting `files.watcherExclude`. */
  readonly watcherExclude?: unknown;
}

const DIAGNOSTICS = {
  relatedInformation: true,
  codeDescriptionSupport: true,
  dataSupport: true,
  versionSupport: true,
};

export const PUSH: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: DIAGNOSTICS,
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
      isPreferredSupport: true,
    },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
  window: { showDocument: { support: true } },
};

export const PULL: ClientCapabilities = {
  ...PUSH,
  textDocument: { ...PUSH.textDocument, diagnostic: { dynamicRegistration: false } },
  workspace: { ...PUSH.workspace, diagnostics: { refreshSupport: true } },
};

/** Declares nothing at all. */
export const BARE: ClientCapabilities = {};

const running = new Set<TestClient>();

/** For `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((client) => client.stop()));
}

export async function start(options: ClientOptions = {}): Promise<TestClient> {
  const up = new PassThrough();
  const down = new PassThrough();
  const connection = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  startServer(connection, { debounce: 0, ...options.server });
  const client = new TestClient(new StreamMessageReader(down), new StreamMessageWriter(up), options);
  await client.initialize();
  return client;
}

export class TestClient {
  readonly root: string;
  settings: unknown;
  result: InitializeResult | undefined;
  /** Everything published, in order. */
  readonly published: PublishDiagnosticsParams[] = [];
  readonly logged: string[] = [];
  readonly shown: string[] = [];
  readonly shownDocuments: ShowDocumentParams[] = [];
  readonly registered: string[] = [];
  /** The last told of each document. */
  readonly projects = new Map<string, readonly string[]>();
  refreshes = 0;
  lensRefreshes = 0;
  private readonly open_ = new Map<string, TextDocument>();
  /** How much had been published when a document was opened. */
  private readonly openedAt = new Map<string, number>();
  private readonly options: ClientOptions;
  private readonly connection: ProtocolConnection;
  private wake: () => void = () => undefined;

  constructor(reader: MessageReader, writer: MessageWriter, options: ClientOptions) {
    this.options = options;
    this.settings = options.settings;
    this.root = options.root ?? fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-')));
    for (const [name, text] of Object.entries(options.files ?? {})) this.write(name, text);
    this.connection = createProtocolConnection(reader, writer);
    this.listen();
    running.add(this);
  }

  /** Registers what the server asks for. */
  get registers(): boolean {
    return (this.options.capabilities ?? PUSH).workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  }

  // Files

  path(name: string): string {
    return path.join(this.root, name);
  }

  uri(name: string): string {
    return /^[a-z][\w-]+:/.test(name) ? name : URI.file(this.path(name)).toString();
  }

  write(name: string, text: string | Uint8Array): void {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), text);
  }

  remove(name: string): void {
    fs.rmSync(this.path(name), { recursive: true });
  }

  // Documents

  open(name: string, text = fs.readFileSync(this.path(name), 'utf8'), languageId = 'yaml'): Promise<void> {
    const document = TextDocument.create(this.uri(name), languageId, 1, text);
    this.open_.set(document.uri, document);
    this.openedAt.set(document.uri, this.published.length);
    return this.notify('textDocument/didOpen', { textDocument: { uri: document.uri, languageId, version: 1, text } });
  }

  /** The whole text, or parts of it. */
  change(name: string, change: string | TextEdit[]): Promise<void> {
    const document = this.document(name);
    const contentChanges =
      typeof change === 'string' ? [{ text: change }] : change.map(({ range, newText }) => ({ range, text: newText }));
    const version = document.version + 1;
    TextDocument.update(document, contentChanges, version);
    return this.notify('textDocument/didChange', { textDocument: { uri: document.uri, version }, contentChanges });
  }

  save(name: string): Promise<void> {
    this.write(name, this.text(name));
    return this.notify('textDocument/didSave', { textDocument: { uri: this.uri(name) } });
  }

  close(name: string): Promise<void> {
    this.open_.delete(this.uri(name));
    return this.notify('textDocument/didClose', { textDocument: { uri: this.uri(name) } });
  }

  isOpen(name: string): boolean {
    return this.open_.has(this.uri(name));
  }

  openNames(): string[] {
    return [...this.open_.keys()].map((uri) => path.relative(this.root, URI.parse(uri).fsPath));
  }

  /** As it stands in the editor, or else on disk. */
  text(name: string): string {
    return this.open_.get(this.uri(name))?.getText() ?? fs.readFileSync(this.path(name), 'utf8');
  }

  /** Carries an edit out: in the editor for open documents, on disk for others. */
  async apply(edit: WorkspaceEdit): Promise<void> {
    for (const [uri, edits] of Object.entries(edit.changes ?? {})) await this.applyTo(uri, edits);
    for (const change of edit.documentChanges ?? []) {
      if ('kind' in change) {
        if (change.kind === 'create') fs.writeFileSync(URI.parse(change.uri).fsPath, '', { flag: 'a' });
        continue;
      }
      const { uri, version } = change.textDocument;
      const open = this.open_.get(uri)?.version ?? null;
      if (version !== open) throw new Error(`${uri} has version ${open}, the edit was made for ${version}`);
      await this.applyTo(uri, change.edits as TextEdit[]);
    }
  }

  private async applyTo(uri: string, edits: TextEdit[]): Promise<void> {
    const file = URI.parse(uri).fsPath;
    const name = path.relative(this.root, file);
    const document = this.open_.get(uri) ?? TextDocument.create(uri, '', 0, fs.readFileSync(file, 'utf8'));
    const after = TextDocument.applyEdits(document, edits);
    if (this.open_.has(uri)) await this.change(name, after);
    else fs.writeFileSync(file, after);
  }

  // Requests

  async pull(name: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    const textDocument = { uri: this.uri(name) };
    return this.request('textDocument/diagnostic', {
      textDocument,
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }

  async pullItems(name: string): Promise<Diagnostic[]> {
    const report = await this.pull(name);
    if (report.kind !== 'full') throw new Error('unchanged, without an earlier result');
    return report.items;
  }

  async actions(name: string, range: Range, context: Partial<CodeActionContext> = {}): Promise<CodeAction[]> {
    const textDocument = { uri: this.uri(name) };
    const actions = await this.request<CodeAction[] | null>('textDocument/codeAction', {
      textDocument,
      range,
      context: { diagnostics: [], ...context },
    });
    return actions ?? [];
  }

  /** `line:character title`, with what it would verify. */
  async lenses(name: string): Promise<string[]> {
    const lenses = await this.request<CodeLens[] | null>('textDocument/codeLens', {
      textDocument: { uri: this.uri(name) },
    });
    return (lenses ?? []).map(({ range: { start }, command }) => {
      const { services = [] } = command?.arguments?.[0] ?? {};
      return [`${start.line}:${start.character}`, command?.title, ...services].join(' ');
    });
  }

  request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest(method, params);
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  watched(name: string, type: FileChangeType): Promise<void> {
    return this.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: this.uri(name), type }] });
  }

  configure(settings: unknown): Promise<void> {
    this.settings = settings;
    return this.notify('workspace/didChangeConfiguration', { settings: null });
  }

  // What was published

  /** What is shown for a file now; undefined when nothing was ever published for it. */
  latest(name: string): Diagnostic[] | undefined {
    return this.published.findLast(({ uri }) => uri === this.uri(name))?.diagnostics;
  }

  /** What is published for the present version of an open document. */
  async diagnostics(name: string): Promise<Diagnostic[]> {
    const uri = this.uri(name);
    const { version } = this.document(name);
    const found = await this.until(() =>
      this.published
        .slice(this.openedAt.get(uri))
        .findLast((params) => params.uri === uri && (params.version ?? version) === version),
    );
    return found.diagnostics;
  }

  /** What `found` gives as soon as it is something. */
  async until<T>(found: () => T | undefined | false | null, ms = 30_000): Promise<T> {
    const end = Date.now() + ms;
    for (;;) {
      const value = found();
      if (value !== undefined && value !== false && value !== null) return value;
      if (Date.now() > end) throw new Error(`it did not come; logged: ${this.logged.join('\n')}`);
      await Promise.race([
        new Promise<void>((resolve) => {
          this.wake = resolve;
        }),
        new Promise((resolve) => setTimeout(resolve, 100)),
      ]);
    }
  }

  /** Time enough for anything that should not happen to happen. */
  async quiet(): Promise<void> {
    await this.request('workspace/executeCommand', { command: 'none' }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 120));
  }

  // Life

  async initialize(): Promise<void> {
    const folder = this.options.folder !== false;
    this.result = await this.request<InitializeResult>('initialize', {
      processId: null,
      rootUri: folder ? this.uri('') : null,
      capabilities: this.options.capabilities ?? PUSH,
      initializationOptions: this.options.initializationOptions,
      workspaceFolders: folder ? [{ uri: this.uri(''), name: 'workspace' }] : null,
    });
    await this.notify('initialized', {});
  }

  async stop(): Promise<void> {
    if (!running.delete(this)) return;
    await this.request('shutdown', undefined).catch(() => undefined);
    this.connection.dispose();
    if (this.options.root === undefined) fs.rmSync(this.root, { recursive: true, force: true });
  }

  private document(name: string): TextDocument {
    const document = this.open_.get(this.uri(name));
    if (!document) throw new Error(`${name} is not open`);
    return document;
  }

  private listen(): void {
    const { connection } = this;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      this.wake();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
      this.wake();
    });
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.shown.push(message);
      this.wake();
    });
    connection.onNotification('composePersistence/projects', ({ uri, projects }: ProjectsParams) => {
      this.projects.set(
        path.relative(this.root, URI.parse(uri).fsPath),
        projects.map(({ title }) => title),
      );
      this.wake();
    });
    const { refuses = [] } = this.options;
    const answer = <P>(method: string, handle: (params: P) => unknown): void => {
      connection.onRequest(method, (params: P) => {
        if (refuses.includes(method)) throw new Error(`${method} is refused`);
        return handle(params);
      });
    };
    answer('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
      items.map(
        ({ section }) => (section === 'files.watcherExclude' ? this.options.watcherExclude : this.settings) ?? null,
      ),
    );
    answer('client/registerCapability', ({ registrations }: { registrations: { method: string }[] }) => {
      this.registered.push(...registrations.map(({ method }) => method));
      this.wake();
      return null;
    });
    answer('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      this.wake();
      return null;
    });
    answer('workspace/codeLens/refresh', () => {
      this.lensRefreshes++;
      this.wake();
      return null;
    });
    answer('window/showDocument', (params: ShowDocumentParams) => {
      this.shownDocuments.push(params);
      return { success: true };
    });
    connection.listen();
  }
}

/** `rule severity line:character-line:character message`, to compare at a glance. */
export const brief = (diagnostic: Diagnostic): string => {
  const { start, end } = diagnostic.range;
  const place = `${start.line}:${start.character}-${end.line}:${end.character}`;
  return `${diagnostic.code} ${diagnostic.severity} ${place} ${diagnostic.message}`;
};

export const rulesOf = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code }) => String(code));
