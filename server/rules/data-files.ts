/** The files in a folder of data, where the catalogue or a configuration says what they are called. */

import type { Files } from '../files.ts';
import { cleanTarget } from '../project/mounts.ts';
import { configurationFiles } from '../stores/configuration-file.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { flagValue, flatWords } from '../stores/words.ts';
import { isRedisLike } from './guards.ts';

const FILE = /^[\w-][\w.-]*\.[a-z][a-z0-9]{1,7}$/i;

/** Servers that are told how to call their file, by catalogue id: the setting, and the name without it. */
const SETTINGS: Readonly<Record<string, { readonly key: RegExp; readonly name: string }>> = {
  // https://mosquitto.org/man/mosquitto-conf-5.html
  mosquitto: { key: /^\s*persistence_file\s+(\S+)\s*$/m, name: 'mosquitto.db' },
};

/**
 * The names of all the files that count in the folder of a store; null where that is not known: where the catalogue
 * speaks of folders, or of anything in other words than names.
 */
export function dataFiles({ store }: AnalysedStore, analysed: AnalysedService, files: Files): readonly string[] | null {
  const { service, image, argv } = analysed;
  const family = image.match?.family;
  if (store.role !== 'server' || !family || image.match?.lookalike || store.technology !== family.id) return null;
  const words = flatWords(argv);
  const texts = configurationFiles(service, words, family, files).map(({ source }) => source?.text ?? null);
  if (isRedisLike(analysed)) return redisFiles(words, texts);
  const named = family.data.find((fact) => cleanTarget(fact.path) === store.path)?.holds;
  const setting = SETTINGS[family.id];
  if (setting) {
    if (texts.includes(null)) return null;
    return [texts.flatMap((text) => setting.key.exec(text ?? '')?.[1] ?? []).at(-1) ?? setting.name];
  }
  return named === undefined ? null : namesIn(named);
}

/** `filebrowser.db: users and shares`, `webui.db (SQLite)`; one word that is no name, and nothing is known. */
function namesIn(holds: string): readonly string[] | null {
  const names = holds
    .split(':', 1)[0]!
    .replace(/\([^)]*\)/g, '')
    .split(/,|\band\b|;/)
    .map((name) => name.trim());
  return names.every((name) => FILE.test(name)) ? names : null;
}

/** The log is in a folder of its own from 7 on, and before in a file. */
function redisFiles(words: readonly string[], texts: readonly (string | null)[]): readonly string[] | null {
  if (texts.includes(null)) return null;
  const said = [words.join(' '), ...texts].join('\n');
  const log = /appendonly["']?[ =]+["']?yes/.test(said);
  const snapshot =
    flagValue(words, '--dbfilename') ??
    texts.flatMap((text) => /^\s*dbfilename\s+["']?([\w.-]+)/m.exec(text ?? '')?.[1] ?? []).at(-1) ??
    'dump.rdb';
  return log ? [snapshot, 'appendonlydir/appendonly.aof.1.incr.aof', 'appendonly.aof'] : [snapshot];
}
