/** What the editor is believed to watch: the workspace's folders, but for what its settings leave out. */
import { isRecord } from './client.ts';
import type { Session } from './session.ts';
import { isWithin, toUri } from './uris.ts';

/** The setting of VS Code, and of those that are made of it. */
export const WATCHER_EXCLUDE = 'files.watcherExclude';

/** Anew whenever folders or settings are others; in between nothing is believed. */
export async function trustWatching({ client, connection, configuration, watched, reviewer }: Session): Promise<void> {
  watched.trust([]);
  if (!client.watches || reviewer.isBlind) return;
  const folders = configuration.workspaceFolders();
  const excludes = await Promise.all(
    folders.map(async (folder) => {
      const asked = client.answersConfiguration
        ? await connection.workspace.getConfiguration({ scopeUri: toUri(folder), section: WATCHER_EXCLUDE })
        : null;
      return await excluding(folder, asked);
    }),
  );
  if (!reviewer.isBlind) watched.trust(folders, (path) => excludes.some((isExcluded) => isExcluded(path)));
}

/** Each folder on the way to a path is asked for by itself. */
async function excluding(folder: string, setting: unknown): Promise<(path: string) => boolean> {
  const globs = isRecord(setting) ? Object.keys(setting).filter((glob) => setting[glob] === true) : [];
  if (globs.length === 0) return () => false;
  const { default: picomatch } = await import('picomatch');
  const matches = picomatch(globs, { dot: true });
  return (path) => isWithin(path, folder) && (matches(path) || matches(path.slice(folder.length).replace(/^\//, '')));
}
