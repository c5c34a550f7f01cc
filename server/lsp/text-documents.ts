/** `textDocument/didOpen`, `didChange`, `didSave`, `didClose`. */

import { Configuration } from './configuration.ts';
import type { Session } from './session.ts';

export function registerTextDocuments(session: Session): void {
  const { connection, guard, documents, projects, configuration, publisher, scheduler, log } = session;

  const changed = (path: string | null): void => {
    if (path === null) return;
    if (Configuration.isFile(path)) {
      configuration.forget();
      projects.touchAll();
    } else {
      projects.touch(path);
    }
  };

  /** An editor that watches no files tells us of other programs' changes by nothing but this. */
  const lookAround = (): void => {
    if (session.client.registersWatchers && !session.reviewer.isBlind) return;
    configuration.forget();
    projects.touchAll();
  };

  connection.onDidOpenTextDocument(
    guard.notification('textDocument/didOpen', async ({ textDocument }) => {
      const { uri, languageId, version, text } = textDocument;
      const document = documents.open(uri, languageId, version, text);
      changed(document.path);
      lookAround();
      void scheduler.now();
      await publisher.opened(document);
    }),
  );

  connection.onDidChangeTextDocument(
    guard.notification('textDocument/didChange', ({ textDocument, contentChanges }) => {
      const document = documents.change(textDocument.uri, textDocument.version, contentChanges);
      if (!document) return log.once(`A change of ${textDocument.uri}, which is not open, was ignored`);
      changed(document.path);
      scheduler.soon(session.debounce);
    }),
  );

  connection.onDidSaveTextDocument(
    guard.notification('textDocument/didSave', () => {
      lookAround();
      void scheduler.now();
    }),
  );

  connection.onDidCloseTextDocument(
    guard.notification('textDocument/didClose', ({ textDocument }) => {
      const document = documents.close(textDocument.uri);
      if (!document) return;
      changed(document.path);
      projects.searchAgain();
      void scheduler.now();
    }),
  );
}
