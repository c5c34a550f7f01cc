/** What verifications said: a sentence at once, and a document for whoever wants to know more. */
import {
  commands,
  type Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { VerifiedMethod, VerifiedParams } from '../server/protocol.ts';

const METHOD: VerifiedMethod = 'composePersistence/verified';
const SCHEME = 'compose-persistence-report';

const SHOW = 'Show Report';
const SETTINGS = 'Engine Settings';

export class Reports implements TextDocumentContentProvider {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  /** The last of each project. */
  readonly #pages = new Map<string, string>();
  #last: Uri | undefined;

  register(): Disposable[] {
    return [this.#changed, workspace.registerTextDocumentContentProvider(SCHEME, this)];
  }

  listen(client: LanguageClient): void {
    client.onNotification(METHOD, (verified: VerifiedParams) => void this.#take(verified));
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#pages.get(uri.toString()) ?? 'Verify the project again: this report is no longer there.\n';
  }

  async showLast(): Promise<void> {
    if (this.#last) await open(this.#last);
    else void window.showInformationMessage('Nothing was verified yet.');
  }

  async #take({ report, summary, markdown }: VerifiedParams): Promise<void> {
    const { project, engine, results, errors } = report;
    const uri = Uri.from({ scheme: SCHEME, path: `/Persistence of ${project.name}.md`, query: project.files[0] ?? '' });
    this.#pages.set(uri.toString(), markdown);
    this.#last = uri;
    this.#changed.fire(uri);
    if (!engine) {
      const chosen = await window.showErrorMessage(errors.map(({ message }) => message).join('\n'), SETTINGS);
      if (chosen === SETTINGS) {
        await commands.executeCommand('workbench.action.openSettings', 'composePersistence.engine');
      }
      return;
    }
    const isGood = results.every(({ verdict }) => verdict === 'SAFE');
    const tell = isGood ? window.showInformationMessage : window.showWarningMessage;
    if ((await tell(`${project.name}: ${summary}`, SHOW)) === SHOW) await open(uri);
  }
}

const open = (uri: Uri): Thenable<unknown> => commands.executeCommand('markdown.showPreview', uri);
