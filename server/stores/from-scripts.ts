/** Databases that a container's shell scripts fill with the program `sqlite3`. */
import * as path from 'node:path';
import { type Command, readShell, type Word } from '../syntax/shell.ts';
import { type Source, spanOf } from '../syntax/source.ts';
import { behindInit } from './server-words.ts';
import type { PathExpression, SourceStore } from './source/model.ts';

export interface Scripts {
  /** The words that run. */
  readonly argv: readonly string[];
  /** Container path -> absolute path on the host. */
  readonly placement: ReadonlyMap<string, string>;
  readonly workdir: string | null;
  /** Files that may be scripts, read. */
  readonly sources: readonly Source[];
}

/** Scripts that call scripts: deeper than this nobody nests them. */
const MAX_DEPTH = 4;
const SHELL = /^(?:sh|bash|ash|dash|ksh|zsh)$/;
const FOLDERS = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/** They take the next word for themselves. */
const VALUED = /^--?(?:cmd|init|separator|newline|nullvalue|vfs|mmap|maxsize|heap|lookaside|pagecache)$/;

const WRITES =
  /\b(?:CREATE\s+(?:\w+\s+){0,2}TABLE|(?:INSERT|REPLACE)\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+[^\s;]+\s+SET|DELETE\s+FROM|ALTER\s+TABLE)\b|^\s*\.(?:read|import|restore)\b/im;

/** Programs that end at once: a script of nothing else prepares something, and the container ends with it. */
const ENDS =
  /^(?:sqlite3|:|true|\[|\[\[|test|echo|printf|mkdir|chmod|chown|cp|mv|rm|ln|touch|cat|set|cd|exit|export|apk|apt|apt-get|tar|gzip|date|ls|sleep)$/;

interface Script {
  readonly source: Source;
  /** In the container. */
  readonly at: string;
  readonly commands: readonly Command[];
}

/** Those that the container runs, as long as it runs: what is only prepared or looked at is no store of theirs. */
export function openedByScripts(scripts: Scripts): SourceStore[] {
  const found = new Map<string, Script>();
  follow(scripts.argv, scripts, found, 0);
  const all = [...found.values()];
  const lasts = all.some(
    ({ source, commands }) =>
      /\b(?:while|until)\b/.test(source.text) || commands.some(({ words }) => words[0] && !ENDS.test(nameOf(words[0]))),
  );
  return lasts ? all.flatMap(openedIn) : [];
}

const nameOf = ({ text }: Pick<Word, 'text'>): string => path.posix.basename(text);

/** The scripts that the words lead to, by where they stand. */
function follow(all: readonly string[], scripts: Scripts, found: Map<string, Script>, depth: number): void {
  const words = behindInit(all.map((text) => ({ text, from: 'command', open: false, shell: false }) as const));
  const [first, ...rest] = words.map(({ text }) => text);
  if (first === undefined || depth > MAX_DEPTH) return;
  const shell = SHELL.test(path.posix.basename(first));
  const at = shell ? rest.findIndex((word) => !/^[-+]/.test(word)) : -1;
  if (shell && at < 0) return;
  const handed = shell ? rest.slice(at + 1) : rest;
  const sourced = first === '.' || first === 'source';
  const named = shell ? rest[at]! : sourced ? (rest[0] ?? '') : first;
  const isText = shell && rest.slice(0, at).some((word) => /^-\w*c$/.test(word));
  if (isText) {
    through(readShell(named).commands, handed.slice(1), scripts, found, depth);
    return;
  }
  for (const place of placesOf(named, shell || sourced, scripts)) {
    const script = scriptAt(place, scripts);
    if (!script || found.has(place)) continue;
    found.set(place, script);
    through(script.commands, handed, scripts, found, depth);
  }
}

function through(
  commands: readonly Command[],
  handed: readonly string[],
  scripts: Scripts,
  found: Map<string, Script>,
  depth: number,
): void {
  for (const { words } of commands)
    follow(
      words.flatMap(({ text }) => (/^\$\{?[@*]\}?$/.test(text) ? handed : [text])),
      scripts,
      found,
      depth + 1,
    );
}

/** A program is looked for by its name where programs stand, a script that a shell is told where the shell is. */
function placesOf(named: string, isFile: boolean, { workdir }: Scripts): string[] {
  if (named === '' || /[$`]/.test(named)) return [];
  if (named.startsWith('/')) return [path.posix.normalize(named)];
  if (!isFile && !named.includes('/')) return FOLDERS.map((folder) => `${folder}/${named}`);
  return workdir === null ? [] : [path.posix.resolve(workdir, named)];
}

function scriptAt(at: string, { placement, sources }: Scripts): Script | null {
  const host = placement.get(at);
  const source = host === undefined ? undefined : sources.find((one) => one.path === host);
  if (!source) return null;
  const by = /^#![ \t]*(?:\/usr\/bin\/env[ \t]+(?:-S[ \t]+)?)?(\S+)/.exec(source.text)?.[1];
  if (by === undefined ? !/\.(?:sh|bash)$/.test(at) : !SHELL.test(path.posix.basename(by))) return null;
  const { commands, whole } = readShell(source.text);
  return whole ? { source, at, commands } : null;
}

function openedIn(script: Script): SourceStore[] {
  const { source, at, commands } = script;
  return commands.flatMap((command, i): SourceStore[] => {
    const [program, ...rest] = command.words;
    if (!program || nameOf(program) !== 'sqlite3') return [];
    const opened = argumentsOf(rest);
    if (!opened || !writes(command, commands[i - 1])) return [];
    const file = fileIn(opened, source.text);
    const base = /^[$/]/.test(opened.text) ? undefined : enteredBefore(commands.slice(0, i), at);
    if (!file || base === null) return [];
    return [
      {
        technology: 'sqlite',
        constructor_: 'sqlite3',
        path: file,
        form: 'file',
        ...(base ? { base } : {}),
        readOnly: false,
        span: spanOf(source, command.start, command.end),
        pathSpan: spanOf(source, opened.start, opened.end),
        via: [],
        file: source.path,
      },
    ];
  });
}

/** The database behind the options; null where there is none, or it is opened for reading. */
function argumentsOf(words: readonly Word[]): Word | null {
  for (let i = 0; i < words.length; i++) {
    const { text } = words[i]!;
    if (/^--?readonly$/.test(text)) return null;
    if (VALUED.test(text)) i++;
    else if (!text.startsWith('-')) return text.startsWith('file:') ? null : words[i]!;
  }
  return null;
}

/** By its words, by what it reads from a file, or by what is piped into it. */
function writes({ words, redirections, before }: Command, last: Command | undefined): boolean {
  if (words.some(({ text }) => /^--?readonly$/.test(text))) return false;
  const told = [...words.map(({ text }) => text), ...redirections.map(({ body }) => body ?? '')];
  if (told.some((text) => WRITES.test(text))) return true;
  if (redirections.some(({ sign, target }) => sign === '<' && target.text !== '/dev/null')) return true;
  if (before !== '|' || !last) return false;
  const piped = last.words.map(({ text }) => text);
  return /^(?:z?cat|gunzip|envsubst)$/.test(path.posix.basename(piped[0] ?? '')) || WRITES.test(piped.join(' '));
}

/** Undefined: the working directory; null: a folder that nobody tells. */
function enteredBefore(commands: readonly Command[], at: string): PathExpression | null | undefined {
  const entered = commands.filter(({ words: [first] }) => first && /^(?:cd|pushd|popd)$/.test(first.text));
  if (entered.length === 0) return undefined;
  const to = entered.length === 1 ? entered[0]!.words[1]?.text : undefined;
  if (to === undefined) return null;
  if (/^\$\(dirname "?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?"?\)$/.test(to))
    return { kind: 'literal', value: path.posix.dirname(at) };
  return to.startsWith('/') && !/[$`]/.test(to) ? { kind: 'literal', value: to } : null;
}

/** With the variables in it that the script sets itself, or that the container is given. */
function fileIn({ text, open }: Word, script: string): PathExpression | null {
  return open || /[$`]/.test(text) ? expressionIn(text, script, []) : { kind: 'literal', value: text };
}

const PIECE = /\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)|[^$`]+|[$`]/g;

function expressionIn(text: string, script: string, open: readonly string[]): PathExpression | null {
  const parts: PathExpression[] = [];
  for (const [piece, braced, fallback, bare] of text.matchAll(PIECE)) {
    const name = braced ?? bare;
    const part = name === undefined ? literal(piece) : variable(name, fallback, script, open);
    if (!part) return null;
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : { kind: 'concat', parts };
}

const literal = (text: string): PathExpression | null => (/[$`]/.test(text) ? null : { kind: 'literal', value: text });

/** Null where the script makes it of something else, or in more ways than one. */
function variable(
  name: string,
  fallback: string | undefined,
  script: string,
  open: readonly string[],
): PathExpression | null {
  if (/^\d/.test(name)) return null;
  const set = [...script.matchAll(assignments(name))].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  const texts = new Set(set);
  if (texts.size > 1 || isTaken(name, script)) return null;
  const [text] = texts;
  // `DB=${DB:-/data/app.db}` asks the container.
  if (text !== undefined && !open.includes(name)) return expressionIn(text, script, [...open, name]);
  const other = fallback === undefined ? undefined : expressionIn(fallback, script, [...open, name]);
  if (other === null) return null;
  return { kind: 'env', name, ...(other ? { fallback: other } : {}) };
}

const assignments = (name: string): RegExp =>
  new RegExp(
    `(?:^|[;&|{(]|\\b(?:then|else|do)\\b)[ \\t]*(?:(?:export|readonly|local|declare)[ \\t]+(?:-\\w+[ \\t]+)*)?${name}=(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s;&|"']*))`,
    'gm',
  );

/** Read from somewhere, counted through, or changed on the way. */
const isTaken = (name: string, script: string): boolean =>
  new RegExp(`\\b(?:for|read(?:[ \\t]+-\\w+)*|getopts[ \\t]+\\S+)[ \\t]+${name}\\b|\\b${name}\\+=`).test(script);
