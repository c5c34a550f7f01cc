/** What stands around a place in a program, read without a grammar: its blocks, the functions it is in, the texts in it. */
import type { Source } from '../../syntax/source.ts';

export type Tongue = 'script' | 'python' | 'go' | 'csharp';

export interface Frame {
  readonly kind: 'function' | 'condition' | 'plain';
  /** Of a function, where it has one. */
  readonly name: string | null;
  /** What stands before the body: of a function with its decorators. */
  readonly head: string;
  readonly headStart: number;
  readonly start: number;
  readonly end: number;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Outline {
  readonly source: Source;
  readonly tongue: Tongue;
  /** Without comments and the insides of texts, which are blank. */
  readonly code: string;
  /** The insides of texts alone. */
  readonly quoted: string;
  /** Where they stand, with their marks. */
  readonly texts: readonly Range[];
  readonly functions: readonly Frame[];
  /** Outermost first. */
  around(at: number): readonly Frame[];
  /** What stands before it in its own statement. */
  before(at: number): string;
}

const outlines = new WeakMap<Source, Outline | null>();

const TONGUES: readonly (readonly [RegExp, Tongue])[] = [
  [/\.py$/, 'python'],
  [/\.(?:[mc]?[jt]s|[jt]sx)$/, 'script'],
  [/\.go$/, 'go'],
  [/\.cs$/, 'csharp'],
];

/** Larger files are data or generated code. */
const MAX_LENGTH = 300_000;

/** Null for other languages, and where the blocks do not come out even. */
export function outlineOf(source: Source): Outline | null {
  let known = outlines.get(source);
  if (known === undefined) {
    const tongue = TONGUES.find(([ends]) => ends.test(source.path))?.[1];
    known = tongue && source.text.length < MAX_LENGTH ? read(source, tongue) : null;
    outlines.set(source, known);
  }
  return known;
}

function read(source: Source, tongue: Tongue): Outline | null {
  const { code, quoted, texts } = separate(source.text, tongue);
  const frames = tongue === 'python' ? indented(code, source.text) : braced(code, source.text, tongue);
  if (!frames) return null;
  const boundary = tongue === 'python' ? /[\n;:]/ : /[;{}]/;
  return {
    source,
    tongue,
    code,
    quoted,
    texts,
    functions: frames.filter(({ kind }) => kind === 'function'),
    around: (at) => frames.filter(({ start, end }) => start <= at && at < end),
    before: (at) => {
      let from = at;
      while (from > 0 && !boundary.test(code[from - 1]!)) from--;
      return lastLines(code.slice(from, at));
    },
  };
}

/** The line, and the one before where that is a condition without a block: lines may end without a mark. */
function lastLines(text: string): string {
  const lines = text.split('\n').filter((line, i, all) => line.trim() !== '' || i === all.length - 1);
  const [before = '', last = ''] = lines.slice(-2).length > 1 ? lines.slice(-2) : ['', lines[0]];
  return /^\s*(?:\}?\s*else\b|if\b|for\b|while\b)|(?:&&|\|\||\?|=>)\s*$/.test(before) ? `${before} ${last}` : last;
}

interface Separated {
  readonly code: string;
  readonly quoted: string;
  readonly texts: readonly Range[];
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

const COMMENT: Readonly<Record<Tongue, RegExp>> = {
  python: /#[^\n]*/y,
  script: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  go: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  csharp: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|^[ \t]*#\w[^\n]*/my,
};

const TEXT: Readonly<Record<Tongue, RegExp>> = {
  python: /("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y,
  script:
    /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|`(?:\\[\s\S]|\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\}|[^`\\])*`?/y,
  go: /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|`[^`]*`?/y,
  csharp:
    /\$*"""[\s\S]*?(?:"""|$)|(?:\$@|@\$|@)"(?:""|[^"])*"?|\$?"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y,
};

const REGULAR = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;

function separate(text: string, tongue: Tongue): Separated {
  const code: string[] = [];
  const quoted: string[] = [];
  const texts: Range[] = [];
  const sticky = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] || undefined;
  };
  for (let at = 0; at < text.length; ) {
    const comment = sticky(COMMENT[tongue], at);
    const regular = tongue === 'script' && text[at] === '/' && mayBeRegular(text, at) ? sticky(REGULAR, at) : undefined;
    const aside = comment ?? regular;
    if (aside) {
      code.push(blank(aside));
      quoted.push(blank(aside));
      at += aside.length;
      continue;
    }
    const said = sticky(TEXT[tongue], at);
    if (said) {
      code.push(blank(said));
      quoted.push(said);
      texts.push({ start: at, end: at + said.length });
      at += said.length;
      continue;
    }
    code.push(text[at]!);
    quoted.push(text[at] === '\n' ? '\n' : ' ');
    at++;
  }
  return { code: code.join(''), quoted: quoted.join(''), texts };
}

/** A division stands behind a value. */
const mayBeRegular = (text: string, at: number): boolean =>
  /(?:[=(,:;!&|?{}[+\n]|\breturn|\btypeof|=>|^)[ \t]*$/.test(text.slice(Math.max(0, at - 20), at));

/** Blocks in braces; null where they do not come out even. */
function braced(code: string, text: string, tongue: Tongue): Frame[] | null {
  const frames: Frame[] = [];
  const open: { start: number; head: string; headStart: number }[] = [];
  let boundary = 0;
  for (let at = 0; at < code.length; at++) {
    const c = code[at];
    if (c === '{') {
      open.push({ start: at + 1, head: text.slice(boundary, at), headStart: boundary });
      boundary = at + 1;
    } else if (c === '}') {
      const one = open.pop();
      if (!one) return null;
      frames.push({ ...classified(code.slice(one.headStart, one.start - 1), tongue), ...one, end: at });
      boundary = at + 1;
    } else if (c === ';') boundary = at + 1;
  }
  return open.length > 0 ? null : frames.sort((a, b) => a.start - b.start);
}

const CONDITION = /\b(?:if|else|switch|while|for|foreach|catch|select|unless)\b/;
const SCRIPT_FUNCTION =
  /(?:(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^{}]*\)|[\w$]+)\s*(?::[^{}=]+)?=>|\bfunction\b\s*\*?\s*([\w$]+)?[^{}]*|(?:^|[\s.])([\w$]+)\s*(?:=|:)\s*(?:async\s+)?(?:function\b[^{}]*|\([^{}]*\)\s*=>)|=>)\s*$/;
const SCRIPT_METHOD =
  /(?:^|\s)(?:(?:async|static|public|private|protected)\s+)*([\w$]+)\s*(?:<[^<>]*>)?\([^{}]*\)\s*(?::\s*[^{}]+)?$/;

function classified(head: string, tongue: Tongue): Pick<Frame, 'kind' | 'name'> {
  const trimmed = head.trim();
  const condition = { kind: 'condition', name: null } as const;
  const plain = { kind: 'plain', name: null } as const;
  if (tongue === 'go') {
    const named = /\bfunc\s+(?:\([^()]*\)\s*)?(\w+)\s*(?:\[[^\]]*\])?\(/.exec(trimmed)?.[1];
    if (named !== undefined || /\bfunc\s*\(/.test(trimmed)) return { kind: 'function', name: named ?? null };
    return /^(?:\S+:\s*)?(?:if|for|switch|select|else|case)\b/m.test(lastStatement(trimmed)) ? condition : plain;
  }
  const first = lastStatement(trimmed);
  if (/^(?:\w+\s*:\s*)?(?:else\s+)?(?:if|else|switch|while|for|foreach|catch)\b/.test(first)) return condition;
  if (/(?:&&|\|\||\?\??)\s*\(?\s*$/.test(trimmed) || unbalanced(first)) return condition;
  if (tongue === 'csharp') {
    if (/\b(?:class|namespace|interface|struct|record|enum)\s+\w/.test(first)) return plain;
    if (/=>\s*$/.test(trimmed)) return { kind: 'function', name: null };
    if (/^(?:try|finally|do|using|lock|unsafe|checked|await)\b/.test(first)) return plain;
    const named = /(?:^|\s)(\w+)\s*(?:<[^<>]*>)?\s*\([^{}]*\)\s*(?:where\b[^{}]*)?$/.exec(first);
    const isMade = /\bnew\b|[=(,]\s*$/.test(first);
    return named && !isMade && /\s/.test(first) ? { kind: 'function', name: named[1]! } : plain;
  }
  const fn = SCRIPT_FUNCTION.exec(trimmed);
  if (fn) return { kind: 'function', name: fn[1] ?? fn[2] ?? fn[3] ?? null };
  if (/[=([,:]\s*$|\breturn$/.test(trimmed) || /\b(?:class|interface|enum|namespace)\s+\w/.test(first)) return plain;
  const method = SCRIPT_METHOD.exec(trimmed);
  return method && !CONDITION.test(method[1]!) ? { kind: 'function', name: method[1]! } : plain;
}

/** Of lines that end without a mark the last one on which brackets are even. */
function lastStatement(head: string): string {
  const lines = head.split('\n');
  for (let i = lines.length - 1; i >= 0; i--) {
    const text = lines.slice(i).join('\n').trim();
    if (text !== '' && !unbalanced(text)) return text;
  }
  return head;
}

/** More is closed than was opened: what stands before was cut off, as in `for (;;)`. */
function unbalanced(text: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === '(') depth++;
    else if (c === ')' && --depth < 0) return true;
  }
  return false;
}

interface Line {
  readonly start: number;
  readonly indent: number;
  readonly text: string;
}

/** Blocks by indentation. */
function indented(code: string, whole: string): Frame[] {
  const lines: Line[] = [];
  for (let start = 0, depth = 0; start <= code.length; ) {
    const end = code.indexOf('\n', start) < 0 ? code.length : code.indexOf('\n', start);
    const text = code.slice(start, end);
    // What goes on inside brackets begins nothing.
    if (text.trim() !== '' && depth === 0) lines.push({ start, indent: text.length - text.trimStart().length, text });
    for (const c of text) depth += /[([{]/.test(c) ? 1 : /[)\]}]/.test(c) ? -1 : 0;
    depth = Math.max(depth, 0);
    start = end + 1;
  }
  return lines.flatMap((line, i): Frame[] => {
    const opened = /^(?:async\s+)?(def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b/.exec(
      line.text.trim(),
    )?.[1];
    const next = lines[i + 1];
    if (opened === undefined || !next || next.indent <= line.indent) return [];
    const past = lines.findIndex((one, at) => at > i && one.indent <= line.indent);
    let first = i;
    while (first > 0 && lines[first - 1]!.text.trim().startsWith('@') && lines[first - 1]!.indent === line.indent)
      first--;
    const kind = opened === 'def' ? 'function' : /^(?:class|try|finally|with)$/.test(opened) ? 'plain' : 'condition';
    const name = opened === 'def' ? (/\bdef\s+(\w+)/.exec(line.text)?.[1] ?? null) : null;
    const headStart = lines[first]!.start;
    const end = past < 0 ? code.length : lines[past]!.start;
    return [{ kind, name, head: whole.slice(headStart, next.start), headStart, start: next.start, end }];
  });
}
