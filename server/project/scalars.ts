/** What a plain scalar stands for, and how Compose writes it where it wants a text. Its YAML is older than 1.2 in parts. */
import type { ScalarNode } from '../syntax/tree.ts';

export type ScalarKind = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'date';

export interface Scalar {
  readonly kind: ScalarKind;
  readonly text: string;
}

/** Everything else that is plain is a text, letter by letter. */
const MAYBE_SPECIAL = /^[-+.\d]/;

export function scalarOf(node: ScalarNode): Scalar {
  if (node.value === null) return { kind: 'null', text: '' };
  if (typeof node.value === 'boolean') return { kind: 'boolean', text: String(node.value) };
  if (typeof node.value === 'number') return numeric(isPlain(node) ? node.text : String(node.value));
  if (MAYBE_SPECIAL.test(node.text) && isPlain(node) && !/^[-+]?\d+$/.test(node.text)) return numeric(node.text);
  return { kind: 'string', text: node.text };
}

/** Written as it is, without quotes; what interpolation made is a text however it was written. */
const isPlain = ({ textStart, span }: ScalarNode): boolean =>
  textStart !== undefined && textStart === span.start && !/["'|>]/.test(span.source.text[textStart] ?? '');

function numeric(text: string): Scalar {
  const date = /^\d{4}-/.test(text) ? dateText(text) : undefined;
  if (date !== undefined) return { kind: 'date', text: date };
  if (/^[-+]?\.inf$/i.test(text)) return { kind: 'number', text: text.startsWith('-') ? '-Inf' : '+Inf' };
  const bare = text.startsWith('.') ? text : text.replaceAll('_', '');
  const whole = integer(bare);
  if (whole !== undefined && whole >= -(1n << 63n) && whole < 1n << 64n)
    return { kind: 'integer', text: String(whole) };
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(bare)) return { kind: 'string', text };
  const value = Number(bare);
  return { kind: Number.isInteger(value) ? 'integer' : 'number', text: goFloat(value) };
}

/** Also with a leading zero, which makes it octal. */
function integer(text: string): bigint | undefined {
  const [, sign, digits] = /^([-+]?)(.*)$/s.exec(text)!;
  const base = /^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits!)
    ? BigInt(digits!.toLowerCase())
    : /^0[0-7]+$/.test(digits!)
      ? BigInt(`0o${digits!.slice(1)}`)
      : /^(0|[1-9]\d*)$/.test(digits!)
        ? BigInt(digits!)
        : undefined;
  return base === undefined || sign !== '-' ? base : -base;
}

/** The shortest digits that make the number, with an exponent below 1e-4 and from 1e6 on. */
export function goFloat(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return Object.is(value, -0) ? '-0' : String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const DATE =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d?):(\d\d?)(?:\.(\d+))?[ \t]*(Z|[-+]\d\d(?::?\d\d)?)?)?$/;

function dateText(text: string): string | undefined {
  const parts = DATE.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts;
  const pad = (part: string): string => part.padStart(2, '0');
  const valid = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31 && Number(hour) < 24;
  if (!valid || Number(minute) > 59 || Number(second) > 59) return undefined;
  const trimmed = fraction.replace(/0+$/, '');
  const offset = zone === 'Z' ? '+0000' : zone.replace(':', '').padEnd(5, '0');
  const place = offset === '+0000' ? 'UTC' : offset;
  return `${year}-${pad(month!)}-${pad(day!)} ${pad(hour)}:${pad(minute)}:${pad(second)}${trimmed === '' ? '' : `.${trimmed}`} ${offset} ${place}`;
}
