/** Words added to a `command:`. */
import * as path from 'node:path';
import type { Edit } from '../rules/rule.ts';
import { shellWords } from '../syntax/shell-words.ts';
import type { Source } from '../syntax/source.ts';
import type { Entry, MapNode, Node, ScalarNode } from '../syntax/tree.ts';
import { insertAt } from './edits.ts';
import { inFlow, isBroken, isShared } from './layout.ts';
import { lineStart, trimLineEnd } from './lines.ts';
import { addListItems } from './list.ts';
import { isEditable } from './places.ts';
import { insideDouble, insideSingle, quoteOf, staysPlain } from './quoting.ts';

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'busybox']);

/**
 * Appends words to the command in `entry` of `owner`, each as the program is to see it. Null where that is not certain to
 * reach the program: a shell runs the command (also through `entrypoint:`), it is empty, is a variable, is cut short or
 * refused by Compose, an alias or an anchor shares it, or the text around is broken.
 */
export function setCommandFlags(entry: Entry, owner: MapNode, insertWords: readonly string[]): Edit[] | null {
  const { source } = entry.key.span;
  const { value } = entry;
  if (
    insertWords.length === 0 ||
    entry.inherited ||
    entry.alias ||
    value.tag === '!reset' ||
    !isEditable(source, owner)
  )
    return null;
  if (isShared(source, value.span.start, value.span.end) || isBroken(source, entry.key.span.start, value.span.end))
    return null;
  const words = wordsOf(value);
  const entrypoint = owner.entries.get('entrypoint')?.value;
  if (!words || words.length === 0 || runsShell(words)) return null;
  if (entrypoint && runsShell(wordsOf(entrypoint) ?? ['sh'])) return null;
  const literal = insertWords.map((word) => word.replaceAll('$', '$$$$'));
  if (value.kind === 'seq') return addListItems(owner, entry.key.text, literal, source);
  return value.kind === 'scalar' ? appendText(source, value, literal.map(shellQuoted).join(' ')) : null;
}

/** Null where it cannot be told what the words are. */
function wordsOf(node: Node): string[] | null {
  if (node.kind === 'map') return null;
  if (node.kind === 'seq') {
    const scalars = node.items.map((item) => item.value).filter((item) => item.kind === 'scalar');
    return scalars.length === node.items.length ? scalars.map((scalar) => scalar.text) : null;
  }
  if (typeof node.value !== 'string') return node.value === null ? [] : null;
  const { words, error } = shellWords(node.text);
  const cut = (words[words.length - 1]?.end ?? 0) < node.text.trimEnd().length;
  return error || cut || /[`#]|\$\(/.test(node.text) ? null : words.map((word) => word.value);
}

/** Also where the first word is a variable, which may be a shell, or nothing. */
const runsShell = (words: readonly string[]): boolean =>
  words[0]?.startsWith('$') === true || words.some((word) => SHELLS.has(path.posix.basename(word)));

function shellQuoted(word: string): string {
  return /^[\w@%+=:,./${}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

function appendText(source: Source, scalar: ScalarNode, words: string): Edit[] | null {
  const { start, end } = scalar.span;
  const { text } = source;
  const quote = quoteOf(scalar);
  if (quote) return [insertAt(source, end - 1, ` ${quote === '"' ? insideDouble(words) : insideSingle(words)}`)];
  if (text[start] === '|' || text[start] === '>') return appendToBlock(source, start, end, words);
  if (!staysPlain(`${scalar.text} ${words}`, inFlow(source, start))) return null;
  return [insertAt(source, end, ` ${words}`)];
}

/** On the last line with text; in a folded scalar of several lines on a line of its own. */
function appendToBlock(source: Source, start: number, end: number, words: string): Edit[] | null {
  const { text } = source;
  const header = text.indexOf('\n', start);
  if (header < 0) return null;
  const content = text.slice(header + 1, end).trimEnd();
  const at = header + 1 + content.length;
  if (content === '' || content.endsWith('\\')) return null;
  const line = lineStart(text, at);
  if (text[start] === '|' || line === header + 1) return [insertAt(source, at, ` ${words}`)];
  const pad = /^ */.exec(text.slice(line))![0];
  const eol = text.slice(trimLineEnd(text, line), line);
  return [insertAt(source, at, eol + pad + words)];
}
