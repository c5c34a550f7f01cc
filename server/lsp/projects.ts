/** The projects that the open documents belong to, and what linting them said last. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Linter, Outcome, Selection } from '../lint/model.ts';
import type { Finding } from '../rules/rule.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import type { Engine, LoadEngine } from './engine.ts';
import type { Log } from './log.ts';
import { projectsAround } from './nearby.ts';
import { placeOf } from './place.ts';
import { directoryOf } from './uris.ts';

export interface Project {
  readonly selection: Selection;
  /** Null before the first run, and when the engine failed. */
  readonly outcome: Outcome | null;
  /** One of its Compose files is open; else it was found from a document that it reads. */
  readonly owned: boolean;
}

interface Held extends Project {
  readonly key: string;
  outcome: Outcome | null;
  owned: boolean;
  stale: boolean;
  running: boolean;
  /** What a change must touch to make it stale; kept when a run fails. */
  reads: ReadonlySet<string>;
}

/** Where one open document leads; `around` is null when that is still to be found out. */
interface Roots {
  own: Held | null | undefined;
  around: readonly Held[] | null;
}

export interface ProjectsParts {
  readonly files: Files;
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly loadEngine: LoadEngine;
  readonly log: Log;
}

export class Projects {
  private readonly parts: ProjectsParts;
  private readonly held = new Map<string, Held>();
  private readonly roots = new Map<string, Roots>();
  private linter: Linter | null = null;
  /** One at a time: they share the projects that they look up. */
  private queue: Promise<void> = Promise.resolve();

  constructor(parts: ProjectsParts) {
    this.parts = parts;
  }

  all(): readonly Project[] {
    return [...this.held.values()];
  }

  /** The text of `path` changed, in the editor or on disk. */
  touch(path: string): void {
    for (const project of this.held.values()) {
      if (project.running || project.reads.has(path) || project.selection.files.includes(path)) project.stale = true;
    }
    const roots = this.roots.get(path);
    if (roots) roots.own = undefined;
  }

  /** `path` appeared or vanished: other files may make up the projects now. */
  touchEntry(path: string): void {
    this.touch(path);
    const directory = directoryOf(path);
    for (const project of this.held.values()) {
      if (project.reads.has(directory) || [...project.reads].some((read) => read.startsWith(`${path}/`))) {
        project.stale = true;
      }
    }
    this.searchAgain();
  }

  /** Settings changed, or nobody tells us what changed. */
  touchAll(): void {
    for (const project of this.held.values()) project.stale = true;
    this.searchAgain();
  }

  /** Which projects the open documents belong to may be something else now. */
  searchAgain(): void {
    for (const roots of this.roots.values()) {
      roots.own = undefined;
      roots.around = null;
    }
  }

  /** Lints what concerns `path`, until its text and all that it depends on have stood still. */
  async settleFor(path: string): Promise<void> {
    do await this.settle(path);
    while (!this.isSettled(path));
  }

  /** Lints what must be: all of it, or what concerns one document. */
  settle(path?: string): Promise<void> {
    const turn = this.queue.then(() => this.settleNow(path));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async settleNow(path: string | undefined): Promise<void> {
    const engine = await this.parts.loadEngine();
    for (const open of this.roots.keys()) if (!this.parts.documents.at(open)) this.roots.delete(open);
    for (const open of path === undefined ? this.parts.documents.paths() : [path]) await this.findRoots(engine, open);
    this.sweep();
    const due = [...this.held.values()].filter((project) => path === undefined || this.concerns(project, path));
    for (const project of due) if (project.stale) await this.run(engine, project);
  }

  /** Nothing has changed since `path` was last linted. */
  isSettled(path: string): boolean {
    if (this.parts.documents.at(path)) {
      const roots = this.roots.get(path);
      if (!roots || roots.own === undefined || roots.around === null) return false;
    }
    return [...this.held.values()].every((project) => !project.stale || !this.concerns(project, path));
  }

  /** Findings in `path`, of every project that has some there. Those about an older text of it are left out. */
  findingsIn(path: string): Finding[] {
    const document = this.parts.documents.at(path);
    const found: Finding[] = [];
    for (const project of this.held.values()) {
      if (!document && !project.owned) continue;
      for (const finding of project.outcome?.findings ?? []) {
        const { source } = placeOf(finding.span);
        if (source.path === path && (!document || source.text === document.source.text)) found.push(finding);
      }
    }
    return found;
  }

  /** Of the projects that say something about `path`. */
  selectionsWith(path: string): Selection[] {
    return [...this.held.values()].filter((project) => this.concerns(project, path)).map(({ selection }) => selection);
  }

  private concerns(project: Held, path: string): boolean {
    const roots = this.roots.get(path);
    return (
      roots?.own === project ||
      roots?.around?.includes(project) === true ||
      project.selection.files.includes(path) ||
      project.reads.has(path)
    );
  }

  private async findRoots(engine: Engine, path: string): Promise<void> {
    if (!this.parts.documents.at(path)) return;
    const roots: Roots = this.roots.get(path) ?? { own: undefined, around: null };
    this.roots.set(path, roots);
    if (roots.own === undefined) {
      const excluded = await this.parts.configuration.excludes(path);
      const selection = excluded ? null : this.select(engine, path);
      roots.own = selection ? this.hold(selection) : null;
      if (roots.own) roots.around = [];
    }
    if (roots.around !== null) return;
    const around: Held[] = [];
    for (const selection of projectsAround(this.parts.files, path, this.parts.configuration.folderOf(path), (file) =>
      this.select(engine, file),
    )) {
      const project = this.hold(selection);
      if (project.stale) await this.run(engine, project);
      if (project.reads.has(path)) around.push(project);
    }
    roots.around = around;
  }

  private select(engine: Engine, path: string): Selection | null {
    try {
      if (!engine.isCompose(this.parts.files, path)) return null;
      const selection = engine.selectionFor(this.parts.files, path);
      const root = selection && (selection.root ?? this.parts.configuration.folderOf(path));
      return selection && root ? { ...selection, root } : selection;
    } catch (error) {
      if (error instanceof UnreadableFile) return null;
      this.parts.log.fault(`Looking for the project of ${path}`, error);
      return null;
    }
  }

  private hold(selection: Selection): Held {
    const key = JSON.stringify([selection.files, selection.projectName, selection.profiles]);
    let project = this.held.get(key);
    if (!project) {
      project = {
        key,
        selection,
        outcome: null,
        owned: false,
        stale: true,
        running: false,
        reads: new Set(selection.files),
      };
      this.held.set(key, project);
    }
    return project;
  }

  /** Forgets the projects that no open document leads to. */
  private sweep(): void {
    const owned = new Set<Held>();
    const wanted = new Set<Held>();
    for (const { own, around } of this.roots.values()) {
      if (own) owned.add(own);
      for (const project of around ?? []) wanted.add(project);
    }
    for (const project of this.held.values()) {
      project.owned = owned.has(project);
      if (!project.owned && !wanted.has(project)) this.held.delete(project.key);
    }
  }

  private async run(engine: Engine, project: Held): Promise<void> {
    project.running = true;
    // A change during a run makes its result worthless.
    while (project.stale) await this.lint(engine, project);
    project.running = false;
  }

  private async lint(engine: Engine, project: Held): Promise<void> {
    project.stale = false;
    try {
      this.linter ??= engine.createLinter(this.parts.files);
      const settings = await this.parts.configuration.settingsFor(project.selection.files[0] ?? '');
      const outcome = await this.linter.lint(project.selection, settings);
      if (project.stale) return;
      project.outcome = outcome;
      project.reads = outcome.reads;
      for (const error of outcome.errors) this.parts.log.once(`${error.file} ${error.message}`);
    } catch (error) {
      project.outcome = null;
      this.parts.log.fault(`Linting ${project.selection.files.join(', ')}`, error);
    }
  }
}
