/** Findings in the words of the protocol. */
import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Location,
} from 'vscode-languageserver/node';
import type { Finding, Severity } from '../rules/rule.ts';
import type { Evidence } from '../survival/words.ts';
import { rangeOf, type Span } from '../syntax/source.ts';
import type { Client } from './client.ts';
import type { Documents } from './documents.ts';
import { placeOf } from './place.ts';
import { baseName, toUri } from './uris.ts';

export const SOURCE = 'persistence';

const PAGES = 'https://github.com/compose-persistence/compose-persistence/blob/main/docs/rules';

export const documentationOf = (rule: string): string => `${PAGES}/${rule}.md`;

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Tells a finding from others of its document; an editor hands it back when it asks for actions. */
export function fingerprintOf({ rule, span, service = '', store }: Finding): string {
  return [rule, `${span.start}-${span.end}`, service, store?.path ?? ''].filter(Boolean).join(' ');
}

/** An editor knows an open document by the URI it gave. */
export const uriOf = (documents: Documents, path: string): string => documents.at(path)?.uri ?? toUri(path);

export function toDiagnostic(finding: Finding, client: Client, documents: Documents): Diagnostic {
  const related = relatedTo(finding);
  const diagnostic: Diagnostic = {
    range: rangeOf(placeOf(finding.span)),
    severity: SEVERITIES[finding.severity],
    code: finding.rule,
    source: SOURCE,
    message: client.relatedInformation ? finding.message : withNotes(finding, related),
  };
  if (client.codeDescription) diagnostic.codeDescription = { href: documentationOf(finding.rule) };
  if (client.relatedInformation && related.length > 0) {
    diagnostic.relatedInformation = related.map(
      ({ span, note }): DiagnosticRelatedInformation => ({ location: locationOf(span, documents), message: note }),
    );
  }
  if (client.diagnosticData) diagnostic.data = { fingerprint: fingerprintOf(finding) };
  return diagnostic;
}

interface Note {
  readonly span: Span;
  readonly note: string;
}

/** A fact that is written in no file of the project (what an image declares) is shown at the finding itself. */
function relatedTo(finding: Finding): Note[] {
  const notes = new Map<string, Note>();
  for (const evidence of finding.related) {
    const span = placeOf(evidence.span ?? finding.span);
    const note = noteOf(evidence);
    notes.set(`${span.source.path} ${span.start} ${note}`, { span, note });
  }
  return [...notes.values()];
}

const noteOf = ({ note, citation }: Evidence): string => (citation ? `${note} (${citation})` : note);

/** For editors that show no related information: the evidence below the message, with its place. */
function withNotes(finding: Finding, notes: readonly Note[]): string {
  const lines = notes.map(({ span, note }) =>
    span === placeOf(finding.span) ? note : `${note} (${baseName(span.source.path)}:${rangeOf(span).start.line + 1})`,
  );
  return [finding.message, ...lines].join('\n');
}

const locationOf = (span: Span, documents: Documents): Location => ({
  uri: uriOf(documents, span.source.path),
  range: rangeOf(span),
});
