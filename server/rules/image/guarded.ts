/** Whether what stands behind `if [ "$RESET" = true ]` is run, as far as the variables of the container tell. */
import * as path from 'node:path';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Evidence } from '../../survival/words.ts';
import type { Command } from '../../syntax/shell.ts';
import { type Condition, type Conditions, conditionsIn } from './conditions.ts';
import { decides, mayHaveLeft, startOfList } from './flow.ts';
import type { LocatedText } from './texts.ts';

export interface Guard {
  /** `unknown`: nobody can tell what the variable is where the container is started. */
  readonly holds: 'yes' | 'unknown';
  /** The variables that decide, with the value that is known: none where nobody sets it. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  readonly related: readonly Evidence[];
}

/** `open`: a variable of which it is not known what it is set to. `other`: anything that is not known here. */
type Answer = 'yes' | 'no' | 'open' | 'other';

interface At {
  readonly analysed: AnalysedService;
  readonly text: LocatedText;
  readonly conditions: Conditions;
  /** The variables that were asked for. */
  readonly asked: Set<string>;
  /** One of them is set to something; that none is set may be for want of knowing better. */
  sure: boolean;
}

/** Undefined where it is not run, where no variable decides, or where something else does. */
export function guardOf(text: LocatedText, at: number, analysed: AnalysedService): Guard | undefined {
  const { commands } = text;
  const conditions = conditionsIn(text.text, commands);
  const around = conditions.of(at);
  if (!around || mayHaveLeft(commands, at)) return undefined;
  const first = startOfList(commands, at);
  const own = first === at ? [] : [{ from: first, to: at, denied: commands[at]!.before === '||', follows: true }];
  const circumstances: At = { analysed, text, conditions, asked: new Set(), sure: false };
  const answers = [...around, ...own].map((one) => {
    const answer = ofList(one, circumstances);
    return one.denied ? not(answer) : answer;
  });
  const { asked, sure } = circumstances;
  const whole = answers.reduce(and, 'yes');
  if (asked.size === 0 || (whole === 'yes' ? !sure : whole !== 'open')) return undefined;
  const related = [...asked].flatMap((name) => analysed.environment.get(name)?.evidence ?? []);
  const variables = new Map([...asked].map((name) => [name, analysed.environment.get(name)?.value ?? undefined]));
  return { holds: whole === 'yes' ? 'yes' : 'unknown', variables, related };
}

const not = (answer: Answer): Answer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : answer);

function and(a: Answer, b: Answer): Answer {
  if (a === 'no' || b === 'no') return 'no';
  if (a === 'other' || b === 'other') return 'other';
  return a === 'open' || b === 'open' ? 'open' : 'yes';
}

const or = (a: Answer, b: Answer): Answer => not(and(not(a), not(b)));

interface Listed extends Condition {
  /** The command itself stands behind them. */
  readonly follows?: boolean;
}

/** `a && b || c`; of several commands in a row only the last counts, and what the others do is not known. */
function ofList({ from, to, follows }: Listed, at: At): Answer {
  const { commands } = at.text;
  let whole: Answer | undefined;
  for (let i = from; i < to; i++) {
    const command = commands[i]!;
    if (command.after === '|' || command.before === '|') return 'other';
    // What is done before, in one line, mostly works.
    const own = follows && !decides(command) ? 'yes' : ofCommand(command, at);
    const answer = at.conditions.isDenied(i) ? not(own) : own;
    if (whole === undefined) whole = answer;
    else if (command.before === '&&') whole = and(whole, answer);
    else if (command.before === '||') whole = or(whole, answer);
    else return 'other';
  }
  return whole ?? 'other';
}

function ofCommand({ words }: Command, at: At): Answer {
  const texts = words.map(({ text }) => text);
  const [name = '', ...rest] = texts;
  const end = name === '[' ? ']' : name === '[[' ? ']]' : undefined;
  if (end !== undefined) return rest.at(-1) === end ? ofTest(rest.slice(0, -1), at) : 'other';
  if (name === 'test') return ofTest(rest, at);
  if (name === 'echo' || name === 'true' || name === ':') return 'yes';
  if (name === 'false') return 'no';
  // `if $RESET; then`
  if (rest.length > 0 || !name.startsWith('$')) return 'other';
  const value = resolved(name, at);
  return 'open' in value ? value.open : value.text === 'true' ? 'yes' : value.text === 'false' ? 'no' : 'other';
}

function ofTest(words: readonly string[], at: At): Answer {
  const [a, b, c] = words;
  if (a === '!' && words.length > 1) return not(ofTest(words.slice(1), at));
  if (words.length === 1) return notEmpty(a!, at);
  if (words.length === 2) {
    if (a === '-n') return notEmpty(b!, at);
    if (a === '-z') return not(notEmpty(b!, at));
    return /^-[defrsw]$/.test(a!) && isOfData(b!, at) ? 'yes' : 'other';
  }
  if (words.length !== 3 || !/^(?:==?|!=|-eq|-ne)$/.test(b!)) return 'other';
  const [left, right] = [resolved(a!, at), resolved(c!, at)];
  if ('open' in left) return left.open;
  if ('open' in right) return right.open;
  if (/[*?[]/.test(right.text)) return 'other';
  return (left.text === right.text) === (b === '!=' || b === '-ne') ? 'no' : 'yes';
}

function notEmpty(text: string, at: At): Answer {
  const value = resolved(text, at);
  if ('open' in value) return value.open;
  return value.text === '' ? 'no' : 'yes';
}

/** What servers lay down first of all. */
const MARKS = /^(?:PG_VERSION|base|global|ibdata1|mysql|mysql\.ibd|WiredTiger|dump\.rdb|appendonlydir)?$/;

/** Where there is data to lose, it is there. */
const isOfData = (text: string, { analysed: { stores } }: At): boolean =>
  stores.some(({ store }) => {
    if (store.path === null) return false;
    return isWithin(store.path, text) || MARKS.test(path.posix.relative(store.path, text).replace(/\/$/, ''));
  });

type Value = { readonly text: string } | { readonly open: 'open' | 'other' };

const VARIABLE = /\$(?:\{(\w+)(?:(:?[-=])([^}$]*)|(,,|\^\^))?\}|(\w+))|[$`]/g;

function resolved(text: string, at: At, depth = 0): Value {
  let unknown: 'open' | 'other' | undefined;
  const whole = text.replace(VARIABLE, (_, braced, sign, fallback, letters, bare) => {
    const name: string | undefined = braced ?? bare;
    const value: Value = name === undefined || /^\d/.test(name) ? { open: 'other' } : variable(name, at, depth);
    if ('open' in value) {
      unknown = unknown === 'other' ? unknown : value.open;
      return '';
    }
    if (value.text !== '' || fallback) at.sure = true;
    if (sign !== undefined && value.text === '') return fallback;
    return letters === ',,' ? value.text.toLowerCase() : letters === '^^' ? value.text.toUpperCase() : value.text;
  });
  return unknown ? { open: unknown } : { text: whole };
}

/** What the script sets itself counts where it does so once, and before all else; then what the container is given. */
function variable(name: string, at: At, depth: number): Value {
  const { text } = at.text;
  const set = [...text.matchAll(new RegExp(`(?:^|[\\s;&|(])${name}\\+?=`, 'gm'))];
  if (set.length > 0) {
    const own = new RegExp(`^(?:export[ \\t]+)?${name}=("[^"\`]*"|'[^'$\`]*'|[^\\s;&|"'\`()]*)[ \\t]*$`, 'm').exec(
      text,
    );
    if (set.length > 1 || !own || depth > 2) return { open: 'other' };
    return ofItself(name, own[1]!.replace(/^(["'])(.*)\1$/, '$2'), at, depth);
  }
  if (new RegExp(`\\bread[ \\t][^\\n]*\\b${name}\\b`).test(text)) return { open: 'other' };
  const value = given(name, at);
  const fallback = new RegExp(`\\$\\{${name}:?=([^}$\`]*)\\}`).exec(text)?.[1];
  return fallback !== undefined && 'text' in value && value.text === '' ? { text: fallback } : value;
}

/** `RESET=${RESET:-false}` asks for what the container is given. */
function ofItself(name: string, written: string, at: At, depth: number): Value {
  const own = new RegExp(`^\\$\\{?${name}(?::?-([^}$\`]*))?\\}?$`).exec(written);
  if (!own) return resolved(written, at, depth + 1);
  const value = given(name, at);
  return 'text' in value && value.text === '' ? { text: own[1] ?? '' } : value;
}

function given(name: string, { analysed, text, asked }: At): Value {
  const entry = analysed.environment.get(name);
  asked.add(name);
  if (entry)
    return entry.value === null || entry.evidence.confidence === 'memory' ? { open: 'open' } : { text: entry.value };
  if (analysed.service.environmentGaps.length > 0) return { open: 'open' };
  // Files that it reads may set it.
  return text.commands.some(({ words }) => /^(?:\.|source)$/.test(words[0]?.text ?? ''))
    ? { open: 'other' }
    : { text: '' };
}
