/// <reference types="mocha" />
/** What the tests ask of the editor. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';

export const EXTENSION = 'compose-persistence.compose-persistence';

export const uriOf = (name: string): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

/** In a tab that stays: the next one opened would close a tab in preview mode, and its document with it. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uriOf(name));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Waits until `read` answers what `accept` takes; what it answered last is in the message otherwise. */
export async function until<T>(
  what: string,
  read: () => T | Thenable<T>,
  accept: (value: T) => boolean = Boolean,
): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    try {
      const value = await read();
      if (accept(value)) return value;
      last = value;
    } catch (error) {
      // A provider that is just being registered answers `Canceled`.
      last = error;
    }
    await pause(50);
  }
  assert.fail(`waited in vain until ${what}; last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`);
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ours only: as a person reads them, one plain object each. */
export function findings(document: vscode.TextDocument) {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === 'persistence')
    .map(({ code, message, range, severity, relatedInformation }) => ({
      rule: typeof code === 'object' ? code.value : code,
      severity: vscode.DiagnosticSeverity[severity],
      message,
      range: [range.start.line, range.start.character, range.end.line, range.end.character],
      text: document.getText(range),
      related: (relatedInformation ?? []).map((related) => related.message),
    }));
}

export const rulesFound = (document: vscode.TextDocument): unknown[] => findings(document).map(({ rule }) => rule);

export const found = (document: vscode.TextDocument, ...rules: string[]) =>
  until(
    `the findings are [${rules}]`,
    () => rulesFound(document),
    (actual) => JSON.stringify(actual) === JSON.stringify(rules),
  );

export async function codeActions(document: vscode.TextDocument, title: string): Promise<vscode.CodeAction[]> {
  const range = vscode.languages.getDiagnostics(document.uri)[0]?.range ?? new vscode.Range(0, 0, 0, 0);
  return until(
    `a code action "${title}" is offered`,
    () => vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range),
    (actions) => actions.some((action) => action.title === title),
  );
}

/** Does what a click on the action does. */
export async function apply(document: vscode.TextDocument, title: string): Promise<void> {
  const action = (await codeActions(document, title)).find((candidate) => candidate.title === title)!;
  if (action.edit) assert.ok(await vscode.workspace.applyEdit(action.edit), `the edit of "${title}" is applied`);
  const { command } = action;
  if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

/** Adds to the end of the document. */
export async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => edit.insert(document.positionAt(document.getText().length), text));
}

/** Back to what is on disk. */
export async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

export const tabLabels = (): string[] =>
  vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

/** Process ids of the language servers that this extension host has started. */
export function serverProcesses(): number[] {
  const children = fs.readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return children
    .split(' ')
    .filter(Boolean)
    .filter((id) => fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('dist/server.js'))
    .map(Number);
}
