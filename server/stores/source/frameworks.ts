/** Databases that a framework opens by its settings: Flask-SQLAlchemy, Django. */
import { spanOf } from '../../syntax/source.ts';
import { variants } from './callers.ts';
import type { Expr, Module } from './code.ts';
import type { Bindings } from './entities.ts';
import { environment, literal, unknown, type Value } from './expressions.ts';
import { mayBeSqlite, opensReadOnly } from './find.ts';
import { flaskAssignments, flaskInstance } from './flask.ts';
import type { PathExpression, SourceStore } from './model.ts';
import type { Values } from './values.ts';

const FLASK_URL = 'SQLALCHEMY_DATABASE_URI';

/** Flask-SQLAlchemy takes a relative path from the application's instance folder, not the working directory. */
export function flaskStores(values: Values): SourceStore[] {
  const { program } = values.names;
  if (program.mentioning('flask_sqlalchemy', 'python').length === 0) return [];
  const places = flaskAssignments(program, FLASK_URL);
  const chosen = places.filter((place) => !place.cls || !/dev|local|debug/i.test(place.cls));
  const base = flaskInstance(values.names) ?? unknown("the application's instance folder is not known");
  return (chosen.length > 0 ? chosen : places).flatMap(({ value, module }) =>
    storesFrom(FLASK_URL, value, module, values, (bound) => values.of(value, bound), { dialect: 'sqlalchemy', base }),
  );
}

interface Details {
  readonly dialect?: 'sqlalchemy';
  readonly base?: PathExpression;
}

function storesFrom(
  setting: string,
  at: Expr,
  module: Module,
  values: Values,
  read: (bound: Bindings) => Value,
  details: Details,
): SourceStore[] {
  const source = values.names.program.files.get(module.path)!;
  const span = spanOf(source, at.start, at.end);
  return variants(values.names, read).flatMap(({ value }): SourceStore[] => {
    if (!value || (details.dialect && !mayBeSqlite(value, details.dialect))) return [];
    if (value.kind === 'literal' && /^$|^:memory:/.test(value.value)) return [];
    return [
      {
        technology: 'sqlite',
        constructor_: setting,
        path: value,
        form: details.dialect ? 'url' : 'file',
        ...details,
        readOnly: details.dialect !== undefined && opensReadOnly(value),
        span,
        pathSpan: span,
        via: [],
        file: module.path,
      },
    ];
  });
}

const SQLITE_ENGINE = /^django\.(?:db|contrib\.gis\.db)\.backends\.(?:sqlite3|spatialite)$/;

/** `DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}` */
export function djangoStores(values: Values): SourceStore[] {
  const { program } = values.names;
  return program.mentioning('DATABASES', 'python').flatMap((module) => {
    const { text } = program.files.get(module.path)!;
    // Settings for one's own machine, and settings that are changed once made, do not tell what runs in a container.
    if (/\/(?:dev|development|local|test|testing|ci)\.py$/.test(module.path) || /\bDATABASES\s*\[/.test(text))
      return [];
    const bindings = module.scope.bindings.get('DATABASES') ?? [];
    const objects = bindings.map(({ target }) =>
      target.kind === 'value' && target.value.kind === 'object' ? target.value : null,
    );
    const stores = objects.map((object) =>
      [...(object?.entries.values() ?? [])].flatMap((entry) => djangoDatabase(entry, module, values)),
    );
    // With a server in one case and a file in another, it is not known which one runs.
    return stores.every((some) => some.length > 0) ? stores.flat() : [];
  });
}

function djangoDatabase(entry: Expr, module: Module, values: Values): SourceStore[] {
  if (entry.kind === 'object') {
    const engine = entry.entries.get('ENGINE');
    const name = entry.entries.get('NAME');
    const isSqlite = engine?.kind === 'text' && SQLITE_ENGINE.test(engine.value);
    return isSqlite && name ? storesFrom('DATABASES', name, module, values, (bound) => values.of(name, bound), {}) : [];
  }
  if (entry.kind !== 'call') return [];
  const callee = values.names.libraryCallee(entry).find((entity) => entity.kind === 'library');
  const name = callee?.kind === 'library' ? callee.name : '';
  if (name !== 'dj_database_url.config' && !/^environ\.Env\(\)\.db(?:_url)?$/.test(name)) return [];
  const fallback = entry.named.get('default') ?? entry.args[1];
  const variable = name.startsWith('dj') ? entry.named.get('env') : (entry.named.get('var') ?? entry.args[0]);
  const read = (bound: Bindings): Value =>
    environment(
      variable ? values.of(variable, bound) : literal('DATABASE_URL'),
      fallback ? values.of(fallback, bound) : null,
    );
  return storesFrom('DATABASES', entry, module, values, read, { dialect: 'sqlalchemy' });
}
