/** Values kept by objects: attributes, dataclass fields, and settings that the environment overrides. */
import type { Class, Expr, Field } from './code.ts';
import type { Bindings, Entity } from './entities.ts';
import { agreed, either, environment, literal, type Value } from './expressions.ts';
import { foreignBases, inheritedConstructor, insideOf, lineage } from './lineage.ts';
import type { Names } from './names.ts';

type Read = (expr: Expr, bound?: Bindings) => Value;
type Owner = Entity & { kind: 'instance' | 'class' };

/** The value under a name of an object or a class; undefined when it has none. */
export function fieldValue(names: Names, owner: Owner, name: string, read: Read): Value | undefined {
  const inside = owner.kind === 'instance' ? insideOf(names, owner) : owner.bound;
  const differ = `\`${name}\` of \`${owner.cls.name}\` is set to different values in several places`;
  for (const cls of lineage(names, owner.cls)) {
    const assigned = cls.attributes.get(name);
    if (assigned)
      return agreed(
        assigned.map((value) => read(value, inside)),
        differ,
      );
    const method = cls.methods.get(name);
    if (method?.property)
      return agreed(
        method.returns.map(({ value }) => read(value, inside)),
        differ,
      );
    const field = cls.fields.get(name);
    if (field) return declared(names, owner, cls, field, read, inside);
  }
  return undefined;
}

function declared(
  names: Names,
  owner: Owner,
  cls: Class,
  field: Field,
  read: Read,
  inside: Bindings,
): Value | undefined {
  const call = owner.kind === 'instance' && !inheritedConstructor(names, owner.cls) ? owner.call : null;
  const position = cls.decorated ? [...cls.fields.values()].filter((one) => one.type).indexOf(field) : -1;
  const given = call?.named.get(field.name) ?? call?.args[position];
  if (given) return read(given, owner.bound);
  const details = fieldCall(names, field);
  const value = details ? defaultOf(details, read, inside) : field.value ? read(field.value, inside) : null;
  const isSettings = foreignBases(names, owner.cls).some((base) => /(?:^|\.)BaseSettings$/.test(base));
  if (isSettings && field.name !== 'model_config')
    return fromEnvironment(names, owner.cls, field, details, value, read);
  return field.value ? value : undefined;
}

type FieldCall = Expr & { kind: 'call' };

/** `Field(default=..., alias=...)`, `field(default=...)` */
function fieldCall(names: Names, field: Field): FieldCall | null {
  if (field.value?.kind !== 'call') return null;
  const isField = names
    .of(field.value.callee)
    .some((entity) => entity.kind === 'library' && /^(?:pydantic.*\.Field|dataclasses\.field)$/.test(entity.name));
  return isField ? field.value : null;
}

function defaultOf(details: FieldCall, read: Read, inside: Bindings): Value {
  const factory = details.named.get('default_factory');
  const made = factory?.kind === 'function' ? factory.fn.returns[0]?.value : undefined;
  const value = details.named.get('default') ?? made ?? details.args[0];
  // `Field(...)`: an ellipsis says that there is no default.
  return value && value.kind !== 'other' ? read(value, inside) : null;
}

/** Pydantic reads the variable named like the field, in any case; upper case is how it is written. */
function fromEnvironment(
  names: Names,
  cls: Class,
  field: Field,
  details: FieldCall | null,
  fallback: Value,
  read: Read,
): Value {
  const alias = details?.named.get('validation_alias') ?? details?.named.get('alias') ?? details?.named.get('env');
  const aliases = (alias?.kind === 'call' ? alias.args : alias?.kind === 'list' ? alias.items : alias ? [alias] : [])
    .map((one) => read(one))
    .flatMap((one) => (one?.kind === 'literal' ? one.value : []));
  const variables = aliases.length > 0 ? aliases : [prefixOf(names, cls, read) + field.name];
  const last = variables.length - 1;
  return either(
    variables.map((name, index) => environment(literal(name.toUpperCase()), index === last ? fallback : null)),
  );
}

/** `model_config = SettingsConfigDict(env_prefix='APP_')`, or `class Config: env_prefix = 'APP_'`. */
function prefixOf(names: Names, cls: Class, read: Read): string {
  for (const one of lineage(names, cls)) {
    const config = one.fields.get('model_config')?.value;
    const prefix =
      (config?.kind === 'call' ? config.named.get('env_prefix') : undefined) ??
      (config?.kind === 'object' ? config.entries.get('env_prefix') : undefined) ??
      one.nested.get('Config')?.fields.get('env_prefix')?.value;
    const value = prefix ? read(prefix) : null;
    if (value?.kind === 'literal') return value.value;
  }
  return '';
}
