/** `workspace/didChangeWatchedFiles`: what other programs do to the files that projects are made of. */
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver/node';
import { CONFIGURATION_FILE, Configuration } from './configuration.ts';
import { mayBeCompose } from './nearby.ts';
import type { Session } from './session.ts';
import { toPath } from './uris.ts';

const GLOBS = [
  '**/*compose*.{yml,yaml}',
  '**/*{D,d}ockerfile*',
  '**/*{C,c}ontainerfile*',
  '**/*.dockerignore',
  '**/.env',
  '**/.env.*',
  '**/*.env',
  `**/${CONFIGURATION_FILE}`,
  '**/*.{py,js,mjs,cjs,jsx,ts,mts,cts,tsx}',
];

export function registerWatchedFiles(session: Session): void {
  const { connection, guard, documents, configuration, projects, scheduler } = session;
  connection.onDidChangeWatchedFiles(
    guard.notification('workspace/didChangeWatchedFiles', ({ changes }) => {
      for (const { uri, type } of changes) {
        const path = toPath(uri);
        if (path === null) continue;
        if (Configuration.isFile(path)) {
          configuration.forget();
          projects.touchAll();
        } else if (type !== FileChangeType.Changed || (mayBeCompose(path) && !documents.at(path))) {
          projects.touchEntry(path);
        } else {
          projects.touch(path);
        }
      }
      scheduler.soon(session.debounce);
    }),
  );
}

/** Once the editor is ready for requests. */
export async function watchFiles({ client, connection }: Session): Promise<void> {
  if (!client.registersWatchers) return;
  const watchers = GLOBS.map((globPattern) => ({ globPattern }));
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
}
