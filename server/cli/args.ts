/** Command line arguments, checked: every fault names the word that is wrong. */
import { parseArgs } from 'node:util';
import { didYouMean } from './suggest.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly choices?: readonly string[];
  readonly default?: string;
}

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { multiple: true }
    ? readonly string[]
    : O extends { choices: readonly (infer C)[]; default: string }
      ? C
      : string | undefined;

export interface Arguments<S extends Readonly<Record<string, Option>>> {
  readonly values: { readonly [K in keyof S]: ValueOf<S[K]> };
  readonly positionals: readonly string[];
}

/** Wrong use: printed with a pointer to the help, exit code 2. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parse<const S extends Readonly<Record<string, Option>>>(
  argv: readonly string[],
  spec: S,
): Arguments<S> {
  const options: Readonly<Record<string, Option>> = spec;
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    // Not strict: Node's own messages do not say what was meant instead.
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        { type: option.type, ...(option.short ? { short: option.short } : {}) },
      ]),
    ),
  });
  const values: Record<string, string | boolean | string[] | undefined> = {};
  for (const [name, option] of Object.entries(options)) {
    values[name] = option.type === 'boolean' ? false : option.multiple ? [] : option.default;
  }
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) {
      const names = Object.keys(options);
      const hint = token.rawName.startsWith('--') ? didYouMean(token.name, names, '--') : '';
      throw new UsageError(`unknown option ${token.rawName}${hint}`);
    }
    const value = checked(token.rawName, option, token.value, token.inlineValue === true);
    if (option.multiple) (values[token.name] as string[]).push(value as string);
    else values[token.name] = value;
  }
  return { values: values as Arguments<S>['values'], positionals };
}

function checked(name: string, option: Option, value: string | undefined, inline: boolean): string | boolean {
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${name} takes no value`);
    return true;
  }
  if (value === undefined || (!inline && value.length > 1 && value.startsWith('-'))) {
    throw new UsageError(`${name} needs a value`);
  }
  if (option.choices && !option.choices.includes(value)) {
    throw new UsageError(
      `${name} ${value}: expected one of ${option.choices.join(', ')}${didYouMean(value, option.choices)}`,
    );
  }
  return value;
}
