/** `mlflow server --backend-store-uri sqlite:///mlflow.db`: a tracking server in an image of one's own. */
import type { Service } from '../../project/model.ts';
import type { SourceStore } from '../source/model.ts';
import { flagValue, flatWords } from '../words.ts';
import { said } from './application.ts';

/** The URL that a command gives; null where it starts no such server, or no SQLite. */
export function readMlflow(words: readonly string[]): string | null {
  const at = words.findIndex((word) => /(?:^|\/)mlflow$/.test(word));
  if (at < 0 || !/^(?:server|ui)$/.test(words[at + 1] ?? '')) return null;
  const url = flagValue(words.slice(at), '--backend-store-uri');
  return url !== undefined && /^sqlite(?:\+\w+)?:/i.test(url) && !url.includes('$') ? url : null;
}

export function mlflow({ command, key }: Service, words: readonly string[]): SourceStore[] {
  const url = readMlflow(flatWords(words));
  if (url === null) return [];
  const { source, start, end } = command?.span ?? key;
  return [
    said(
      {
        by: 'mlflow server',
        told: { from: 'command', note: `--backend-store-uri is ${url}` },
        source,
        start,
        end,
        path: { kind: 'literal', value: url },
      },
      { technology: 'sqlite', form: 'url', dialect: 'sqlalchemy' },
    ),
  ];
}
