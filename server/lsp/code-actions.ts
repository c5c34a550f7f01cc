/** `textDocument/codeAction`: fixes, switching a rule off, its documentation, and fixing all that is safe. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Diagnostic,
} from 'vscode-languageserver/node';
import type { Edit, Finding, Fix } from '../rules/rule.ts';
import { type Range, rangeOf } from '../syntax/source.ts';
import { OPEN_DOCUMENTATION, SHOW_STEPS } from './commands.ts';
import { documentationOf, fingerprintOf, toDiagnostic } from './convert.ts';
import { safeFixes } from './fix-all.ts';
import { placeOf } from './place.ts';
import type { Session } from './session.ts';
import { toWorkspaceEdit } from './workspace-edit.ts';

export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.composePersistence`;

export function registerCodeActions(session: Session): void {
  if (!session.client.codeActionLiterals) return;
  session.connection.onCodeAction(
    session.guard.request('textDocument/codeAction', async (params) => {
      const document = session.documents.get(params.textDocument.uri);
      if (!document || document.path === null) return [];
      await session.projects.settleFor(document.path);
      const findings = session.projects.findingsIn(document.path);
      const actions: CodeAction[] = [];
      if (wants(params, CodeActionKind.QuickFix)) actions.push(...(await quickFixes(session, findings, params)));
      if (wantsFixAll(params)) actions.push(...(await fixAll(session, document.path)));
      return actions;
    }),
  );
}

const wants = ({ context: { only } }: CodeActionParams, kind: string): boolean =>
  !only || only.some((wanted) => kind === wanted || wanted === '' || kind.startsWith(`${wanted}.`));

/** Not at each move of the cursor: it lints again. */
const wantsFixAll = (params: CodeActionParams): boolean =>
  wants(params, FIX_ALL_KIND) &&
  (params.context.only !== undefined || params.context.triggerKind !== CodeActionTriggerKind.Automatic);

async function quickFixes(session: Session, all: readonly Finding[], params: CodeActionParams): Promise<CodeAction[]> {
  const findings = distinct(all.filter((finding) => touches(rangeOf(placeOf(finding.span)), params.range)));
  const subjects = findings.map((finding) => ({ finding, diagnostics: [shownAs(session, finding, params)] }));
  const fixes = subjects.flatMap(({ finding, diagnostics }) => fixActions(session, finding, diagnostics));
  const engine = await session.loadEngine();
  const { disableInFile, disableOnLine } = await import('./disable.ts');
  const others = new Map<string, CodeAction>();
  for (const { finding, diagnostics } of subjects) {
    const { rule } = finding;
    const add = (title: string, edits: readonly Edit[] | null): void => {
      const edit = edits && toWorkspaceEdit(session, edits);
      if (edit) others.set(title, { title, kind: CodeActionKind.QuickFix, diagnostics, edit });
    };
    add(`Disable ${rule} for this line`, disableOnLine(engine, finding));
    add(`Disable ${rule} for this file`, disableInFile(engine, finding));
    const title = `Show documentation for ${rule}`;
    const command = { title, command: OPEN_DOCUMENTATION, arguments: [rule, documentationOf(rule)] };
    others.set(title, { title, kind: CodeActionKind.QuickFix, diagnostics, command });
  }
  return [...fixes, ...others.values()];
}

function fixActions(session: Session, finding: Finding, diagnostics: Diagnostic[]): CodeAction[] {
  const actions: CodeAction[] = [];
  for (const fix of fixesOf(session, finding)) {
    const edit = toWorkspaceEdit(session, fix.edits);
    if (!edit) continue;
    const action: CodeAction = { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, edit };
    // A preferred action may be applied without a list of choices: a migration may not.
    if (session.client.preferredActions && actions.length === 0 && fix.safety === 'safe') action.isPreferred = true;
    if (fix.steps && fix.steps.length > 0) {
      const { title, steps } = fix;
      action.command = {
        title: 'Show the steps for existing data',
        command: SHOW_STEPS,
        arguments: [{ title, steps }],
      };
    }
    actions.push(action);
  }
  return actions;
}

function fixesOf(session: Session, finding: Finding): readonly Fix[] {
  try {
    return finding.fixes().filter((fix) => fix.edits.length > 0);
  } catch (error) {
    session.log.fault(`Fixing ${finding.rule}`, error);
    return [];
  }
}

async function fixAll(session: Session, path: string): Promise<CodeAction[]> {
  const edits = await safeFixes(session, path);
  const edit = edits.length > 0 ? toWorkspaceEdit(session, edits) : null;
  return edit ? [{ title: 'Apply all safe fixes of Compose Persistence', kind: FIX_ALL_KIND, edit }] : [];
}

/** The very object that the editor shows, so that it can tell which problem an action solves. */
function shownAs({ client, documents }: Session, finding: Finding, { context }: CodeActionParams): Diagnostic {
  const ours = toDiagnostic(finding, client, documents);
  const fingerprint = fingerprintOf(finding);
  const same = (shown: Diagnostic): boolean =>
    shown.source === ours.source &&
    shown.code === ours.code &&
    (shown.data?.fingerprint === fingerprint || shown.message === ours.message) &&
    JSON.stringify(shown.range) === JSON.stringify(ours.range);
  return context.diagnostics.find(same) ?? ours;
}

/** Two projects that share the file find the same in it. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${fingerprintOf(finding)} ${finding.message}`, finding])).values()];
}

function touches(a: Range, b: Range): boolean {
  const before = (x: Range, y: Range): boolean =>
    x.end.line < y.start.line || (x.end.line === y.start.line && x.end.character < y.start.character);
  return !before(a, b) && !before(b, a);
}
