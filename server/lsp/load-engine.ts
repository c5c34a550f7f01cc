/** The engine, as one module to load when it is first needed. */
import { selectionFor } from '../lint/discover.ts';
import { createLinter } from '../lint/lint.ts';
import { findSettingsFile, readSettings } from '../lint/settings.ts';
import { suppressionComment } from '../lint/suppressions.ts';
import { isCompose } from './compose-files.ts';
import type { Engine } from './engine.ts';

export const engine: Engine = {
  createLinter,
  findSettingsFile,
  isCompose,
  readSettings,
  selectionFor,
  suppressionComment,
};
