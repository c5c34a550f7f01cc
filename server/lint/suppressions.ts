/** Comments that silence findings, and those that silence nothing. */
import { Lexer } from 'yaml';
import { yamlOf } from '../project/documents.ts';
import type { Finding } from '../rules/rule.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { type CommentStyle, commentStyle } from '../syntax/comments.ts';
import { positionAt, type Source, type Span } from '../syntax/source.ts';

export interface Suppression {
  /** Empty: every rule. */
  readonly rules: readonly string[];
  readonly span: Span;
  /** The line whose findings it silences; null: the whole file. */
  readonly line: number | null;
}

const MARK = /^(?:[#;]|\/\/|<!--)\s*persistence-ignore(-file)?(?![\w-])[ \t]*([^\n]*?)(?:[ \t]*-->)?$/;
const EPHEMERAL = /^[#;]\s*persistence:\s*ephemeral\b/;

interface Comment {
  readonly text: string;
  readonly start: number;
}

const isYaml = (source: Source): boolean => /\.ya?ml$/i.test(source.path);

/** While a quote is not closed yet, all that follows would be a text to the lexer. */
const isBroken = (source: Source): boolean => isYaml(source) && yamlOf(source).problems.length > 0;

/** Comments of a source: by the YAML lexer, so that a `#` in a text is none; in other files as {@link commentStyle} tells. */
export function commentsOf(source: Source): Comment[] {
  if (!source.text.includes('persistence')) return [];
  if (!isYaml(source)) return othersOf(source);
  if (isBroken(source)) return matches(source, /(?:^|[ \t])(#\s*persistence[^\r\n]*)/gm);
  const comments: Comment[] = [];
  let at = 0;
  for (const token of new Lexer().lex(source.text)) {
    // Tokens of one control character mark the document, a scalar or a flow error; they stand for no text.
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') continue;
    if (token.startsWith('#')) comments.push({ text: token, start: at });
    at += token.length;
  }
  return comments;
}

/** The code blocks of a README have the comments of a shell. */
function othersOf(source: Source): Comment[] {
  const style = commentStyle(source.path);
  if (!style) return [];
  if (!style.trailing) return matches(source, /^[ \t]*([#;][^\r\n]*)/gm);
  if (style.close !== '') return matches(source, /(?:^|[ \t])(<!--[^\r\n]*?-->|#\s*persistence[^\r\n]*)/gm);
  return style.open.startsWith('/')
    ? matches(source, /(?:^|[ \t,])(\/\/\s*persistence[^\r\n]*)/gm)
    : matches(source, /(?:^|[ \t])(#\s*persistence[^\r\n]*)/gm);
}

const matches = (source: Source, pattern: RegExp): Comment[] =>
  [...source.text.matchAll(pattern)].map((match) => ({
    text: match[1]!,
    start: match.index + match[0].length - match[1]!.length,
  }));

export function suppressionsOf(source: Source): Suppression[] {
  const comments = commentsOf(source);
  const lines = new Set(
    comments.filter(({ start }) => standsAlone(source, start)).map(({ start }) => positionAt(source, start).line),
  );
  return comments.flatMap(({ text, start }): Suppression[] => {
    const match = MARK.exec(text.trimEnd());
    if (!match) return [];
    const rules = match[2]!
      .split('--')[0]!
      .split(/[\s,]+/)
      .filter((name) => name !== '');
    const span = { source, start, end: start + text.trimEnd().length };
    if (match[1]) return [{ rules, span, line: null }];
    let line = positionAt(source, start).line;
    if (standsAlone(source, start)) while (lines.has(line)) line++;
    return [{ rules, span, line }];
  });
}

function standsAlone(source: Source, start: number): boolean {
  return source.text.slice(start - positionAt(source, start).character, start).trim() === '';
}

const silences = (suppression: Suppression, finding: Finding): boolean =>
  (suppression.rules.length === 0 || suppression.rules.includes(finding.rule)) &&
  (suppression.line === null || suppression.line === positionAt(finding.span.source, finding.span.start).line);

export interface Suppressed {
  readonly kept: readonly Finding[];
  /** Suppressions that silenced nothing, and the rule names in them that do not exist. */
  readonly unused: readonly { readonly suppression: Suppression; readonly unknown: readonly string[] }[];
}

/** Takes the suppressed findings out. Only sources among `sources` are looked at. */
export function suppress(
  findings: readonly Finding[],
  sources: readonly Source[],
  ruleNames: ReadonlySet<string>,
): Suppressed {
  const bySource = new Map(sources.map((source) => [source.path, suppressionsOf(source)]));
  const used = new Set<Suppression>();
  const kept = findings.filter((finding) => {
    const found = bySource.get(finding.span.source.path)?.filter((one) => silences(one, finding)) ?? [];
    for (const one of found) used.add(one);
    return found.length === 0;
  });
  const unused = [...bySource.values()].flat().flatMap((suppression) => {
    const unknown = suppression.rules.filter((name) => !ruleNames.has(name));
    // What it silences may only not be said while its service is broken.
    if (unknown.length === 0 && isBroken(suppression.span.source)) return [];
    return used.has(suppression) && unknown.length === 0 ? [] : [{ suppression, unknown }];
  });
  return { kept, unused };
}

/** Names of services that say of themselves that their data may go: by comment, or by label. */
export function ephemeralServices(analysed: AnalysedProject): Set<string> {
  const names = new Set<string>();
  const marks = new Map<Source, number[]>();
  const marksIn = (source: Source): readonly number[] => {
    let found = marks.get(source);
    if (!found) {
      found = commentsOf(source)
        .filter(({ text }) => EPHEMERAL.test(text))
        .map(({ start }) => start);
      marks.set(source, found);
    }
    return found;
  };
  for (const { service } of analysed.services) {
    if (service.labels.get('persistence.lint/ephemeral') === 'true') names.add(service.name);
    // A unit is one service from its first line to its last.
    if (service.unit?.sources.some((source) => marksIn(source).length > 0)) names.add(service.name);
    for (const { source, key, node } of service.unit ? [] : service.declarations) {
      const starts = marksIn(source);
      if (starts.length === 0) continue;
      const first = positionAt(source, key.start).line - 1;
      const last = positionAt(source, node?.span.end ?? key.end).line;
      const inside = (start: number): boolean => {
        const { line } = positionAt(source, start);
        return line > first
          ? line <= last && (line < last || start <= (node?.span.end ?? key.end) || line === first + 1)
          : line === first && standsAlone(source, start);
      };
      if (starts.some(inside)) names.add(service.name);
    }
  }
  return names;
}

/** The comment that silences `rules` on the next line, or in the file. */
export function suppressionComment(
  rules: readonly string[],
  form: 'line' | 'file',
  indent = '',
  { open, close }: Pick<CommentStyle, 'open' | 'close'> = { open: '# ', close: '' },
): string {
  return `${indent}${open}persistence-ignore${form === 'file' ? '-file' : ''} ${rules.join(', ')}${close}`;
}
