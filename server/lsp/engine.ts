/** What the language server asks of the engine; the engine itself is loaded after `initialize` was answered. */
import type { Files } from '../files.ts';
import type { Judged } from '../lint/agree.ts';
import type { SelectionKind } from '../lint/kinds/names.ts';
import type { CreateLinter, SearchTree, Selection, SelectionsFor, Settings, SettingsProblem } from '../lint/model.ts';
import type { Remembered } from '../lint/sets/remember.ts';
import type { Finding } from '../rules/rule.ts';
import type { CommentStyle } from '../syntax/comments.ts';

export interface Engine {
  readonly createLinter: CreateLinter;
  readonly selectionsFor: SelectionsFor;
  readonly searchTree: SearchTree;
  readonly kindByName: (path: string) => SelectionKind | null;
  /** By its first line, where the name has no suffix. */
  readonly isShebangScript: (files: Files, path: string) => boolean;
  readonly remember: (files: Files) => Remembered;
  readonly agreed: (all: readonly Judged[]) => Finding[];
  readonly lintedAs: (selection: Selection) => string;
  /** By name and content. */
  readonly isCompose: (files: Files, path: string) => boolean;
  readonly findSettingsFile: (files: Files, folder: string) => string | null;
  readonly readSettings: (
    files: Files,
    folder: string,
    editorSettings: unknown,
    base?: string,
  ) => { readonly settings: Settings; readonly problems: readonly SettingsProblem[] };
  readonly suppressionComment: (
    rules: readonly string[],
    form: 'line' | 'file',
    indent: string,
    style: CommentStyle,
  ) => string;
}

export type LoadEngine = () => Promise<Engine>;
