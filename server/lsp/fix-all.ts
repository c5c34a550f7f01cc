/** All safe fixes of one document, as edits of that document alone: saving a file must not change another. */
import { overlay } from '../files.ts';
import { applyEdits, conflict } from '../fixes/edits.ts';
import type { Linter } from '../lint/model.ts';
import type { Edit, Finding } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { fileOf } from './place.ts';
import type { Session } from './session.ts';

/** Fixes that touch each other are applied one after the other; a fix that comes back must not go on for ever. */
const MAX_ROUNDS = 100;

export async function safeFixes(session: Session, path: string): Promise<Edit[]> {
  const { documents, projects, files } = session;
  const before = documents.at(path)?.source;
  if (!before) return [];
  const first = together(projects.findingsIn(path), path);
  if (first.length === 0) return [];

  const texts = new Map<string, Source>();
  const engine = await session.loadEngine();
  const linter = engine.createLinter(overlay(files, texts));
  let after = applyEdits(before.text, first);
  for (let round = 1; round < MAX_ROUNDS; round++) {
    texts.set(path, { path, text: after });
    const edits = together(await lint(session, linter, path), path);
    if (edits.length === 0) return round === 1 ? first : [difference(before, after)];
    after = applyEdits(after, edits);
  }
  return [difference(before, after)];
}

async function lint({ projects, configuration }: Session, linter: Linter, path: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { selection, base } of projects.concernedBy(path)) {
    const outcome = await linter.lint(selection, await configuration.settingsFor(base));
    found.push(...outcome.findings.filter((finding) => fileOf(finding) === path));
  }
  return found;
}

/** Edits of as many safe fixes as do not touch each other. */
function together(findings: readonly Finding[], path: string): Edit[] {
  const taken: Edit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes().find(({ safety, edits }) => safety === 'safe' && edits.length > 0);
    if (!fix || fix.edits.some(({ source }) => source.path !== path)) continue;
    if (!conflict(taken, fix.edits)) taken.push(...fix.edits);
  }
  return taken;
}

/** One edit from `before` to `after`, without what they begin and end with in common. */
function difference(before: Source, after: string): Edit {
  const { text } = before;
  const shorter = Math.min(text.length, after.length);
  let start = 0;
  while (start < shorter && text[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && text[text.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  // No position of the protocol lies between the two characters of a line end.
  if (text[start - 1] === '\r') start--;
  if (text[text.length - tail] === '\n' && tail > 0) tail--;
  return { source: before, start, end: text.length - tail, newText: after.slice(start, after.length - tail) };
}
