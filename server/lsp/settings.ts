/** `workspace/didChangeConfiguration` and `workspace/didChangeWorkspaceFolders`. */
import { DidChangeConfigurationNotification, DidChangeWorkspaceFoldersNotification } from 'vscode-languageserver/node';
import { isRecord, toFolders } from './client.ts';
import { refreshCodeLenses } from './code-lens.ts';
import { SECTION } from './configuration.ts';
import type { Session } from './session.ts';
import { trustWatching, WATCHER_EXCLUDE } from './watching.ts';

export function registerSettings(session: Session): void {
  const { connection, guard, configuration, projects, scheduler } = session;
  connection.onDidChangeConfiguration(
    guard.notification('workspace/didChangeConfiguration', async ({ settings }) => {
      configuration.setPushed(isRecord(settings) && SECTION in settings ? settings[SECTION] : settings);
      projects.touchAll();
      void scheduler.now();
      refreshCodeLenses(session);
      await trustWatching(session);
    }),
  );
  connection.onNotification(
    DidChangeWorkspaceFoldersNotification.type,
    guard.notification('workspace/didChangeWorkspaceFolders', async ({ event }) => {
      configuration.changeFolders(
        toFolders(event.added.map((folder) => folder.uri)),
        toFolders(event.removed.map((folder) => folder.uri)),
      );
      projects.touchAll();
      void scheduler.now();
      await trustWatching(session);
    }),
  );
}

/** Once the editor is ready for requests. */
export async function watchSettings({ client, connection }: Session): Promise<void> {
  if (!client.registersConfiguration) return;
  const section = client.watches ? [SECTION, WATCHER_EXCLUDE] : SECTION;
  await connection.client.register(DidChangeConfigurationNotification.type, { section });
}
