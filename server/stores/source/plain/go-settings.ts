/** What Go programs are told from outside: variables that libraries fill fields with, and settings of viper. */
import { either, environment, literal, same, unknown, type Value } from '../expressions.ts';
import type { PathExpression } from '../model.ts';
import type { Call, EnvironmentField, Expr } from './code.ts';
import type { Program } from './program.ts';

/** Libraries that read `env:"X"` and `envconfig:"X"` as the name of a variable. */
const LIBRARIES =
  /"(?:github\.com\/(?:caarlos0\/env|ilyakaznacheev\/cleanenv|sethvargo\/go-envconfig|kelseyhightower\/envconfig|joeshaw\/envdecode|Netflix\/go-env|codingconcepts\/env|jessevdk\/go-flags|alexflint\/go-arg|vrischmann\/envconfig))(?:\/v\d+)?"/;

/** A variable that a field is filled from, over what the code itself puts there. */
export function filledFrom({ variable, fallback }: EnvironmentField, set: Value, program: Program): PathExpression {
  const isKnown = program.files.some(({ text }) => LIBRARIES.test(text));
  if (!isKnown || set?.kind === 'unknown') return unknown('it is filled from the environment');
  if (fallback !== undefined && set !== null && !same(set, literal(fallback))) return unknown('it has two defaults');
  return environment(literal(variable), fallback === undefined ? set : literal(fallback));
}

const VIPER = 'github.com/spf13/viper';

/** A file, a flag or a server may say otherwise. */
const ELSEWHERE =
  /\bviper\.(?:ReadInConfig|MergeInConfig|ReadConfig|MergeConfig|MergeConfigMap|ReadRemoteConfig|BindPFlags?|BindFlagValues?|AddRemoteProvider|Set)\s*\(/;

/** `viper.GetString("data_dir")`: its default, and the variable where it asks for that; undefined for other calls. */
export function viperSetting(call: Call, program: Program, read: (expr: Expr) => Value): Value | undefined {
  if (call.name !== `${VIPER}.GetString` && call.name !== `${VIPER}.Get`) return undefined;
  const key = textOf(call.args[0]);
  if (key === null || program.files.some(({ text }) => ELSEWHERE.test(text)))
    return unknown('it may be set in a configuration');
  const defaults = callsOf('SetDefault', key, program);
  const [first, another] = defaults;
  if (another) return unknown(`\`${key}\` has several defaults`);
  const fallback = first?.args[1] ? read(first.args[1]) : null;
  const names = variablesOf(key, program);
  if (names === null) return unknown(`\`${key}\` comes from a variable whose name is not known`);
  if (names.length === 0) return fallback ?? unknown(`\`${key}\` is not set in the code`);
  return either([...names.map((name) => environment(literal(name))), fallback]);
}

function callsOf(method: string, key: string, program: Program): Call[] {
  return (program.mentioning(method) ?? [])
    .flatMap(({ calls }) => calls)
    .filter(({ name, args }) => name === `${VIPER}.${method}` && textOf(args[0])?.toLowerCase() === key.toLowerCase());
}

/** Null where the variables cannot be told. */
function variablesOf(key: string, program: Program): readonly string[] | null {
  const modules = program.mentioning('viper') ?? [];
  const calls = modules.flatMap((module) => module.calls).filter(({ name }) => name.startsWith(`${VIPER}.`));
  const of = (method: string): Call[] => calls.filter(({ name }) => name === `${VIPER}.${method}`);
  const bound = callsOf('BindEnv', key, program).flatMap(({ args }) => args.slice(1).map(textOf));
  if (bound.includes(null)) return null;
  if (bound.length > 0) return bound.filter((name) => name !== null);
  if (of('AutomaticEnv').length === 0 && callsOf('BindEnv', key, program).length === 0) return [];
  const prefixes = of('SetEnvPrefix').map(({ args }) => textOf(args[0]));
  if (prefixes.length > 1 || prefixes[0] === null || (/\W/.test(key) && of('SetEnvKeyReplacer').length > 0))
    return null;
  return [`${prefixes[0] === undefined ? '' : `${prefixes[0]}_`}${key}`.toUpperCase()];
}

const textOf = (expr: Expr | undefined): string | null => (expr?.kind === 'text' ? expr.value : null);

/** `dir, err = filepath.Abs(dir)` says nothing new of where it is. */
export function isOnlyCleaned({ value }: { readonly value: Expr }, name: string): boolean {
  if (value.kind !== 'call' || !/^path\/filepath\.(?:Abs|Clean)$/.test(value.name)) return false;
  const [of] = value.args;
  return (of?.kind === 'name' || of?.kind === 'field') && of.name === name;
}
