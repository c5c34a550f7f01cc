/** Groovy, as far as pipelines of Jenkins need it: its words, texts and signs, each with its place. */

export interface Token {
  readonly kind: 'word' | 'text' | 'sign';
  /** Of a text what stands between its quotes, as it is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of a text in double quotes: `$name` and `${...}` are Groovy's. */
  readonly expands?: boolean;
}

const TOKENS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'''((?:\\[\s\S]|[^\\])*?)'''|"""((?:\\[\s\S]|[^\\])*?)"""|'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|([A-Za-z_][\w]*)|([^\s\w])/g;

export function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKENS)) {
    const [whole, block, wideBlock, line, wideLine, word, sign] = match;
    const written = block ?? wideBlock ?? line ?? wideLine;
    const at = { start: match.index, end: match.index + whole.length };
    if (written !== undefined) {
      const quotes = (whole.length - written.length) / 2;
      const expands = wideBlock !== undefined || wideLine !== undefined;
      const inside = { start: at.start + quotes, end: at.end - quotes };
      yield { kind: 'text', text: written, ...inside, ...(expands ? { expands } : {}) };
    } else if (word !== undefined) yield { kind: 'word', text: word, ...at };
    else if (sign !== undefined) yield { kind: 'sign', text: sign, ...at };
  }
}

/** `\$` is left for the shell. */
export const GROOVY_PARTS = /\\(\r?\n|[\s\S])|\$\{(?:env\.|params\.)?(\w+)\}|\$\{[^}]*\}|\$([A-Za-z_]\w*)(?:\.\w+)*/g;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '' };

/** What stands for one part; null where it is the shell's. */
export function groovyPart(
  [whole, escaped, braced, bare]: RegExpMatchArray,
  expands: boolean | undefined,
  known: (name: string) => string,
): string | null {
  if (escaped !== undefined) return ESCAPES[escaped] ?? (/\n/.test(escaped) ? '' : escaped);
  return expands ? known(braced ?? (bare === whole.slice(1) ? bare : '')) : null;
}

/** The index of the text of `sh '...'`, `sh('...')` or `sh(label: '...', script: '...')`; `from` is behind `sh`. */
export function commandAt(tokens: readonly Token[], from: number): number | undefined {
  let at = tokens[from]?.text === '(' ? from + 1 : from;
  if (tokens[at]?.kind === 'text') return at;
  for (; tokens[at]?.kind === 'word' && tokens[at + 1]?.text === ':'; at += 4) {
    if (tokens[at]!.text === 'script') return tokens[at + 2]?.kind === 'text' ? at + 2 : undefined;
    if (tokens[at + 3]?.text !== ',') return undefined;
  }
  return undefined;
}
