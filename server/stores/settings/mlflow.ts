/** `mlflow server --backend-store-uri sqlite:///mlflow.db`: a tracking server keeps a database, and the artifacts apart from it. */
import type { Service } from '../../project/model.ts';
import { environment, literal } from '../source/expressions.ts';
import type { PathExpression, SourceStore } from '../source/model.ts';
import { flagValue, flatWords } from '../words.ts';
import { said, uploads } from './application.ts';

/** Without a SQL backend, versions before 2.0 keep the artifacts beside the runs. */
const SQL = /^(?:sqlite|postgres|postgresql|mysql|mssql)(?:\+\w+)?:/i;

/** The words from `mlflow` on; null where no such server is started. */
function serverWords(words: readonly string[]): readonly string[] | null {
  const at = words.findIndex(
    (word, index) => /(?:^|\/)mlflow$/.test(word) && /^(?:server|ui)$/.test(words[index + 1] ?? ''),
  );
  return at < 0 ? null : words.slice(at);
}

/** The URL that a command gives; null where it starts no such server, or no SQLite. */
export function readMlflow(words: readonly string[]): string | null {
  const server = serverWords(words);
  const url = server ? flagValue(server, '--backend-store-uri') : undefined;
  return url !== undefined && /^sqlite(?:\+\w+)?:/i.test(url) && !url.includes('$') ? url : null;
}

/** The server takes the artifacts in for its clients, unless it is told not to, or to name a place elsewhere. */
export function readArtifacts(words: readonly string[], backend: string | undefined): PathExpression | null {
  const server = serverWords(words);
  if (server?.[1] !== 'server') return null;
  if (server.includes('--no-serve-artifacts') || flagValue(server, '--default-artifact-root') !== undefined)
    return null;
  const told = flagValue(server, '--artifacts-destination');
  if (told !== undefined) {
    const path = told.replace(/^file:\/\/(?=\/)/i, '');
    return /^[./\w][\w./-]*$/.test(path) ? literal(path) : null;
  }
  const url = flagValue(server, '--backend-store-uri') ?? backend;
  // A command before it may have gone to another folder.
  if (url === undefined || !SQL.test(url) || words.some((word) => /^(?:cd|pushd)$/.test(word))) return null;
  const elsewhere = environment(literal('MLFLOW_DEFAULT_ARTIFACT_ROOT'), literal('./mlartifacts'));
  return environment(literal('MLFLOW_ARTIFACTS_DESTINATION'), elsewhere);
}

export function mlflow({ command, key, environment: variables }: Service, given: readonly string[]): SourceStore[] {
  const words = flatWords(given);
  const place = command?.span ?? key;
  const url = readMlflow(words);
  const database =
    url === null
      ? []
      : [
          said(
            {
              by: 'mlflow server',
              told: { from: 'command', note: `--backend-store-uri is ${url}` },
              ...place,
              path: literal(url),
            },
            { technology: 'sqlite', form: 'url', dialect: 'sqlalchemy' },
          ),
        ];
  const artifacts = variables.has('MLFLOW_SERVE_ARTIFACTS')
    ? null
    : readArtifacts(words, variables.get('MLFLOW_BACKEND_STORE_URI')?.value ?? undefined);
  if (!artifacts) return database;
  const note = 'mlflow server keeps the artifacts of its clients there';
  return [...database, uploads({ by: 'mlflow server', told: { from: 'command', note }, ...place, path: artifacts })];
}
