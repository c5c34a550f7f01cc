/** Where Flask keeps an application's own data, and what its configuration says. */
import * as path from 'node:path';
import type { Call, Expr, Module } from './code.ts';
import type { Library } from './entities.ts';
import { agreed, dirname, file, join, literal, type Value } from './expressions.ts';
import type { PathExpression } from './model.ts';
import type { Names } from './names.ts';
import type { Program } from './program.ts';

/** `app.instance_path`, `app.root_path` */
export function flaskPath(names: Names, entity: Library, name: string): PathExpression | undefined {
  if (entity.name !== 'flask.Flask()' || !entity.call) return undefined;
  if (name === 'instance_path') return instanceFolder(names.program, entity.call);
  return name === 'root_path' ? dirname(file(entity.call.block.scope.module.path)) : undefined;
}

/** Beside the application's file, or beside the outermost package it is part of. */
function instanceFolder(program: Program, call: Call): PathExpression | undefined {
  if (call.named.has('instance_path')) return undefined;
  const { path: source } = call.block.scope.module;
  let folder = dirname(file(source));
  for (let at = path.posix.dirname(source); program.files.has(`${at}/__init__.py`); at = path.posix.dirname(at)) {
    folder = dirname(folder);
  }
  return join([folder, literal('instance')], false);
}

/** The instance folder of the application's only Flask object. */
export function flaskInstance(names: Names): PathExpression | undefined {
  const folders = names.program.mentioning('Flask(', 'python').flatMap((module) =>
    module.calls.flatMap((call) => {
      const isFlask = names
        .libraryCallee(call)
        .some((entity) => entity.kind === 'library' && entity.name === 'flask.Flask');
      return isFlask ? (instanceFolder(names.program, call) ?? []) : [];
    }),
  );
  const agreement = folders.length > 0 ? agreed(folders, 'there are several Flask applications') : null;
  return agreement ?? undefined;
}

export interface SettingPlace {
  readonly value: Expr;
  readonly module: Module;
  /** The class it is a field of, which a deployment chooses or not. */
  readonly cls?: string;
}

/** All places that set a key of a Flask application's configuration, configurations for tests left out. */
export function flaskAssignments(program: Program, key: string): SettingPlace[] {
  return program.mentioning(key, 'python').flatMap((module): SettingPlace[] => {
    const items = module.items.filter((item) => item.key === key).map((item) => item.value);
    const named = module.calls.flatMap((call) => {
      if (call.callee.kind !== 'member' || !/^(?:from_mapping|update)$/.test(call.callee.name)) return [];
      const [mapping] = call.args;
      return call.named.get(key) ?? (mapping?.kind === 'object' ? mapping.entries.get(key) : undefined) ?? [];
    });
    const classes = module.classes
      .filter((cls) => /config|settings/i.test(cls.name) && !/test/i.test(cls.name))
      .flatMap((cls) => ({ cls: cls.name, value: cls.fields.get(key)?.value ?? null }));
    return [
      ...[...items, ...named].map((value) => ({ value, module })),
      ...classes.flatMap(({ cls, value }) => (value ? { value, module, cls } : [])),
    ];
  });
}

/** `app.config['KEY']`: what the code sets it to; undefined when it does not. */
export function flaskSetting(program: Program, of: Expr, key: string, read: (expr: Expr) => Value): Value | undefined {
  const isConfig = (of.kind === 'member' || of.kind === 'name') && of.name === 'config';
  if (!isConfig || !/^[A-Z][A-Z0-9_]*$/.test(key)) return undefined;
  const values = flaskAssignments(program, key).map((place) => read(place.value));
  return values.length > 0 ? agreed(values, `\`${key}\` is set to different values in several places`) : undefined;
}
