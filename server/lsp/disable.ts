/** Edits that switch a rule off by a comment, for a line or for a file. Null where no comment can stand. */
import type { Edit, Finding } from '../rules/rule.ts';
import { type CommentStyle, commentStyle } from '../syntax/comments.ts';
import { eolOf, linesOf, lineText, rangeOf, type Source } from '../syntax/source.ts';
import type { Node } from '../syntax/tree.ts';
import { parseYaml } from '../syntax/yaml.ts';
import type { Engine } from './engine.ts';
import { placeOf } from './place.ts';
import { baseName } from './uris.ts';

const YAML = /\.ya?ml$/i;
const DOCKERFILE = /(^|\.)(docker|container)file($|\.)/i;
const MARKDOWN = /\.(md|markdown)$/i;

export function disableOnLine(engine: Engine, finding: Finding): Edit[] | null {
  const span = placeOf(finding.span);
  const { source } = span;
  const { line } = rangeOf(span).start;
  const start = linesOf(source)[line] ?? 0;
  const style = lineStyle(source);
  if (!style || isInsideText(source, start) || continues(source, line)) return null;
  const indent = /^[ \t]*/.exec(lineText(source, line))?.[0] ?? '';
  return [insertion(source, start, engine.suppressionComment([finding.rule], 'line', indent, style))];
}

export function disableInFile(engine: Engine, finding: Finding): Edit[] | null {
  const { source } = placeOf(finding.span);
  const style = commentStyle(source.path);
  if (!style) return null;
  return [insertion(source, startOf(source), engine.suppressionComment([finding.rule], 'file', '', style))];
}

/** What a README says that we look at stands in its code blocks. */
const lineStyle = (source: Source): CommentStyle | null =>
  MARKDOWN.test(source.path) ? { open: '# ', close: '', trailing: true } : commentStyle(source.path);

/** Only Dockerfiles take comments in the middle of a command. */
const continues = (source: Source, line: number): boolean =>
  line > 0 && !DOCKERFILE.test(baseName(source.path)) && /\\\s*$/.test(lineText(source, line - 1));

const insertion = (source: Source, at: number, comment: string): Edit => ({
  source,
  start: at,
  end: at,
  newText: comment + eolOf(source),
});

/** Parser directives (`# syntax=...`) of a Dockerfile and the first line of a script count only where they are. */
function startOf(source: Source): number {
  if (YAML.test(source.path)) return source.text.startsWith('\ufeff') ? 1 : 0;
  const starts = linesOf(source);
  let line = lineText(source, 0).startsWith('#!') ? 1 : 0;
  while (DOCKERFILE.test(baseName(source.path)) && /^#\s*\w+\s*=/.test(lineText(source, line))) line++;
  return starts[line] ?? source.text.length;
}

/** A comment in the middle of a text that runs over several lines would become part of it. */
function isInsideText(source: Source, offset: number): boolean {
  if (!YAML.test(source.path)) return false;
  const { root } = parseYaml(source);
  return root !== null && cutsText(root, offset, new Set());
}

function cutsText(node: Node, offset: number, seen: Set<Node>): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  if (node.kind === 'scalar') return node.span.start < offset && offset < node.span.end;
  const children =
    node.kind === 'map'
      ? [...node.entries.values()].flatMap((entry) => [entry.key, entry.value])
      : node.items.map((item) => item.value);
  return children.some((child) => cutsText(child, offset, seen));
}
