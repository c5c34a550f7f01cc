/** Strings as YAML scalars: plain where every YAML reader takes them for that string, quoted otherwise. */
import { textOf } from '../syntax/source.ts';
import type { Node, ScalarNode } from '../syntax/tree.ts';

export type Quote = '"' | "'" | '';

const STARTS_SAFELY = /^(?:[\p{L}\p{N}_./~$(^\\+=;<]|-(?!\s|$))/u;
const UNSAFE = /[\p{C}\u2028\u2029]|:(?:\s|$)|\s#|^\s|\s$|^---|^\.\.\.|\t/u;
const UNSAFE_IN_FLOW = /[,[\]{}]/;

/** Words and numbers of YAML 1.1 and 1.2; Compose's own documentation quotes ports for the base-60 numbers of 1.1. */
const OTHER_TYPES = [
  /^(?:~|null|true|false|yes|no|on|off|y|n|=|<<)$/i,
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-f_]+)$/i,
  /^[-+]?[\d_]*\.?[\d_]*(?:e[-+]?\d+)?$/i,
  /^[-+]?\d[\d_]*(?::\d+)+(?:\.\d*)?$/,
  /^(?:[-+]?\.inf|\.nan)$/i,
  /^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$/,
];

export const readsAsString = (text: string): boolean => !OTHER_TYPES.some((type) => type.test(text));

/** Whether plain `text` is one scalar with exactly these characters, of whatever type. */
export const staysPlain = (text: string, flow: boolean): boolean =>
  STARTS_SAFELY.test(text) && !UNSAFE.test(text) && !(flow && UNSAFE_IN_FLOW.test(text));

/** `text` as a scalar of the string type; `quote` is the style wanted, plain only where that is safe. */
export function scalarText(text: string, flow: boolean, quote: Quote = ''): string {
  if (quote === '' && staysPlain(text, flow) && readsAsString(text)) return text;
  const printable = !/[\p{C}\u2028\u2029]/u.test(text);
  const single = printable && (quote === "'" || (quote === '' && /["\\]/.test(text) && !text.includes("'")));
  return single ? `'${insideSingle(text)}'` : `"${insideDouble(text)}"`;
}

export const insideSingle = (text: string): string => text.replaceAll("'", "''");

export const insideDouble = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** How a scalar is written; block scalars count as plain. */
export function quoteOf(scalar: ScalarNode): Quote {
  const first = textOf(scalar.span)[0];
  return first === '"' || first === "'" ? first : '';
}

/** The quotes that all scalars of `nodes` share; plain where they differ or there are none. */
export function sharedQuote(nodes: Iterable<Node>): Quote {
  let shared: Quote | undefined;
  for (const node of nodes) {
    if (node.kind !== 'scalar') continue;
    const quote = quoteOf(node);
    if (shared !== undefined && shared !== quote) return '';
    shared = quote;
  }
  return shared ?? '';
}
