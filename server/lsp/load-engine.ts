/** The engine, as one module to load when it is first needed. */
import { agreed, lintedAs } from '../lint/agree.ts';
import { searchTree, selectionsFor } from '../lint/discover.ts';
import { kindByName } from '../lint/kinds/names.ts';
import { isShebangScript } from '../lint/kinds/shebang.ts';
import { createLinter } from '../lint/lint.ts';
import { remember } from '../lint/sets/remember.ts';
import { findSettingsFile, readSettings } from '../lint/settings.ts';
import { suppressionComment } from '../lint/suppressions.ts';
import { isCompose } from './compose-files.ts';
import type { Engine } from './engine.ts';

export const engine: Engine = {
  agreed,
  createLinter,
  findSettingsFile,
  isCompose,
  isShebangScript,
  kindByName,
  lintedAs,
  readSettings,
  remember,
  searchTree,
  selectionsFor,
  suppressionComment,
};
