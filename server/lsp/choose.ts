/** Which projects a document belongs to, found in memory while nothing appears, vanishes or changes on disk. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Selection, Settings } from '../lint/model.ts';
import type { Remembered } from '../lint/sets/remember.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';
import { mayBeCompose } from './nearby.ts';
import { baseName, directoryOf } from './uris.ts';

const MAX_LEVELS = 8;

export class Chooser {
  private readonly files: Files;
  private readonly log: Log;
  private seen: Remembered | null = null;
  /** Compose files of each workspace folder, as far as they were ever needed. */
  private readonly trees = new Map<string, readonly string[]>();

  constructor(files: Files, log: Log) {
    this.files = files;
    this.log = log;
  }

  /** @returns whether what was chosen may be different with another text in `path` */
  forget(path: string): boolean {
    const known = this.seen?.knowsText(path) ?? true;
    this.seen?.forget(path);
    return known;
  }

  /** `path` appeared or vanished. @returns whether what was chosen may be different now */
  forgetEntry(path: string): boolean {
    const inTree = mayBeCompose(path) && this.trees.size > 0;
    if (inTree) this.trees.clear();
    const known = inTree || (this.seen?.knows(path) ?? true);
    if (known) this.seen?.forgetAll();
    return known;
  }

  forgetAll(): void {
    this.seen?.forgetAll();
    this.trees.clear();
  }

  /** What looking around reads through. */
  filesOf(engine: Engine): Remembered {
    this.seen ??= engine.remember(this.files);
    return this.seen;
  }

  private treeOf(engine: Engine, folder: string, settings: Settings): readonly string[] {
    let tree = this.trees.get(folder);
    if (!tree) {
      tree = engine.searchTree(this.files, folder, settings);
      this.trees.set(folder, tree);
    }
    return tree;
  }

  /** @param folder the workspace folder that holds `path` */
  choose(engine: Engine, path: string, settings: Settings, folder: string | null): readonly Selection[] {
    const kind = engine.kindByName(path);
    const files = this.filesOf(engine);
    const isScript = kind === null && engine.isShebangScript(files, path);
    if (kind === null && !isScript && !/\.ya?ml$/i.test(path)) return [];
    try {
      const top = folder ?? topOf(files, path);
      if (isScript || (kind !== null && kind !== 'compose')) return engine.selectionsFor(files, path, settings, top);
      let selections = engine.selectionsFor(files, path, settings, top);
      // Linted alone by a guess: somewhere in the workspace there may be one that takes it in.
      if (folder !== null && isAlone(selections, path) && !isDefaultName(path))
        selections = engine.selectionsFor(files, path, settings, top, this.treeOf(engine, folder, settings));
      const compose = engine.isCompose(files, path);
      return selections
        .filter((selection) => compose || selection.files.length > 1 || selection.files[0] !== path)
        .map((selection) => (folder === null ? selection : { ...selection, root: folder }));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) this.log.fault(`Looking for the projects of ${path}`, error);
      return [];
    }
  }
}

const isAlone = ([first, ...more]: readonly Selection[], path: string): boolean =>
  first?.files.length === 1 && first.files[0] === path && more.length === 0;

const isDefaultName = (path: string): boolean => /^(docker-)?compose\.ya?ml$/.test(baseName(path));

/** Without a workspace folder: the repository that holds `path`, or else its folder. */
function topOf(files: Files, path: string): string {
  let at = directoryOf(path);
  for (let level = 0; level < MAX_LEVELS; level++) {
    if (files.kind(`${at === '/' ? '' : at}/.git`) !== 'missing') return at;
    const parent = directoryOf(at);
    if (parent === at) break;
    at = parent;
  }
  return directoryOf(path);
}
