/** What the catalogue's schema demands, checked without a library: only the keywords that schema.json uses. */
import schema from './schema.json' with { type: 'json' };

export interface Fault {
  /** From the root of the value to what is wrong. */
  readonly way: readonly (string | number)[];
  readonly message: string;
}

/** One of its keywords, or a reference. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly description?: string;
}

/** The schema of one family file. */
export const FAMILY: Schema = schema;

const DEFINITIONS: Readonly<Record<string, Schema>> = schema.definitions;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function faultsOf(value: unknown, by: Schema, way: readonly (string | number)[] = []): Fault[] {
  const rule = by.$ref === undefined ? by : DEFINITIONS[by.$ref.slice('#/definitions/'.length)]!;
  const fault = (message: string): Fault[] => [{ way, message }];
  if (rule.type !== undefined && !hasType(value, rule.type)) return fault(`is ${ARTICLE[rule.type] ?? rule.type}`);
  if (rule.const !== undefined && value !== rule.const) return fault(`is ${JSON.stringify(rule.const)}`);
  if (rule.enum && !rule.enum.includes(value)) return fault(`is one of ${rule.enum.join(', ')}`);
  if (typeof value === 'string') return textFaults(value, rule, by, fault);
  if (typeof value === 'number') {
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = rule;
    if (value < minimum) return fault(`is at least ${minimum}`);
    return value > maximum ? fault(`is at most ${maximum}`) : [];
  }
  if (Array.isArray(value)) return listFaults(value, rule, way);
  return isRecord(value) ? mapFaults(value, rule, way) : [];
}

const ARTICLE: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
};

function hasType(value: unknown, type: string): boolean {
  if (type === 'object') return isRecord(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function textFaults(value: string, rule: Schema, by: Schema, fault: (message: string) => Fault[]): Fault[] {
  const tooShort = rule.minLength !== undefined && value.length < rule.minLength;
  if (!tooShort && (rule.pattern === undefined || new RegExp(rule.pattern).test(value))) return [];
  const wanted = by.description ?? rule.description;
  return fault(
    `${JSON.stringify(value)} is not what belongs here${wanted === undefined ? '' : `: ${lowered(wanted)}`}`,
  );
}

const lowered = (text: string): string => (text[0]! + text.slice(1)).replace(/\.$/, '');

function listFaults(list: readonly unknown[], rule: Schema, way: Fault['way']): Fault[] {
  const faults: Fault[] = [];
  if (rule.minItems !== undefined && list.length < rule.minItems) faults.push({ way, message: 'is empty' });
  if (rule.uniqueItems)
    list.forEach((item, i) => {
      if (list.indexOf(item) < i) faults.push({ way: [...way, i], message: `${JSON.stringify(item)} is there twice` });
    });
  const { items } = rule;
  return items ? [...faults, ...list.flatMap((item, i) => faultsOf(item, items, [...way, i]))] : faults;
}

function mapFaults(map: Readonly<Record<string, unknown>>, rule: Schema, way: Fault['way']): Fault[] {
  const faults: Fault[] = [];
  const need = (key: string): void => {
    if (map[key] === undefined) faults.push({ way, message: `needs ${key}` });
  };
  rule.required?.forEach(need);
  for (const [key, others] of Object.entries(rule.dependencies ?? {})) if (map[key] !== undefined) others.forEach(need);
  if (rule.minProperties !== undefined && Object.keys(map).length < rule.minProperties)
    faults.push({ way, message: 'is empty' });
  for (const [key, value] of Object.entries(map)) {
    const own = rule.properties?.[key];
    if (own) faults.push(...faultsOf(value, own, [...way, key]));
    else if (rule.additionalProperties === false)
      faults.push({ way: [...way, key], message: `there is no key "${key}" here` });
  }
  if (rule.if) {
    const branch = faultsOf(map, rule.if).length === 0 ? rule.then : rule.else;
    if (branch) faults.push(...faultsOf(map, branch, way));
  }
  return faults;
}
