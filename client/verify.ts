/** "Verify persistence": what is verified and how deep is asked here; the server does it, and {@link Reports} shows it. */
import { commands, type Memento, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { EngineChoice, ProjectFiles, VerifyArguments, VerifyCommand } from '../server/protocol.ts';
import { isOurs } from './documents.ts';
import { isConfirmed, pickLevel, usualLevel } from './levels.ts';
import type { Server } from './server.ts';

const COMMAND: VerifyCommand = 'composePersistence.verify';

export class Verification {
  readonly #server: Server;
  readonly #memory: Memento;
  #count = 0;

  constructor(server: Server, memory: Memento) {
    this.#server = server;
    this.#memory = memory;
  }

  /** From the palette and the menus: the level is picked. */
  async pick(clicked?: Uri): Promise<void> {
    const document = window.activeTextEditor?.document;
    const uri = clicked ?? (document && isOurs(document) ? document.uri : undefined);
    if (!uri) {
      void window.showInformationMessage('Open a Compose file first: its project is what is verified.');
      return;
    }
    if (!(await isTrusted())) return;
    const level = await pickLevel(uri, this.#memory);
    if (level) await this.run({ uri: uri.toString(), level });
  }

  /** From a code lens, or from whoever knows what to verify: the level is what the setting says. */
  async run(wanted: VerifyArguments): Promise<void> {
    if (!(await isTrusted())) return;
    const uri = Uri.parse(wanted.uri);
    const client = await this.#server.running();
    if (!client) {
      void window.showErrorMessage('The language server does not run. Its output says why.');
      return;
    }
    const projects = wanted.files ? [] : this.#server.projects.of(uri);
    const project = projects.length > 1 ? await pickProject(projects) : projects[0];
    if (projects.length > 0 && !project) return;
    const level = wanted.level ?? usualLevel(uri);
    const name = project?.name ?? project?.title ?? workspace.asRelativePath(uri);
    if (!(await isConfirmed(level, name))) return;
    const sent = client.code2ProtocolConverter.asUri(uri);
    const files = project ? { files: project.files } : {};
    await this.#ask(client, name, { ...files, ...wanted, uri: sent, level, engine: engineChoice() });
  }

  async #ask(client: LanguageClient, name: string, argument: VerifyArguments): Promise<void> {
    const { ExecuteCommandRequest, WorkDoneProgress } = await import('vscode-languageclient/node');
    const workDoneToken = `verify-${++this.#count}`;
    // Not a progress that the server makes: the library shows those in the status bar, where nothing cancels them.
    const options = { location: ProgressLocation.Notification, title: `Verifying ${name}`, cancellable: true };
    await window.withProgress(options, async (progress, token) => {
      let reached = 0;
      const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (step) => {
        if (step.kind !== 'report') return;
        const { message, percentage = reached } = step;
        progress.report({ ...(message === undefined ? {} : { message }), increment: percentage - reached });
        reached = percentage;
      });
      try {
        const params = { command: COMMAND, arguments: [argument], workDoneToken };
        await client.sendRequest(ExecuteCommandRequest.type, params, token);
      } catch (error) {
        if (token.isCancellationRequested) return;
        void window.showErrorMessage(error instanceof Error ? error.message : String(error));
      } finally {
        listening.dispose();
      }
    });
  }
}

/** Read here and not by the server: VS Code takes settings of this scope from no workspace. */
function engineChoice(): EngineChoice {
  const settings = workspace.getConfiguration('composePersistence.engine');
  return { host: settings.get('host', ''), context: settings.get('context', '') };
}

async function isTrusted(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const message = 'Verify persistence talks to a container engine, which an untrusted workspace may not do.';
  if ((await window.showWarningMessage(message, manage)) === manage) {
    await commands.executeCommand('workbench.trust.manage');
  }
  return false;
}

async function pickProject(projects: readonly ProjectFiles[]): Promise<ProjectFiles | undefined> {
  const items = projects.map((project) => ({ label: project.name ?? project.title, detail: project.title, project }));
  const options = { title: 'Verify persistence', placeHolder: 'Project to verify', matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.project;
}
