/** All that was found to lint, one after the other. */
import type { Judged } from './agree.ts';
import type { Linter, Selection, Settings } from './model.ts';

/** Compose or Quadlet runs it: it has services, and belongs into a report. */
export const isProject = ({ kind = 'compose' }: Selection): boolean => kind === 'compose' || kind === 'quadlet';

/** A Dockerfile that a project builds is judged with the project, where more is known of it. */
export async function lintAll(linter: Linter, selections: readonly Selection[], settings: Settings): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const selection of selections) {
    if (selection.kind === 'dockerfile' && isRead(selection.files[0]!, judged)) continue;
    judged.push({ selection, outcome: await linter.lint(selection, settings) });
  }
  return judged;
}

const isRead = (file: string, judged: readonly Judged[]): boolean =>
  judged.some(({ selection, outcome }) => isProject(selection) && outcome.reads.has(file));
