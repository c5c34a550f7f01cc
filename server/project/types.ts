/** The words that the table of attributes is written in. */
import type { ScalarKind } from './scalars.ts';
import { isByteSize, isDuration, isFlag, isPort } from './values.ts';

export type Type = Leaf | MapType | ListType | Choice;

export interface Leaf {
  readonly kind: 'leaf';
  readonly scalars: readonly ScalarKind[];
  readonly oneOf?: readonly string[];
  /** Of a text: whether it can be read as what is wanted. */
  readonly readable?: (text: string) => boolean;
  readonly range?: readonly [number, number];
  /** As people are told: "a text". */
  readonly wanted: string;
}

export interface MapType {
  readonly kind: 'map';
  readonly fields: Readonly<Record<string, Type>>;
  /** Of keys that are no field; absent where there may be none, `null` where nothing is said of them. */
  readonly others?: { readonly keys: RegExp; readonly type: Type | null; readonly elseRefused: boolean };
  readonly required: readonly string[];
  /** Keys that start with `x-` are left alone. */
  readonly extensible: boolean;
}

export interface ListType {
  readonly kind: 'list';
  /** `null` where nothing is said of them. */
  readonly items: Type | null;
  readonly unique: boolean;
}

/** The one that fits the form of the value: scalar, mapping or list. */
export interface Choice {
  readonly kind: 'choice';
  readonly of: readonly (Leaf | MapType | ListType)[];
}

export const leaf = (wanted: string, scalars: readonly ScalarKind[], more: Partial<Leaf> = {}): Leaf => ({
  kind: 'leaf',
  wanted,
  scalars,
  ...more,
});

export const TEXT = leaf('a text', ['string']);
export const NULL = leaf('empty', ['null']);
export const TEXT_OR_NOTHING = leaf('a text', ['string', 'null']);
export const TEXT_OR_DATE = leaf('a text', ['string', 'date']);
/** Compose takes a date for nothing. */
export const COMMAND_LINE = leaf('a text', ['string', 'null', 'date']);
export const TEXT_OR_NUMBER = leaf('a text or a number', ['string', 'integer', 'number']);
export const NUMBER = leaf('a number', ['integer', 'number']);
export const YES_OR_NO = leaf('true or false', ['boolean']);
export const FLAG = leaf('true or false', ['boolean', 'string'], { readable: isFlag });
const isWhole = (text: string): boolean => /^[-+]?\d+$/.test(text);
export const COUNT = leaf('a whole number', ['integer', 'string'], { readable: isWhole });
export const COUNT_LIKE = leaf('a number', ['integer', 'number', 'string'], { readable: isWhole });
const isDecimal = (text: string): boolean => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
export const DECIMAL = leaf('a number', ['integer', 'number', 'string'], { readable: isDecimal });
export const DURATION = leaf('a duration such as 1m30s', ['string'], { readable: isDuration });
export const BYTES = leaf('a size such as 64m', ['integer', 'number', 'string', 'date'], { readable: isByteSize });
export const BYTES_TEXT = leaf('a size such as 64m', ['string'], { readable: isByteSize });
export const WHOLE_BYTES = leaf('a size such as 64m', ['integer', 'string'], { readable: isByteSize });
export const SIZE = leaf('a size such as 64m', ['integer', 'string'], {
  readable: isByteSize,
  range: [0, Number.MAX_VALUE],
});
export const PORT = leaf('a port', ['integer', 'string'], { readable: isPort });
/** What labels, variables and options are set to. */
export const VALUE = leaf('a text, a number or true or false', [
  'string',
  'integer',
  'number',
  'boolean',
  'null',
  'date',
]);
export const OPTION = leaf('a text or a number', ['string', 'integer', 'number', 'date']);
export const LOG_OPTION = leaf('a text or a number', ['string', 'integer', 'number', 'null', 'date']);

export const oneOf = (...words: string[]): Leaf => leaf(`one of ${words.join(', ')}`, ['string'], { oneOf: words });
export const between = (least: number, most: number): Leaf =>
  leaf(`a whole number from ${least} to ${most}`, ['integer', 'string'], { readable: isWhole, range: [least, most] });

export const list = (items: Type): ListType => ({ kind: 'list', items, unique: false });
export const uniqueList = (items: Type): ListType => ({ kind: 'list', items, unique: true });
export const either = (...of: (Leaf | MapType | ListType)[]): Choice => ({ kind: 'choice', of });

export const map = (fields: Readonly<Record<string, Type>>, ...required: string[]): MapType => ({
  kind: 'map',
  fields,
  required,
  extensible: true,
});
export const closedMap = (fields: Readonly<Record<string, Type>>, ...required: string[]): MapType => ({
  ...map(fields, ...required),
  extensible: false,
});
/** Keys that the user chooses. */
export const named = (type: Type | null, keys = /./s, elseRefused = true): MapType => ({
  kind: 'map',
  fields: {},
  others: { keys, type, elseRefused },
  required: [],
  extensible: false,
});

/** Whatever it is. */
export const ANYTHING = {
  scalar: leaf('a text', ['string', 'integer', 'number', 'boolean', 'null', 'date']),
  list: { kind: 'list', items: null, unique: false },
  map: named(null, /^/, false),
} as const;

/** Of attributes that only later versions of Compose know: nothing of ours depends on what is in them. */
export const LATER = either(ANYTHING.scalar, ANYTHING.list, ANYTHING.map);
