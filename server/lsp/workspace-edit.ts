/** Edits of the engine as an edit of the workspace, in the form that the editor understands. */
import {
  CreateFile,
  OptionalVersionedTextDocumentIdentifier,
  TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Edit } from '../rules/rule.ts';
import { rangeOf } from '../syntax/source.ts';
import { uriOf } from './convert.ts';
import type { Session } from './session.ts';

/** Null when a file is no longer what the edits were made for. */
export function toWorkspaceEdit(session: Session, edits: readonly Edit[]): WorkspaceEdit | null {
  const { client, documents, files } = session;
  const documentChanges: (TextDocumentEdit | CreateFile)[] = [];
  const changes: Record<string, TextEdit[]> = {};
  for (const path of new Set(edits.map((edit) => edit.source.path))) {
    const own = edits.filter((edit) => edit.source.path === path);
    if (own.some((edit) => edit.source.origin || edit.source.text !== textNow(session, path))) return null;
    const uri = uriOf(documents, path);
    const textEdits = own.map((edit) => ({ range: rangeOf(edit), newText: edit.newText }));
    changes[uri] = textEdits;
    if (client.createsFiles && files.kind(path) === 'missing') {
      documentChanges.push(CreateFile.create(uri, { ignoreIfExists: true }));
    }
    const version = documents.at(path)?.version ?? null;
    documentChanges.push(
      TextDocumentEdit.create(OptionalVersionedTextDocumentIdentifier.create(uri, version), textEdits),
    );
  }
  return client.documentChanges ? { documentChanges } : { changes };
}

/** A file that is to be created is empty. */
function textNow({ files }: Session, path: string): string {
  try {
    return files.read(path).text;
  } catch {
    return '';
  }
}
