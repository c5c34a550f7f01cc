/** What the language server asks of the engine; the engine itself is loaded after `initialize` was answered. */
import type { Files } from '../files.ts';
import type { CreateLinter, SelectionFor, Settings, SettingsProblem } from '../lint/model.ts';

export interface Engine {
  readonly createLinter: CreateLinter;
  readonly selectionFor: SelectionFor;
  /** By name and content. */
  readonly isCompose: (files: Files, path: string) => boolean;
  readonly findSettingsFile: (files: Files, folder: string) => string | null;
  readonly readSettings: (
    files: Files,
    folder: string,
    editorSettings: unknown,
  ) => { readonly settings: Settings; readonly problems: readonly SettingsProblem[] };
  readonly suppressionComment: (rules: readonly string[], form: 'line' | 'file', indent: string) => string;
}

export type LoadEngine = () => Promise<Engine>;
