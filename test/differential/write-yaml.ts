/** Trees to YAML text, in whatever style chance picks. */
import type { Random } from './random.ts';

/** Text that is written as it stands: a scalar in a certain style, an alias, a tagged value on one line. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export const raw = (text: string): Raw => new Raw(text);

export type Value = null | boolean | number | string | Raw | readonly Value[] | { readonly [key: string]: Value };

/** A mapping whose keys are written as they stand, so that merge keys, numbers and duplicates can be had. */
export class Entries {
  readonly list: readonly (readonly [string, Value | Entries])[];
  readonly prefix: string;
  constructor(list: readonly (readonly [string, Value | Entries])[], prefix = '') {
    this.list = list;
    this.prefix = prefix;
  }
}

export function writeYaml(random: Random, value: Value | Entries): string {
  return `${block(random, value, 0).replace(/^\n/, '')}\n`;
}

function block(random: Random, value: Value | Entries, depth: number): string {
  const indent = '  '.repeat(depth);
  if (value instanceof Entries || isMap(value)) {
    const entries =
      value instanceof Entries ? value.list : Object.entries(value).map(([key, one]) => [quotedKey(key), one] as const);
    if (entries.length === 0) return '{}';
    if (depth > 2 && !(value instanceof Entries) && random.chance(0.3)) return flow(random, value);
    const lines = entries.map(([key, one]) => `${indent}${key}:${spaced(block(random, one, depth + 1))}`);
    return `${value instanceof Entries ? value.prefix : ''}\n${lines.join('\n')}`;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (random.chance(0.4)) return flow(random, value);
    return `\n${value.map((one) => `${indent}- ${item(random, one, depth)}`).join('\n')}`;
  }
  return scalar(random, value as null | boolean | number | string | Raw, false);
}

const item = (random: Random, value: Value, depth: number): string =>
  isMap(value) || Array.isArray(value) ? flow(random, value) : block(random, value, depth + 1);

const spaced = (text: string): string =>
  text.startsWith('\n') || text === '' ? text : text.startsWith(' &') ? text : ` ${text}`;

function flow(random: Random, value: Value): string {
  if (Array.isArray(value)) return `[${value.map((one) => flow(random, one)).join(', ')}]`;
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, one]) => `${quotedKey(key)}: ${flow(random, one)}`)
      .join(', ')}}`;
  }
  return scalar(random, value as null | boolean | number | string | Raw, true);
}

const isMap = (value: Value | Entries): value is { readonly [key: string]: Value } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Raw) &&
  !(value instanceof Entries);

const SAFE = /^[A-Za-z./_~$][\w./:${}~+=?-]*$/;
const RESOLVED = /^(~|null|true|false|yes|no|on|off|y|n|\.inf|\.nan)$/i;

function scalar(random: Random, value: null | boolean | number | string | Raw, inFlow: boolean): string {
  if (value instanceof Raw) return value.text;
  if (typeof value !== 'string')
    return value === null ? random.pick(inFlow ? ['~', 'null'] : ['', '~', 'null', 'Null']) : String(value);
  const plain =
    SAFE.test(value) && !RESOLVED.test(value) && !/[:]$|: /.test(value) && !(inFlow && /[{}[\],]/.test(value));
  if (plain && random.chance(0.7)) return value;
  if (/^[\x20-\x7e]*$/.test(value) && random.chance(0.5)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value);
}

const quotedKey = (key: string): string => (/^[A-Za-z_.][\w.-]*$/.test(key) ? key : JSON.stringify(key));
