/** The language status item: how many findings the document in front has, and whether the server runs. */
import { type Disposable, type LanguageStatusItem, LanguageStatusSeverity, languages, type Uri, window } from 'vscode';
import { SELECTOR } from './documents.ts';
import type { Server } from './server.ts';

const SOURCE = 'persistence';

const countFindings = (uri: Uri): number =>
  languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === SOURCE).length;

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
    item.text = count === 0 ? 'No findings' : count === 1 ? '1 finding' : `${count} findings`;
  }
}

export function createStatus(server: Server): Disposable[] {
  const item = languages.createLanguageStatusItem('composePersistence.status', SELECTOR);
  item.name = 'Compose Persistence';
  const update = () => describe(item, server);
  update();
  return [
    item,
    server.onDidChangeState(update),
    window.onDidChangeActiveTextEditor(update),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const active = window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === active)) update();
    }),
  ];
}
