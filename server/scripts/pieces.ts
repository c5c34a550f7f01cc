/** What stands around the words of a command: assignments, redirections, comments, folders and questions. */
import type { Mapped } from './mapped.ts';
import { type Assignment, type Redirect, TURN, type Values, type Word } from './model.ts';
import type { ShellNode } from './tree.ts';
import { type MappedWord, type Variables, wordOf } from './words.ts';

/** What a text changes as it is run. */
export interface Shell {
  readonly text: Mapped;
  readonly variables: Variables;
  readonly comments: ReadonlyMap<number, ShellNode>;
  readonly lines: readonly number[];
  folder: string | null;
}

export const written = (node: ShellNode, shell: Shell): string => shell.text.text.slice(node.start, node.end);

export function collect(node: ShellNode, type: string, into: ShellNode[]): void {
  if (node.type === type) into.push(node);
  else for (const child of node.children) collect(child, type, into);
}

export function collectSubstitutions(node: ShellNode, into: ShellNode[]): void {
  if (node.type === 'command_substitution' || node.type === 'process_substitution') into.push(node);
  else for (const child of node.children) collectSubstitutions(child, into);
}

export function redirectNodes(node: ShellNode, into: ShellNode[]): void {
  if (!/redirect$/.test(node.type)) return;
  into.push(node);
  for (const child of node.children) redirectNodes(child, into);
}

export const nextStart = (node: ShellNode, child: ShellNode): number =>
  node.children[node.children.indexOf(child) + 1]?.start ?? child.end;

/** A here-document belongs to no line of the command. */
export function withoutBody(whole: ShellNode, to: number): number {
  const here: ShellNode[] = [];
  collect(whole, 'heredoc_start', here);
  return here[0] ? here[0].end : to;
}

export function assignmentOf(node: ShellNode, shell: Shell): Assignment | null {
  const name = node.children.find(({ type }) => type === 'variable_name');
  const value = node.children.findLast((child) => child.named && child !== name);
  if (!name) return null;
  const empty = { text: '', told: true, span: shell.text.span(node.end, node.end) };
  if (value?.type === 'array') {
    const text = value.children.filter(({ named }) => named).map((one) => wordOf(one, shell.text, shell.variables));
    const told = text.every((one) => one.told);
    return {
      name: written(name, shell),
      value: { text: text.map((one) => one.text).join(' '), told, span: shell.text.span(value.start, value.end) },
    };
  }
  return { name: written(name, shell), value: value ? wordOf(value, shell.text, shell.variables) : empty };
}

/** A loop over more goes through no services. */
const MAX_TURNS = 50;

const EXPANSION = /^\$\{?(\w+)\}?$|^"?\$\{(\w+)\[[@*]\]\}"?$/;

/** One word, or several where a variable that stands alone holds several. */
export function wordsOf(node: ShellNode, shell: Shell): MappedWord[] {
  const word = wordOf(node, shell.text, shell.variables);
  const match = EXPANSION.exec(written(node, shell));
  if (!match) return [word];
  const name = match[1] ?? match[2] ?? '';
  const value = shell.variables.get(name);
  if (value === undefined || value.each) return [word];
  const parts = value.text.split(/\s+/).filter((part) => part !== '');
  const { span, mapped } = word;
  return parts.map((text) => ({ text, told: value.told, span, mapped: mapped.slice(0, 0) }));
}

/** What a word stands for that is one list and nothing else: `$(docker volume ls -q)`, and a variable that holds it. */
export const listOf = ({ each }: Pick<Word, 'each'>): Values | undefined =>
  each?.template === TURN ? each.values : undefined;

/** What a loop goes through. Where a word cannot be told, the others are still among them. */
export function turnsOf(words: readonly MappedWord[]): Values | undefined {
  const [first, ...rest] = words;
  const list = first && rest.length === 0 ? listOf(first) : undefined;
  if (list) return list;
  const told = words.filter((word) => word.told).map(({ text }) => text);
  return told.length > 0 && told.length <= MAX_TURNS ? told : undefined;
}

export function redirectOf(node: ShellNode, shell: Shell): Redirect {
  const operator = node.children.find(({ named, type }) => !named && /[<>]/.test(type));
  const fd = node.children.find(({ type }) => type === 'file_descriptor');
  const target =
    node.type === 'heredoc_redirect' ? undefined : node.children.findLast((child) => child.named && child !== fd);
  return {
    op: operator?.type ?? (node.type === 'herestring_redirect' ? '<<<' : '<<'),
    target: target ? wordOf(target, shell.text, shell.variables) : null,
    fd: fd ? Number(written(fd, shell)) : null,
  };
}

export function enter(folder: string | null, to: MappedWord | undefined): string | null {
  if (!to?.told || /^[~-]/.test(to.text)) return null;
  if (to.text.startsWith('/')) return to.text;
  if (folder === null) return null;
  return folder === '' || folder === '.' ? to.text : `${folder}/${to.text}`;
}

/** Someone has to answer before the script goes on. */
export function asks([first, ...rest]: readonly MappedWord[]): boolean {
  const name = first?.text ?? '';
  if (name === 'read') return !rest.some(({ text }) => /^-[a-z]*[ua]$/.test(text)) && rest.length > 0;
  if (name === 'select' || name === 'dialog' || name === 'whiptail') return true;
  return (name === 'gum' && rest[0]?.text === 'confirm') || /(^|[-_./])(confirm|are_you_sure|ask_yes_no)/i.test(name);
}

/** The comment lines right above, and one behind it on its line. */
export function commentsAt({ text, comments, lines }: Shell, from: number, to: number): string[] {
  const clean = (node: ShellNode): string =>
    text.text
      .slice(node.start, node.end)
      .replace(/^#+!?\s?/, '')
      .trim();
  const above: string[] = [];
  for (let line = lineAt(lines, from) - 1; line >= 0; line--) {
    const node = comments.get(line);
    if (!node || text.text.slice(lines[line]!, node.start).trim() !== '') break;
    above.unshift(clean(node));
  }
  const behind = comments.get(lineAt(lines, to));
  return behind && behind.start >= to ? [...above, clean(behind)] : above;
}

export function lineAt(lines: readonly number[], offset: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
