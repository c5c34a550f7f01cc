/** Faults in a configuration file, shown in that file. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Files } from '../files.ts';
import type { SettingsProblem } from '../lint/model.ts';
import { rangeOf, type Source, type Span, spanOf } from '../syntax/source.ts';
import { SOURCE } from './convert.ts';

export function problemDiagnostics(files: Files, path: string, problems: readonly SettingsProblem[]): Diagnostic[] {
  const source = readSource(files, path);
  const messages = new Set(problems.filter((problem) => problem.file === path).map((problem) => problem.message));
  return [...messages].map((message) => ({
    range: rangeOf(spanNamed(source, message)),
    severity: DiagnosticSeverity.Error,
    code: 'configuration',
    source: SOURCE,
    message,
  }));
}

function readSource(files: Files, path: string): Source {
  try {
    return files.read(path);
  } catch {
    return { path, text: '' };
  }
}

/** A problem carries no place: it is where the name that it quotes is written, or else the first line. */
function spanNamed(source: Source, message: string): Span {
  for (const [, , name] of message.matchAll(/(["'`])(.+?)\1/g)) {
    if (name === undefined) continue;
    const start = wordAt(source.text, name);
    if (start !== null) return spanOf(source, start, start + name.length);
  }
  const end = /[\r\n]/.exec(source.text)?.index ?? source.text.length;
  return spanOf(source, 0, end);
}

/** Not where `name` is only a part of another name. */
function wordAt(text: string, name: string): number | null {
  const part = /[\w-]/;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!part.test(text[at - 1] ?? '') && !part.test(text[at + name.length] ?? '')) return at;
  }
  return null;
}
