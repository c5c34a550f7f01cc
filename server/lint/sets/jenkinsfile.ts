/** The shell text in Jenkins pipelines, which are written in Groovy. */
import type { Source } from '../../syntax/source.ts';
import type { Script } from './script-texts.ts';
import { UNKNOWN } from './shell-marks.ts';

interface Token {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
  /** Of a text in double quotes: `$name` and `${...}` are Groovy's. */
  readonly expands?: boolean;
}

const TOKENS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'''((?:\\[\s\S]|[^\\])*?)'''|"""((?:\\[\s\S]|[^\\])*?)"""|'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|([A-Za-z_][\w]*)|([^\s\w])/g;

function* tokensOf(text: string): Generator<Token> {
  for (const [, block, wideBlock, line, wideLine, word, sign] of text.matchAll(TOKENS)) {
    const single = block ?? line;
    const double = wideBlock ?? wideLine;
    if (single !== undefined) yield { kind: 'text', text: single };
    else if (double !== undefined) yield { kind: 'text', text: double, expands: true };
    else if (word !== undefined) yield { kind: 'word', text: word };
    else if (sign !== undefined) yield { kind: 'sign', text: sign };
  }
}

/** What Groovy makes of a text; `\$` is left for the shell. */
function textOf({ text, expands }: Token, variables: ReadonlyMap<string, string>): string {
  const known = (name: string): string => variables.get(name) ?? UNKNOWN;
  return text.replace(
    /\\(\r?\n|[\s\S])|\$\{(?:env\.)?(\w+)\}|\$\{[^}]*\}|\$([A-Za-z_]\w*)(?:\.\w+)*/g,
    (whole, escaped: string | undefined, braced: string | undefined, bare: string | undefined) => {
      if (escaped !== undefined) return ESCAPES[escaped] ?? (/\n/.test(escaped) ? '' : escaped);
      if (!expands) return whole;
      return known(braced ?? (bare === whole.slice(1) ? bare : ''));
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '' };

/** Each `sh` step has a shell of its own, which starts in the workspace or in the `dir` around it. */
export function jenkinsfile({ text }: Source): Script[] {
  const tokens = [...tokensOf(text)];
  const variables = new Map<string, string>();
  const scripts: Script[] = [];
  const open: (string | undefined)[] = [];
  let entered: string | undefined;
  tokens.forEach((token, at) => {
    const [next, after, last] = tokens.slice(at + 1, at + 4);
    if (token.kind === 'sign' && token.text === '{') {
      open.push(entered);
      entered = undefined;
    } else if (token.kind === 'sign' && token.text === '}') open.pop();
    else if (token.kind !== 'word') return;
    else if (next?.text === '=' && next.kind === 'sign' && after?.kind === 'text')
      variables.set(token.text, textOf(after, variables));
    else if (token.text === 'dir' && next?.text === '(' && after?.kind === 'text' && last?.text === ')')
      entered = textOf(after, variables);
    else if (token.text === 'sh') {
      const found = commandAt(tokens, at + 1);
      if (found === undefined) return;
      const folder = open.filter((one) => one !== undefined).join('/');
      // Something is added to it behind the text.
      const rest = tokens[found + 1]?.text === '+' ? ` ${UNKNOWN}` : '';
      scripts.push({
        text: `${textOf(tokens[found]!, variables)}${rest}`,
        variables: new Map([...variables].filter(([name]) => name.startsWith('COMPOSE_'))),
        ...(folder === '' ? {} : { folder }),
      });
    }
  });
  return scripts;
}

/** The text of `sh '...'`, `sh('...')` or `sh(label: '...', script: '...')`. */
function commandAt(tokens: readonly Token[], from: number): number | undefined {
  let at = tokens[from]?.text === '(' ? from + 1 : from;
  if (tokens[at]?.kind === 'text') return at;
  for (; tokens[at]?.kind === 'word' && tokens[at + 1]?.text === ':'; at += 4) {
    if (tokens[at]!.text === 'script') return tokens[at + 2]?.kind === 'text' ? at + 2 : undefined;
    if (tokens[at + 3]?.text !== ',') return undefined;
  }
  return undefined;
}
