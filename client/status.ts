/** The language status item: how many findings the document in front has, what it is linted with, and whether the server runs. */
import { type Disposable, type LanguageStatusItem, LanguageStatusSeverity, languages, type Uri, window } from 'vscode';
import { SELECTOR } from './documents.ts';
import type { Server } from './server.ts';

const SOURCE = 'persistence';

const countFindings = (uri: Uri): number =>
  languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === SOURCE).length;

/** The files that the document in front is linted with; the first of several projects stands for all. */
function lintedAs(server: Server, uri: Uri | undefined): string | undefined {
  const [first, ...more] = uri ? server.projects.of(uri) : [];
  return first && `linted as: ${first.title}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

function describe(item: LanguageStatusItem, server: Server): void {
  item.busy = server.state === 'starting';
  item.severity = LanguageStatusSeverity.Information;
  item.detail = 'Compose Persistence';
  item.command = { title: 'Show Problems', command: 'workbench.actions.view.problems' };
  if (server.state === 'starting' || server.state === 'idle') {
    item.text = 'Starting';
  } else if (server.state === 'stopped') {
    item.text = 'Server stopped';
    item.severity = LanguageStatusSeverity.Error;
    item.command = { title: 'Restart Server', command: 'composePersistence.restartServer' };
  } else {
    const uri = window.activeTextEditor?.document.uri;
    const count = uri ? countFindings(uri) : 0;
    item.detail = lintedAs(server, uri) ?? item.detail;
    item.text = count === 0 ? 'No findings' : count === 1 ? '1 finding' : `${count} findings`;
  }
}

/** What the item says of the document in front. */
export interface Shown {
  readonly text: string;
  readonly detail: string | undefined;
}

export interface Status {
  readonly parts: readonly Disposable[];
  readonly shown: () => Shown;
}

export function createStatus(server: Server): Status {
  const item = languages.createLanguageStatusItem('composePersistence.status', SELECTOR);
  item.name = 'Compose Persistence';
  const update = () => describe(item, server);
  update();
  const parts = [
    item,
    server.onDidChangeState(update),
    server.projects.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const active = window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === active)) update();
    }),
  ];
  return { parts, shown: () => ({ text: item.text, detail: item.detail }) };
}
