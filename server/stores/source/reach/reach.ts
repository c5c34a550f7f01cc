/** Which files of an application are imported, directly or not, by what its container starts. */
import * as path from 'node:path';
import type { Source } from '../../../syntax/source.ts';
import { isPythonLibrary } from '../libraries.ts';
import { type Facts, factsOf, type Import } from './facts.ts';
import { Modules } from './modules.ts';
import { Starting } from './starting.ts';

export interface Start {
  /** Container path -> absolute path on the host. */
  readonly placement: ReadonlyMap<string, string>;
  /** Code, and what starts it: shell scripts, packages, supervisors' settings. */
  readonly sources: readonly Source[];
  /** The words that run. */
  readonly argv: readonly string[];
  readonly workdir: string | null;
  /** undefined: not set; null: set, but its value is not known. */
  readonly environment: (name: string) => string | null | undefined;
}

export interface Reach {
  /** What is started, on the host. */
  readonly entries: readonly string[];
  readonly files: ReadonlySet<string>;
}

const CODE = /\.(?:py|[mc]?[jt]s|[jt]sx)$/;

/** Null where it cannot be told: what is started is not known, or loads what it finds. */
export async function reachedBy({ placement, sources, argv, workdir, environment }: Start): Promise<Reach | null> {
  if (argv.length === 0) return null;
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const modules = modulesOf(placement, sources);
  const starting = new Starting({ placement, sources: byPath, modules, workdir: workdir ?? '/', environment });
  if (!starting.run(argv) || starting.entries.size + starting.inline.length === 0) return null;
  const entries = [...starting.entries];
  if (entries.some((file) => file.endsWith('.py')) || starting.inline.length > 0)
    for (const name of ['sitecustomize', 'usercustomize']) entries.push(...modules.named(name, true));
  const packages = packagesIn(sources);
  const at = { byPath, modules, packages, told: [...packages].join('\n') };
  const near = await follow(entries, starting.inline, starting.anywhere, at);
  const files = near === 'elsewhere' ? await follow(entries, starting.inline, true, at) : near;
  // Of code that stands in the command itself there is no file to name.
  const named = starting.entries.size > 0 ? [...starting.entries] : null;
  return files === null || files === 'elsewhere' || named === null ? null : { entries: named, files };
}

/** Which files there are changes less often than what is in them. */
const indexed = new WeakMap<ReadonlyMap<string, string>, Modules>();

function modulesOf(placement: ReadonlyMap<string, string>, sources: readonly Source[]): Modules {
  const paths = sources.flatMap(({ path: at }) => (CODE.test(at) ? at : []));
  const known = indexed.get(placement);
  if (known && known.files.size === paths.length && paths.every((at) => known.files.has(at))) return known;
  const modules = new Modules(paths);
  indexed.set(placement, modules);
  return modules;
}

/** Folders of packages by the name that they are imported by. */
function packagesIn(sources: readonly Source[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path: at, text } of sources) {
    if (path.posix.basename(at) !== 'package.json') continue;
    const name = /^[ \t]*\{?\s*"name"\s*:\s*"([^"]+)"/m.exec(text)?.[1];
    if (name !== undefined) found.set(name, path.posix.dirname(at));
  }
  return found;
}

interface Application {
  readonly byPath: ReadonlyMap<string, Source>;
  readonly modules: Modules;
  readonly packages: ReadonlyMap<string, string>;
  /** The packages in one text. */
  readonly told: string;
}

/** All that is reached; null where anything may be; `elsewhere` where modules turn out to be looked for in other folders. */
async function follow(
  entries: readonly string[],
  inline: readonly Source[],
  anywhere: boolean,
  at: Application,
): Promise<ReadonlySet<string> | null | 'elsewhere'> {
  const files = new Set(entries);
  const add = (file: string): void => {
    files.add(file);
  };
  const open = (source: Source): 'elsewhere' | null | undefined => {
    const facts = factsOf(source);
    if (facts.everything) return null;
    if (facts.anywhere && !anywhere) return 'elsewhere';
    const edges = edgesOf(source, facts, at);
    for (const file of anywhere ? edges.all : edges.near) add(file);
    return undefined;
  };
  for (const source of inline) {
    const ends = open(source);
    if (ends !== undefined) return ends;
  }
  let started = performance.now();
  // It grows while it is gone through.
  for (const file of files) {
    // A language server has other requests to answer in between.
    if (performance.now() - started > 40) {
      await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    }
    for (const part of at.modules.packagesOf(file)) add(part);
    const source = at.byPath.get(file);
    const ends = source ? open(source) : null;
    if (ends !== undefined) return ends;
  }
  return files;
}

interface Edges {
  readonly near: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

const known = new WeakMap<Modules, WeakMap<Source, Edges & { readonly told: string }>>();

function edgesOf(source: Source, facts: Facts, at: Application): Edges {
  const ofModules = known.get(at.modules) ?? new WeakMap<Source, Edges & { readonly told: string }>();
  known.set(at.modules, ofModules);
  const before = ofModules.get(source);
  if (before?.told === at.told) return before;
  const near = new Set<string>();
  const all = new Set<string>();
  const to: Adding = (found, others = found) => {
    for (const file of found) near.add(file);
    for (const file of others) all.add(file);
    return others.length > 0;
  };
  const python = source.path.endsWith('.py');
  for (const one of facts.imports) (python ? fromPython : fromScript)(one, source.path, at, to);
  named(source.path, facts, at.modules, python, to);
  const edges = { near, all, told: at.told };
  ofModules.set(source, edges);
  return edges;
}

/** @returns whether there were any */
type Adding = (near: readonly string[], all?: readonly string[]) => boolean;

function fromPython({ module, names }: Import, from: string, { modules }: Application, to: Adding): void {
  const lookup = (dotted: string): boolean => {
    const { near, all } = modules.python(from, dotted);
    return to(near, all);
  };
  const steps = module.replace(/^\.+/, '').split('.').filter(Boolean);
  const dots = /^\.*/.exec(module)![0];
  let found = false;
  // `import a.b.c` runs a and a.b as well.
  for (let i = 1; i <= steps.length; i++) {
    const reached = lookup(dots + steps.slice(0, i).join('.'));
    if (i === steps.length) found = reached;
  }
  if (steps.length === 0) found = lookup(dots) || found;
  for (const name of names) {
    if (name !== '*') found = lookup(steps.length === 0 ? dots + name : `${module}.${name}`) || found;
    else
      for (const file of modules.python(from, module).all)
        if (file.endsWith('/__init__.py')) to(modules.inFolder(path.posix.dirname(file)));
  }
  if (found) return;
  const last = steps.at(-1) ?? names[0];
  if (last !== undefined && (dots !== '' || !isLibrary(module))) to(modules.named(last, true));
}

/** What comes with Python, and what stores are opened with, is never meant to be the application's. */
const isLibrary = (module: string): boolean => STANDARD.has(module.split('.', 1)[0]!) || isPythonLibrary(module);

const STANDARD: ReadonlySet<string> = new Set(
  (
    '__future__ abc argparse ast asyncio base64 bisect calendar collections concurrent contextlib contextvars copy csv ctypes ' +
    'dataclasses datetime decimal difflib email enum fnmatch fractions functools gc getpass glob gzip hashlib heapq hmac html ' +
    'http importlib inspect io ipaddress itertools json logging math mimetypes multiprocessing operator os pathlib pickle ' +
    'platform pprint queue random re secrets select shutil signal socket sqlite3 ssl statistics string struct subprocess sys ' +
    'tempfile textwrap threading time traceback types typing unicodedata urllib uuid warnings weakref xml zipfile zoneinfo'
  ).split(' '),
);

function fromScript({ module }: Import, from: string, { modules, packages }: Application, to: Adding): void {
  const file = modules.javascript(from, module);
  if (file !== null) {
    to([file]);
    return;
  }
  for (const [name, folder] of packages)
    if (module === name || module.startsWith(`${name}/`))
      to([...modules.files].filter((one) => one.startsWith(`${folder}/`) && !one.includes('/node_modules/')));
  const last = path.posix.basename(module);
  if (/\.(?:json|s?css|less|svg|png|jpe?g|webp|graphql|gql|sql|wasm|node|txt|html|ya?ml|md)$/.test(last)) return;
  to(modules.named(last.replace(/\.[mc]?[jt]sx?$/, ''), false));
}

/** Files that are started, or loaded, by what they are called: `fork('./worker.js')`, `uvicorn.run('app.main:app')`. */
function named(from: string, { texts, loads }: Facts, modules: Modules, python: boolean, to: Adding): void {
  for (const text of texts) {
    for (const token of text.match(/[\w./@-]+/g) ?? []) {
      if (/\.(?:py|[mc]?[jt]sx?)$/.test(token)) to(modules.ending(token).filter((file) => file !== from));
    }
    const module = /^([A-Za-z_][\w.]*)(?::[A-Za-z_][\w.]*(?:\(\))?)?$/.exec(text);
    if (python && module && (loads || text.includes(':') || text.includes('.'))) {
      const lookup = (dotted: string): boolean => {
        const { near, all } = modules.python(from, dotted);
        return to(near, all);
      };
      if (!lookup(module[1]!) && loads) lookup(module[1]!.replace(/\.\w+$/, ''));
    }
    if (loads && /^[\w./-]+$/.test(text)) {
      if (python && text.startsWith('.')) {
        const { near, all } = modules.python(from, text);
        to(near, all);
      }
      if (!python) to(modules.ending(text).filter((file) => file !== from));
    }
  }
}
