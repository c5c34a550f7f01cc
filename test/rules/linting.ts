/** A folder linted as the command line does it. */
import * as path from 'node:path';
import { diskFiles } from '../../server/files.ts';
import type { History } from '../../server/history/model.ts';
import { discover } from '../../server/lint/discover.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { lintAll } from '../../server/lint/lint-all.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { Finding } from '../../server/rules/rule.ts';
import { rangeOf } from '../../server/syntax/source.ts';

export async function lintFolder(folder: string, history?: History) {
  const files = diskFiles();
  const { selections, errors } = discover(files, [folder], DEFAULT_SETTINGS);
  const linter = createLinter(files, history);
  const outcomes = (await lintAll(linter, selections, DEFAULT_SETTINGS)).map(({ outcome }) => outcome);
  return {
    files,
    outcomes,
    findings: outcomes.flatMap((outcome) => outcome.findings),
    errors: [...errors, ...outcomes.flatMap((outcome) => outcome.errors)],
  };
}

/** `file line:character-line:character`, zero-based; the file as seen from the folder. */
export function placeIn(folder: string, { span }: Finding): string {
  const { start, end } = rangeOf(span);
  const file = path.posix.relative(folder, span.source.path);
  return `${file} ${start.line}:${start.character}-${end.line}:${end.character}`;
}
