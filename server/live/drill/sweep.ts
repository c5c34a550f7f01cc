/** Before anything is verified: what drills that were killed have left, on the engine and on this machine, is taken away. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Engine } from '../engine.ts';
import type { WritableEngine } from '../engine-write.ts';
import type { Machine } from '../machine.ts';
import { clean, ownImages } from './clean.ts';
import { stopCompose } from './compose.ts';
import { folderOwner, foldersRoot, removeFolder } from './folder.ts';
import { idOf, isLitter, type Labels } from './owner.ts';

export interface Swept {
  /** Of copies that were removed. */
  readonly ids: readonly string[];
  /** What could not be removed, as sentences. */
  readonly problems: readonly string[];
}

/** Copies of processes that still run are left alone. @throws EngineFault when the engine goes away */
export async function sweep(engine: WritableEngine, machine: Machine): Promise<Swept> {
  // A Compose that outlived the drill would go on making things.
  const folders = litteredFolders(machine);
  for (const folder of folders) await stopCompose(folder);
  const [containers, volumes, networks, images] = await Promise.all([
    engine.containers(),
    engine.volumes(),
    engine.networks(),
    ownImages(engine),
  ]);
  const owners = new Map<string, Labels>();
  for (const { labels } of [...containers, ...volumes, ...networks, ...images]) {
    const id = idOf(labels);
    // All parts of a copy bear the same labels.
    if (id !== null) owners.set(id, labels);
  }
  const litter = [...owners].filter(([, labels]) => isLitter(labels)).map(([id]) => id);
  const problems: string[] = [];
  for (const id of litter) problems.push(...(await clean(engine, id)));
  for (const folder of folders) problems.push(...removeFolder(folder));
  return { ids: litter, problems };
}

/** Asks only: whether there is anything to sweep, so that an engine need not be opened for writing each time. */
export async function isLittered(engine: Engine, machine: Machine, signal?: AbortSignal): Promise<boolean> {
  if (litteredFolders(machine).length > 0) return true;
  const [containers, volumes, images] = await Promise.all([
    engine.containers(signal),
    engine.volumes(signal),
    ownImages(engine, signal),
  ]);
  // What a copy is begun with is a volume, and it goes last; but a build may end after it.
  return [...containers, ...volumes, ...images].some(({ labels }) => idOf(labels) !== null && isLitter(labels));
}

function litteredFolders(machine: Machine): string[] {
  const root = foldersRoot(machine);
  return (machine.list(root) ?? []).flatMap((name) => {
    const folder = path.join(root, name);
    const owner = folderOwner(folder);
    if (owner) return isLitter(owner) ? [folder] : [];
    // Made a moment ago, or half removed.
    const age = Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    return idOf({ 'io.compose-persistence.drill': name }) !== null && age > 60_000 ? [folder] : [];
  });
}
