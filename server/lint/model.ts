/** From files to findings: what the fronts (editor, command line) ask of the engine. */
import type { UserImage } from '../catalogue/user-images.ts';
import type { Files, Watch } from '../files.ts';
import type { History } from '../history/model.ts';
import type { Finding, Severity } from '../rules/rule.ts';
import type { AnalysedProject } from '../stores/model.ts';
import type { SelectionKind } from './kinds/names.ts';
import type { Paths } from './reads.ts';
import type { Check } from './settings-checks.ts';

/** Settings, the same in the editor and on the command line; see the settings schema. */
export interface Settings {
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** By image name, with or without its registry. */
  readonly images: Readonly<Record<string, UserImage>>;
  /** Globs relative to the folder that holds the configuration. */
  readonly exclude: readonly string[];
  /** Report in test and CI files too. */
  readonly includeTests: boolean;
  /** Sets of files that are said to belong together. */
  readonly projects: readonly FileSet[];
  /** What the live check asks of services, besides what it knows to ask of databases. */
  readonly checks: readonly Check[];
}

/** A fault in a configuration file or setting, in words; `file` is absent for editor settings. */
export interface SettingsProblem {
  readonly file?: string;
  readonly message: string;
}

/** Files that are read as one project, as Compose's `-f` takes them; and what else the call says. */
export interface FileSet {
  /** Absolute paths, base first. */
  readonly files: readonly string[];
  readonly projectName?: string;
  readonly profiles?: readonly string[];
  /** Instead of `.env` in the project directory. */
  readonly envFiles?: readonly string[];
  /** `--project-directory`. */
  readonly directory?: string;
}

export interface Selection extends FileSet {
  /** `compose`, where it is left out. */
  readonly kind?: SelectionKind;
  /** Absolute folder below which file names tell tests and development files: the workspace or working directory. */
  readonly root?: string;
}

export interface InputError {
  /** Absolute path. */
  readonly file: string;
  readonly message: string;
}

export interface Discovery {
  readonly selections: readonly Selection[];
  readonly errors: readonly InputError[];
}

/**
 * What there is to lint below `paths` (files or folders): projects, then Dockerfiles, then scripts. Folders are searched,
 * leaving out what `.gitignore` and `exclude` leave out; a file is taken as it is. Overrides and fragments join their base,
 * units the others of their folder.
 */
export type Discover = (
  files: Files,
  paths: readonly string[],
  settings: Settings,
  workingDirectory?: string,
) => Discovery;

/**
 * The projects that `file` belongs to; a Dockerfile and a script stand for themselves. None when it is nothing of ours.
 * @param top folder above which nothing is looked at
 * @param known files anywhere that may take it in
 */
export type SelectionsFor = (
  files: Files,
  file: string,
  settings: Settings,
  top: string,
  known?: readonly string[],
) => readonly Selection[];

/** Compose files below a folder, by name; those of a very large tree in part. */
export type SearchTree = (files: Files, folder: string, settings: Settings) => readonly string[];

export interface Outcome {
  readonly analysed: AnalysedProject;
  /** In the order of files and places; suppressed ones left out. */
  readonly findings: readonly Finding[];
  /** Files that could not be read or understood at all. */
  readonly errors: readonly InputError[];
  /** Absolute paths of every file and directory that was looked at: a change in any other cannot change the outcome. */
  readonly reads: Paths;
}

/** Lints one project. Never throws for what a file says. Results are cached by content. */
export interface Linter {
  lint(selection: Selection, settings: Settings): Promise<Outcome>;
  /** A path that is another in `now`, though nobody told `watch`: what was taken without a look is looked at bit by bit. */
  review?(now: Files, watch: Watch): Promise<string | null>;
}

/**
 * `createLinter` in lint.ts. Files are read through `files` at each call, so overlays take effect at once. Without
 * `history` the rules on changes are silent.
 */
export type CreateLinter = (files: Files, history?: History) => Linter;
