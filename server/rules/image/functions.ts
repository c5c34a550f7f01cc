/** What a shell text runs by way of its own functions, where those are called in any case. */
import type { Command } from '../../syntax/shell.ts';
import { runsAlways } from './flow.ts';
import type { LocatedText } from './texts.ts';

/** Functions that call functions: deeper than this nobody nests them. */
const MAX_DEPTH = 4;

const NAMED = /^[ \t]*(?:function[ \t]+([\w-]+)[ \t]*(?:\([ \t]*\))?|([\w-]+)[ \t]*\([ \t]*\))\s*\{/gm;

/** The text, and the bodies of the functions that are run whenever it is, each as a text of its own. */
export function withFunctions(text: LocatedText, depth = 0): LocatedText[] {
  if (depth >= MAX_DEPTH) return [text];
  const bodies = depth === 0 ? bodiesOf(text) : (known.get(text) ?? new Map());
  const called = [...bodies].filter(([name]) =>
    text.commands.some(({ words }, at) => words[0]?.text === name && runsAlways(text.commands, at)),
  );
  return [
    text,
    ...called.flatMap(([name, commands]) => {
      const body: LocatedText = { ...text, commands };
      known.set(body, new Map([...bodies].filter(([other]) => other !== name)));
      return withFunctions(body, depth + 1);
    }),
  ];
}

type Bodies = ReadonlyMap<string, readonly Command[]>;

const known = new WeakMap<LocatedText, Bodies>();

/** By name; one that is written twice is none. */
function bodiesOf({ text, commands }: LocatedText): Bodies {
  const found = new Map<string, readonly Command[]>();
  const heads = [...text.matchAll(NAMED)].map((match) => ({
    name: (match[1] ?? match[2])!,
    at: match.index + match[0].length,
  }));
  for (const [i, { name, at }] of heads.entries()) {
    const body: Command[] = [];
    for (const command of commands) {
      if (command.start < at) continue;
      if (command.within[0] !== 'function' || command.start > (heads[i + 1]?.at ?? Number.POSITIVE_INFINITY)) break;
      body.push({ ...command, within: command.within.slice(1) });
    }
    if (found.has(name)) found.set(name, []);
    else found.set(name, body);
  }
  return found;
}
