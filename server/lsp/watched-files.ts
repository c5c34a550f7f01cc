/** `workspace/didChangeWatchedFiles`: what other programs do to the files that projects are made of. */
import { DidChangeWatchedFilesNotification, FileChangeType, WatchKind } from 'vscode-languageserver/node';
import { CONFIGURATION_FILE, Configuration } from './configuration.ts';
import { mayBeCompose } from './nearby.ts';
import type { Session } from './session.ts';
import { isDatabase } from './trust-watched.ts';
import { toPath } from './uris.ts';
import { trustWatching } from './watching.ts';

const TEXTS = [
  '**/*compose*.{yml,yaml}',
  '**/*{D,d}ockerfile*',
  '**/*{C,c}ontainerfile*',
  '**/*.dockerignore',
  '**/*.{container,volume,pod,kube,build,image,network}',
  '**/.env',
  '**/.env.*',
  '**/*.env',
  `**/${CONFIGURATION_FILE}`,
  '**/*.{sh,bash,zsh,mk,just}',
  '**/{Makefile,makefile,GNUmakefile,justfile,Justfile,.justfile,package.json,devcontainer.json,.devcontainer.json,.gitlab-ci.yml,.gitlab-ci.yaml}',
  '**/[Tt]askfile*.{yml,yaml}',
  '**/.github/workflows/*.{yml,yaml}',
  '**/{Jenkinsfile*,*.jenkinsfile}',
  '**/{*crontab*,*.cron,*.service}',
  '**/cron.d/*',
  '**/*.md',
  // What servers are configured by: it may say where their data goes.
  '**/*.{conf,cnf,ini,toml,properties,xml,yml,yaml}',
  '**/*.{py,js,mjs,cjs,jsx,ts,mts,cts,tsx}',
  '**/*.{go,java,php,rb,rs}',
  '**/go.mod',
];

/** Whether one is there to be copied into an image; what is written to it all day long does not matter. */
const DATABASES = ['**/*.{db,db3,sqlite,sqlite3,rdb,mdb,duckdb}'];

/** For editors that watch all the same. */
const SOME = [
  ...TEXTS.map((globPattern) => ({ globPattern })),
  ...DATABASES.map((globPattern) => ({ globPattern, kind: WatchKind.Create | WatchKind.Delete })),
];

/** A build context is made of files of all names. */
const ALL = [{ globPattern: '**/*' }];

export function registerWatchedFiles(session: Session): void {
  const { connection, guard, documents, configuration, projects, scheduler } = session;
  connection.onDidChangeWatchedFiles(
    guard.notification('workspace/didChangeWatchedFiles', ({ changes }) => {
      for (const { uri, type } of changes) {
        const path = toPath(uri);
        if (path === null || (type === FileChangeType.Changed && isDatabase(path))) continue;
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
export async function watchFiles(session: Session): Promise<void> {
  const { client, connection } = session;
  if (!client.registersWatchers) return;
  // Who tells of everything need not be asked as long as nothing changes.
  const watchers = client.watches ? ALL : SOME;
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  await trustWatching(session);
}
