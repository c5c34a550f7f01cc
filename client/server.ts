/** The language server's life: started when the first document that concerns us is open, restarted on demand. */
import { type Event, EventEmitter, type ExtensionContext, type LogOutputChannel, window, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { InitializationOptions } from '../server/protocol.ts';
import { isOurs, TOLD } from './documents.ts';
import { Projects } from './projects.ts';
import { Reports } from './reports.ts';

/** `idle` until a document that concerns us is open. */
export type ServerState = 'idle' | 'starting' | 'running' | 'stopped';

export interface Server {
  readonly output: LogOutputChannel;
  readonly projects: Projects;
  readonly reports: Reports;
  readonly state: ServerState;
  readonly onDidChangeState: Event<void>;
  /** The connection, started where it was not; undefined when it cannot be had. */
  running(): Promise<LanguageClient | undefined>;
  /** Starts the server, or stops and starts it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param commands what the server may name in its answers because this side carries it out. */
export function createServer(context: ExtensionContext, commands: readonly string[]): Server {
  const output = window.createOutputChannel('Compose Persistence', { log: true });
  const changed = new EventEmitter<void>();
  const projects = new Projects();
  const reports = new Reports();
  let state: ServerState = 'idle';
  let client: LanguageClient | undefined;
  let turn = Promise.resolve();

  function enter(next: ServerState): void {
    state = next;
    changed.fire();
  }

  async function create(): Promise<LanguageClient> {
    // Loaded here: half a megabyte that an editor without such a document never needs.
    const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
    const run = { module: context.asAbsolutePath('dist/server.js'), transport: TransportKind.ipc };
    const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
    const trusted = workspace.isTrusted;
    const initializationOptions: InitializationOptions = {
      commands,
      projects: true,
      trusted,
      verified: true,
      watches: true,
    };
    const created = new LanguageClient(
      'composePersistence',
      'Compose Persistence',
      { run, debug },
      { documentSelector: TOLD, outputChannel: output, initializationOptions },
    );
    created.onDidChangeState(({ newState }) => {
      if (client !== created) return;
      if (newState === State.Starting) enter('starting');
      else enter(newState === State.Running ? 'running' : 'stopped');
    });
    projects.listen(created);
    reports.listen(created);
    return created;
  }

  async function stop(): Promise<void> {
    const old = client;
    client = undefined;
    // A server that hangs or failed to start must not keep the next one from starting.
    await old?.dispose().catch((error: unknown) => output.warn(String(error)));
  }

  async function start(): Promise<void> {
    enter('starting');
    await stop();
    try {
      client = await create();
      await client.start();
      output.info('The language server runs.');
    } catch (error) {
      output.error(error instanceof Error ? error : String(error));
      enter('stopped');
    }
  }

  /** One start or stop at a time, in the order they were asked for. */
  function queue(step: () => Promise<void>): Promise<void> {
    turn = turn.then(step);
    return turn;
  }

  const restart = () => queue(start);

  async function running(): Promise<LanguageClient | undefined> {
    if (state === 'idle') await restart();
    else await turn;
    return client?.isRunning() ? client : undefined;
  }

  if (workspace.textDocuments.some(isOurs)) void restart();
  const opened = workspace.onDidOpenTextDocument((document) => {
    if (state === 'idle' && isOurs(document)) void restart();
  });

  // The server was told that it may not talk to an engine.
  const trusted = workspace.onDidGrantWorkspaceTrust(() => {
    if (state !== 'idle') void restart();
  });

  context.subscriptions.push(output, changed, projects, opened, trusted, ...reports.register());
  return {
    output,
    projects,
    reports,
    get state() {
      return state;
    },
    onDidChangeState: changed.event,
    running,
    restart,
    stop: () => queue(stop),
  };
}
