/** `initialize`: what the server can do for this editor. */
import { CodeActionKind, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver/node';
import type { Client } from './client.ts';
import { FIX_ALL_KIND } from './code-actions.ts';
import { offersCodeLenses } from './code-lens.ts';
import { serverCommands } from './commands.ts';
import { foldsStatically } from './folding.ts';

export function describeServer(client: Client): InitializeResult {
  return {
    serverInfo: { name: 'compose-persistence' },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      executeCommandProvider: { commands: serverCommands(client), workDoneProgress: true },
      ...(client.pullsDiagnostics && {
        diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false, identifier: 'persistence' },
      }),
      // An editor without code action literals could only run commands, and a fix is an edit.
      ...(client.codeActionLiterals && {
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] },
      }),
      ...(offersCodeLenses(client) && { codeLensProvider: {} }),
      ...(foldsStatically(client) && { foldingRangeProvider: true }),
      ...(client.workspaceFolders && {
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      }),
    },
  };
}
