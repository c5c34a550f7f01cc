/** The projects that the open documents belong to, and what linting them said last. */
import type { Files, Watch } from '../files.ts';
import type { History } from '../history/model.ts';
import { isProject } from '../lint/lint-all.ts';
import type { Linter, Selection } from '../lint/model.ts';
import type { Finding } from '../rules/rule.ts';
import { Chooser } from './choose.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import type { Engine, LoadEngine } from './engine.ts';
import type { Log } from './log.ts';
import { composeFilesAround } from './nearby.ts';
import { placeOf } from './place.ts';
import { Project } from './project.ts';
import type { Trusting } from './trust-watched.ts';

/** Where one open document leads; what is undefined is still to be found out. */
interface Roots {
  /** The projects that it is a Compose file or a unit of; itself, where it is a script or a Dockerfile. */
  own: readonly Project[] | undefined;
  /** For other documents: the projects around it that read it. */
  around: readonly Project[] | undefined;
}

/** A Dockerfile that a project builds is judged with the project. */
const ownIn = ({ own = [], around = [] }: Roots): readonly Project[] =>
  around.length > 0 ? own.filter(({ selection }) => selection.kind !== 'dockerfile') : own;

export interface ProjectsParts {
  readonly files: Files;
  readonly history: History;
  /** What is kept below the open documents. */
  readonly watched: Pick<Trusting, 'forget' | 'forgetAll'>;
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly loadEngine: LoadEngine;
  readonly log: Log;
}

export class Projects {
  private readonly parts: ProjectsParts;
  private readonly projects = new Map<string, Project>();
  private readonly roots = new Map<string, Roots>();
  private readonly chooser: Chooser;
  private linter: Linter | null = null;
  private engine: Engine | null = null;
  /** One at a time: they share the projects that they look up. */
  private queue: Promise<void> = Promise.resolve();

  constructor(parts: ProjectsParts) {
    this.parts = parts;
    this.chooser = new Chooser(parts.files, parts.log);
  }

  all(): readonly Project[] {
    return [...this.projects.values()];
  }

  /** The text of `path` changed, in the editor or on disk. */
  touch(path: string): void {
    this.parts.watched.forget(path);
    for (const project of this.all()) project.touch(path);
    const decides = this.chooser.forget(path);
    // What stands around other documents is looked for again when a file on disk changes: that takes linting.
    const onDisk = !this.parts.documents.at(path);
    for (const [open, roots] of this.roots) {
      if (open !== path && !decides) continue;
      roots.own = undefined;
      if (onDisk) roots.around = undefined;
    }
  }

  /** `path` appeared or vanished: other files may make up the projects now. */
  touchEntry(path: string): void {
    this.parts.watched.forget(path);
    for (const project of this.all()) project.touchEntry(path);
    if (this.chooser.forgetEntry(path)) this.searchAgain();
  }

  /** Settings changed, or nobody tells us what changed. */
  touchAll(): void {
    this.parts.watched.forgetAll();
    for (const project of this.all()) project.stale = true;
    this.chooser.forgetAll();
    this.searchAgain();
  }

  /** A path that is another in `now`, though `watch` was not told. */
  async review(now: Files, watch: Watch): Promise<string | null> {
    return (await this.linter?.review?.(now, watch)) ?? null;
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

  /** Findings in `path`, of every project that has it. Those about an older text of it are left out. */
  findingsIn(path: string): Finding[] {
    const document = this.parts.documents.at(path);
    const isShown = (finding: Finding): boolean => {
      const { source } = placeOf(finding.span);
      return source.path === path && (!document || source.text === document.source.text);
    };
    const judged = this.all().flatMap((project) => {
      const { selection, outcome, owned } = project;
      if (!outcome || (!document && !owned) || this.isReplaced(project)) return [];
      return [{ selection, outcome: { ...outcome, findings: outcome.findings.filter(isShown) } }];
    });
    return judged.length > 0 ? this.engine!.agreed(judged) : [];
  }

  /** A Dockerfile by itself, while a project is known that builds it. */
  private isReplaced(project: Project): boolean {
    if (project.selection.kind !== 'dockerfile') return false;
    const roots = this.roots.get(project.base);
    return roots !== undefined && !ownIn(roots).includes(project);
  }

  /** How the open document is linted: each project that it is a Compose file of. Null while that is not known. */
  ownOf(path: string): readonly Project[] | null {
    const roots = this.roots.get(path);
    return roots?.own ? ownIn(roots) : null;
  }

  /** The projects that `path` belongs to or that read it. */
  concernedBy(path: string): Project[] {
    const roots = this.roots.get(path) ?? { own: undefined, around: undefined };
    const own = ownIn(roots);
    const { around = [] } = roots;
    return this.all().filter((project) => own.includes(project) || around.includes(project) || project.isMadeOf(path));
  }

  private async settleAll(): Promise<void> {
    const engine = await this.load();
    for (const path of this.roots.keys()) if (!this.parts.documents.at(path)) this.roots.delete(path);
    for (const path of this.parts.documents.paths()) await this.findRoots(engine, path);
    this.forgetUnwanted();
    for (const project of this.all()) await this.lint(engine, project);
  }

  private async settleOne(path: string): Promise<void> {
    const engine = await this.load();
    await this.findRoots(engine, path);
    for (const project of this.concernedBy(path)) await this.lint(engine, project);
  }

  private async findRoots(engine: Engine, path: string): Promise<void> {
    if (!this.parts.documents.at(path)) return;
    const roots: Roots = this.roots.get(path) ?? { own: undefined, around: undefined };
    this.roots.set(path, roots);
    if (roots.own === undefined) {
      const own = await this.choose(engine, path);
      roots.own = own.map((selection) => this.projectOf(selection));
    }
    const whole = roots.own.some(({ selection }) => isProject(selection));
    roots.around ??= whole ? [] : await this.findAround(engine, path);
    for (const project of ownIn(roots)) project.owned = true;
  }

  private async findAround(engine: Engine, path: string): Promise<Project[]> {
    const { configuration } = this.parts;
    const around: Project[] = [];
    for (const file of composeFilesAround(this.chooser.filesOf(engine), path, configuration.folderOf(path))) {
      for (const selection of await this.choose(engine, file)) {
        const project = this.projectOf(selection);
        if (around.includes(project)) continue;
        await this.lint(engine, project);
        if (project.isMadeOf(path)) around.push(project);
      }
    }
    return around;
  }

  private async choose(engine: Engine, path: string): Promise<readonly Selection[]> {
    const { configuration } = this.parts;
    if (await configuration.excludes(path)) return [];
    return this.chooser.choose(engine, path, await configuration.settingsFor(path), configuration.folderOf(path));
  }

  private async load(): Promise<Engine> {
    this.engine = await this.parts.loadEngine();
    return this.engine;
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
      project.owned = roots.some((one) => ownIn(one).includes(project));
      if (!project.owned && !roots.some(({ around }) => around?.includes(project))) this.projects.delete(key);
    }
  }

  private async lint(engine: Engine, project: Project): Promise<void> {
    const { files, history, configuration, log } = this.parts;
    if (!project.stale) return;
    try {
      this.linter ??= engine.createLinter(files, history);
      const { linter } = this;
      await project.settle(async (selection) => linter.lint(selection, await configuration.settingsFor(project.base)));
      for (const error of project.outcome?.errors ?? []) log.once(`${error.file} ${error.message}`);
    } catch (error) {
      log.fault(`Linting ${project.selection.files.join(', ')}`, error);
    }
  }
}
