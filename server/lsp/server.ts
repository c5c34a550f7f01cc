/** The language server on one connection, whatever carries it. */
import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver/node';
import { readClient } from './client.ts';
import { registerCodeActions } from './code-actions.ts';
import { registerCodeLenses } from './code-lens.ts';
import { registerCommands } from './commands.ts';
import { registerDiagnostics } from './diagnostics.ts';
import type { LoadEngine } from './engine.ts';
import { offerFolding, registerFolding } from './folding.ts';
import { describeServer } from './initialize.ts';
import { createLog } from './log.ts';
import { createSession } from './session.ts';
import { registerSettings, watchSettings } from './settings.ts';
import { registerTextDocuments } from './text-documents.ts';
import { registerWatchedFiles, watchFiles } from './watched-files.ts';

export interface ServerOptions {
  readonly debounce?: number;
  readonly reviewPause?: number;
  readonly loadEngine?: LoadEngine;
}

const DEBOUNCE_MS = 150;
const REVIEW_PAUSE_MS = 2000;

export function startServer(connection: Connection, options: ServerOptions = {}): void {
  const log = createLog(connection);
  const loadEngine = once(options.loadEngine ?? (async () => (await import('./load-engine.ts')).engine));
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const client = readClient(params);
    const debounce = options.debounce ?? DEBOUNCE_MS;
    const reviewPause = options.reviewPause ?? REVIEW_PAUSE_MS;
    const session = createSession({ connection, client, log, loadEngine, debounce, reviewPause });
    registerTextDocuments(session);
    registerDiagnostics(session);
    registerCodeActions(session);
    registerCodeLenses(session);
    registerFolding(session);
    registerCommands(session);
    registerSettings(session);
    registerWatchedFiles(session);
    connection.onInitialized(
      session.guard.notification('initialized', async () => {
        await watchSettings(session);
        await watchFiles(session);
        await offerFolding(session);
      }),
    );
    connection.onShutdown(() => {
      session.scheduler.stop();
      session.reviewer.stop();
    });
    setImmediate(() => loadEngine().catch((error: unknown) => log.fault('Loading the engine', error)));
    return describeServer(client);
  });
  connection.listen();
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
