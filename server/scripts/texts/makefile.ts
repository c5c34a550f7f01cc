import { spanOf } from '../../syntax/source.ts';
import { listingOf } from '../listings.ts';
import { Mapped } from '../mapped.ts';
import { UNKNOWN } from '../model.ts';
import type { Chunk, ChunkReader } from './chunk.ts';
import { type Line, linesIn } from './lines.ts';

/** `$$`, `$(NAME)`, `${NAME}`, `$@` and calls of functions, with one level of brackets inside. */
const EXPANSION = /\$\$|\$[({]([\w.-]+)[)}]|\$\((?:[^()$]|\$?\([^()]*\)|\$)*\)|\$\{[^{}]*\}|\$[@<^?*%+|]/g;
const ASSIGNMENT = /^(?:export[ \t]+|override[ \t]+)*([\w.-]+)[ \t]*(\?|:{1,3}|\+|!)?=[ \t]*(.*?)[ \t]*(?:[ \t]#.*)?$/s;
const RULE = /^([^\s#=:][^=:#]*?)[ \t]*::?(?!=)([^=#;]*)(?:;(.*))?(?:#.*)?$/s;
const MAX_EXPANSIONS = 10;

type Values = ReadonlyMap<string, string>;

function valuesIn(lines: readonly Line[]): Values {
  const values = new Map([
    ['MAKE', 'make'],
    ['CURDIR', '.'],
    ['PWD', '.'],
  ]);
  for (const { text } of lines) {
    const match = text.startsWith('\t') ? null : ASSIGNMENT.exec(text);
    if (!match) continue;
    const [, name = '', how, value = ''] = match;
    const joined = value.replace(/\\\r?\n[ \t]*/g, ' ');
    if (how === '!') values.set(name, UNKNOWN);
    else if (how === '+') values.set(name, `${values.get(name) ?? ''} ${joined}`.trim());
    else if (how !== '?' || !values.has(name)) values.set(name, joined);
  }
  return values;
}

/** Values may name others that are set further down. `$$` is a dollar sign of the shell. */
function expand(text: string, values: Values, depth = 0): string {
  if (depth > MAX_EXPANSIONS) return UNKNOWN;
  return text.replace(EXPANSION, (match, name?: string) => expansion(match, name, values, depth));
}

function expansion(match: string, name: string | undefined, values: Values, depth: number): string {
  if (match === '$$') return '$';
  // What the engine lists is the same whoever asks for it: make beforehand, or the shell.
  const asked = /^\$\(shell\s+(.*)\)$/s.exec(match)?.[1];
  if (asked !== undefined && listingOf(`$(${asked})`)) return `$(${asked})`;
  const value = name === undefined ? undefined : values.get(name);
  return value === undefined ? UNKNOWN : expand(value, values, depth + 1);
}

/** Each line of a recipe has a shell of its own. */
export const makefile: ChunkReader = (source) => {
  const lines = linesIn(source);
  const values = valuesIn(lines);
  const chunks: Chunk[] = [];
  let open: { names: string; line: Line; texts: Mapped[]; after: string[]; comments: string[]; end: number } | null =
    null;
  let comments: string[] = [];
  const close = (): void => {
    if (!open) return;
    const { names, line, texts, after, comments: prose, end } = open;
    if (texts.length > 0)
      chunks.push({ name: names, span: spanOf(source, line.start, end), texts, after, prose: prose.join(' ') });
    open = null;
  };
  const recipe = (from: number, to: number): void => {
    const start = from + (/^[ \t]*[@+-]*[ \t]*/.exec(source.text.slice(from, to))?.[0].length ?? 0);
    if (!open || start >= to) return;
    open.texts.push(
      Mapped.of(source, start, to).replace(EXPANSION, (match) => expansion(match[0], match[1], values, 0)),
    );
    open.end = to;
  };
  for (const line of lines) {
    const { text, start, end } = line;
    if (text.startsWith('\t')) recipe(start + 1, end);
    else if (text.trim() === '') comments = [];
    else if (text.startsWith('#')) comments.push(text.replace(/^#+\s*/, ''));
    else if (!ASSIGNMENT.test(text)) {
      const rule = RULE.exec(text);
      if (!rule) continue;
      close();
      const help = /##\s*(.*)$/.exec(text)?.[1];
      const after = (rule[2] ?? '').split(/\s+/).filter((name) => /^[\w./-]+$/.test(name));
      open = { names: rule[1]!.trim(), line, texts: [], after, comments: help ? [...comments, help] : comments, end };
      comments = [];
      if (rule[3] !== undefined) recipe(start + text.indexOf(';') + 1, end);
    }
  }
  close();
  return chunks;
};
