/** The projects that the open documents belong to, and what linting them said last. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Linter, Selection } from '../lint/model.ts';
import type { Finding } from '../rules/rule.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import type { Engine, LoadEngine } from './engine.ts';
import type { Log } from './log.ts';
import { projectsAround } from './nearby.ts';
import { placeOf } from './place.ts';
import { Project } from './project.ts';

/** Where one open document leads; what is undefined is still to be found out. */
interface Roots {
  /** The project that it is a Compose file of. */
  own: Project | null | undefined;
  /** For other documents: the projects around it that read it. */
  around: readonly Project[] | undefined;
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
  private readonly projects = new Map<string, Project>();
  private readonly roots = new Map<string, Roots>();
  private linter: Linter | null = null;
  /** One at a time: they share the projects that they look up. */
  private queue: Promise<void> = Promise.resolve();

  constructor(parts: ProjectsParts) {
    this.parts = parts;
  }

  all(): readonly Project[] {
    return [...this.projects.values()];
  }

  /** The text of `path` changed, in the editor or on disk. */
  touch(path: string): void {
    for (const project of this.all()) project.touch(path);
    const roots = this.roots.get(path);
    if (roots) roots.own = undefined;
  }

  /** `path` appeared or vanished: other files may make up the projects now. */
  touchEntry(path: string): void {
    for (const project of this.all()) project.touchEntry(path);
    this.searchAgain();
  }

  /** Settings changed, or nobody tells us what changed. */
  touchAll(): void {
    for (const project of this.all()) project.stale = true;
    this.searchAgain();
  }

  /** The open documents may belong to other projects now. */
  searchAgain(): void {
    for (const path of this.roots.keys()) this.roots.set(path, { own: undefined, around: undefined });
  }

  /** Lints what concerns `path`, until its text and all that it depends on have stood still. */
  async settleFor(path: string): Promise<void> {
    do await this.settle(path);
    while (!this.isSettled(path));
  }

  /** Lints what must be: all of it, or what concerns one document. */
  settle(path?: string): Promise<void> {
    const turn = this.queue.then(() => (path === undefined ? this.settleAll() : this.settleOne(path)));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** Nothing has changed since `path` was last linted. */
  isSettled(path: string): boolean {
    const roots = this.roots.get(path);
    if (this.parts.documents.at(path) && (roots?.own === undefined || roots.around === undefined)) return false;
    return this.concernedBy(path).every((project) => !project.stale);
  }

  /** Findings in `path`, of every project that has some there. Those about an older text of it are left out. */
  findingsIn(path: string): Finding[] {
    const document = this.parts.documents.at(path);
    const found: Finding[] = [];
    for (const project of this.all()) {
      if (!document && !project.owned) continue;
      for (const finding of project.outcome?.findings ?? []) {
        const { source } = placeOf(finding.span);
        if (source.path === path && (!document || source.text === document.source.text)) found.push(finding);
      }
    }
    return found;
  }

  /** The projects that `path` belongs to or that read it. */
  concernedBy(path: string): Project[] {
    const { own, around = [] } = this.roots.get(path) ?? {};
    return this.all().filter((project) => project === own || around.includes(project) || project.isMadeOf(path));
  }

  private async settleAll(): Promise<void> {
    const engine = await this.parts.loadEngine();
    for (const path of this.roots.keys()) if (!this.parts.documents.at(path)) this.roots.delete(path);
    for (const path of this.parts.documents.paths()) await this.findRoots(engine, path);
    this.forgetUnwanted();
    for (const project of this.all()) await this.lint(engine, project);
  }

  private async settleOne(path: string): Promise<void> {
    const engine = await this.parts.loadEngine();
    await this.findRoots(engine, path);
    for (const project of this.concernedBy(path)) await this.lint(engine, project);
  }

  private async findRoots(engine: Engine, path: string): Promise<void> {
    if (!this.parts.documents.at(path)) return;
    const roots: Roots = this.roots.get(path) ?? { own: undefined, around: undefined };
    this.roots.set(path, roots);
    if (roots.own === undefined) {
      const excluded = await this.parts.configuration.excludes(path);
      const selection = excluded ? null : this.select(engine, path);
      roots.own = selection && this.projectOf(selection);
      if (roots.own) roots.own.owned = true;
    }
    roots.around ??= roots.own ? [] : await this.findAround(engine, path);
  }

  private async findAround(engine: Engine, path: string): Promise<Project[]> {
    const { files, configuration } = this.parts;
    const select = (file: string): Selection | null => this.select(engine, file);
    const around: Project[] = [];
    for (const selection of projectsAround(files, path, configuration.folderOf(path), select)) {
      const project = this.projectOf(selection);
      await this.lint(engine, project);
      if (project.isMadeOf(path)) around.push(project);
    }
    return around;
  }

  private select(engine: Engine, path: string): Selection | null {
    const { files, configuration, log } = this.parts;
    try {
      const selection = engine.isCompose(files, path) ? engine.selectionFor(files, path) : null;
      const root = configuration.folderOf(path);
      return selection && root !== null ? { ...selection, root } : selection;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) log.fault(`Looking for the project of ${path}`, error);
      return null;
    }
  }

  private projectOf(selection: Selection): Project {
    const key = JSON.stringify(selection);
    const project = this.projects.get(key) ?? new Project(selection);
    this.projects.set(key, project);
    return project;
  }

  /** Forgets the projects that no open document leads to. */
  private forgetUnwanted(): void {
    const roots = [...this.roots.values()];
    for (const [key, project] of this.projects) {
      project.owned = roots.some(({ own }) => own === project);
      if (!project.owned && !roots.some(({ around }) => around?.includes(project))) this.projects.delete(key);
    }
  }

  private async lint(engine: Engine, project: Project): Promise<void> {
    const { files, configuration, log } = this.parts;
    if (!project.stale) return;
    try {
      this.linter ??= engine.createLinter(files);
      const { linter } = this;
      await project.settle(async (selection) => linter.lint(selection, await configuration.settingsFor(project.base)));
      for (const error of project.outcome?.errors ?? []) log.once(`${error.file} ${error.message}`);
    } catch (error) {
      log.fault(`Linting ${project.selection.files.join(', ')}`, error);
    }
  }
}
