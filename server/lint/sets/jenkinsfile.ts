/** The shell text in Jenkins pipelines, which are written in Groovy. */
import { commandAt, GROOVY_PARTS, groovyPart, type Token, tokensOf } from '../../scripts/texts/groovy.ts';
import type { Source } from '../../syntax/source.ts';
import type { Script } from './script-texts.ts';
import { UNKNOWN } from './shell-marks.ts';

/** What Groovy makes of a text; `\$` is left for the shell. */
function textOf({ text, expands }: Token, variables: ReadonlyMap<string, string>): string {
  const known = (name: string): string => variables.get(name) ?? UNKNOWN;
  return text.replace(GROOVY_PARTS, (...match) => {
    const parts = match.slice(0, 4) as unknown as RegExpMatchArray;
    return groovyPart(parts, expands, known) ?? parts[0]!;
  });
}

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
