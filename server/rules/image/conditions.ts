/** Under which conditions a command of a shell text stands: those of the `if`s around it, and of the list before it. */
import type { Command } from '../../syntax/shell.ts';

/** The commands `from` to before `to` decide; `denied`: it is run where they fail. */
export interface Condition {
  readonly from: number;
  readonly to: number;
  readonly denied: boolean;
}

export interface Conditions {
  /** Null where something else stands around it: a loop, a `case`, a function. */
  of(at: number): readonly Condition[] | null;
  /** `! command` */
  isDenied(at: number): boolean;
}

interface Frame {
  past: Condition[];
  current: { from: number; to: number } | null;
  deciding: boolean;
}

const KEYWORDS = /(?<![\w$./-])(?:if|then|elif|else|fi)(?![\w./-])|!/g;

/** What stands between two commands, without comments and here-documents. */
function gapBefore(text: string, commands: readonly Command[], at: number): string {
  const before = commands[at - 1];
  const gap = text.slice(before?.end ?? 0, commands[at]!.start).replace(/(^|\s)#[^\n]*/g, '$1');
  const bodies = before?.redirections.flatMap(({ body }) => body ?? []) ?? [];
  return bodies.reduce((rest, body) => rest.replace(body, () => ''), gap);
}

export function conditionsIn(text: string, commands: readonly Command[]): Conditions {
  const frames: Frame[] = [];
  const denied = new Set<number>();
  const found: (readonly Condition[] | null)[] = [];
  for (const [at, { within }] of commands.entries()) {
    for (const [word] of gapBefore(text, commands, at).matchAll(KEYWORDS)) {
      if (word === '!') denied.add(at);
      else step(frames, word, at);
    }
    const isPlain = within.every((block) => block === 'if' || block === 'group');
    const agrees = within.filter((block) => block === 'if').length === frames.length;
    found.push(isPlain && agrees ? frames.flatMap(conditionsOf) : null);
  }
  return { of: (at) => found[at] ?? null, isDenied: (at) => denied.has(at) };
}

function step(frames: Frame[], word: string, at: number): void {
  const top = frames.at(-1);
  if (word === 'if') frames.push({ past: [], current: { from: at, to: at }, deciding: true });
  else if (word === 'fi') frames.pop();
  else if (!top) return;
  else if (word === 'then') {
    if (top.current) top.current.to = at;
    top.deciding = false;
  } else {
    if (top.current) top.past.push({ ...top.current, denied: true });
    top.current = word === 'elif' ? { from: at, to: at } : null;
    top.deciding = word === 'elif';
  }
}

const conditionsOf = ({ past, current, deciding }: Frame): Condition[] => [
  ...past,
  ...(current && !deciding ? [{ ...current, denied: false }] : []),
];
