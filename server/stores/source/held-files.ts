/** Files of requests that a program of Node has been handed, and writes itself: multer, NestJS, express-fileupload, formidable. */
import {
  bindingsOf,
  type Call,
  type Expr,
  type Fn,
  type Module,
  type Parameter,
  type Scope,
  startedFor,
} from './code.ts';
import { describe } from './describe.ts';
import { argumentOf } from './entities.ts';
import type { SourceStore } from './model.ts';
import { goElsewhere } from './object-stores.ts';
import type { Program } from './program.ts';
import { isRead } from './read-again.ts';
import { told } from './uploads.ts';
import type { Values } from './values.ts';
import { folderStores, hasOwnName, libraryName } from './written-folders.ts';

const SCRIPT = /\.[mc]?[jt]sx?$/;
const LIBRARY =
  /['"](?:multer|@koa\/multer|koa-multer|@nestjs\/platform-express|express-fileupload|formidable|express-formidable|koa-body|nestjs-form-data)['"]/;
const takesFiles = told((texts) => texts.some((text) => LIBRARY.test(text)), SCRIPT);

const FS = '(?:fs|fs/promises|fs\\.promises|fs-extra|graceful-fs)\\.(?:default\\.)?(?:promises\\.)?';
const WRITES = new RegExp(`^${FS}(?:writeFile|writeFileSync|outputFile|outputFileSync)$`);
const STREAMS = new RegExp(`^${FS}createWriteStream$`);
const MOVES = new RegExp(`^${FS}(?:rename|renameSync|copyFile|copyFileSync|move|moveSync|copy|copySync)$`);

/** `req.file`, `ctx.request.files` */
const OF_REQUEST = /^(?:\w+\.)*(?:req|request|ctx)\.files?\b/;
const CALLBACKS = /^(?:map|forEach|flatMap)$/;

/** What is written is taken away again, or put elsewhere. */
const REMOVES = /\b(?:unlink|unlinkSync|rm|rmSync|remove|removeSync|rename|renameSync|move|moveSync)\s*\(/;

const MAX_CALLS = 2;

/** Where a file goes, and what tells that it is one. */
interface Written {
  readonly target: Expr;
  readonly what: Expr;
  /** What is asked of `what`: its bytes, its place, or nothing since it moves itself. */
  readonly as: 'bytes' | 'place' | 'file';
}

/** The functions that a file comes through, from the one that is handed it by a request. */
type Hands = readonly Fn[];

export function heldFiles(module: Module, values: Values): SourceStore[] {
  const { program } = values.names;
  if (module.language !== 'javascript' || !takesFiles(program)) return [];
  return module.calls.flatMap((call) => {
    if (startedFor(call.block) !== null) return [];
    const written = writes(call, module, values);
    const hands = written && new Follower(values).through(written);
    const own = functionsAround(call.block.scope).at(0);
    if (!written || !hands || !own) return [];
    const all = [...new Set([own, ...hands])];
    if (all.some((fn) => removes(fn, call, program) || removesLater(fn, values))) return [];
    const by = program.files.get(module.path)!.text.slice(call.callee.start, call.callee.end).replace(/\s+/g, '');
    const found = folderStores(by.length < 40 ? by : 'the program', written.target, module, values).filter(hasOwnName);
    if (found.length === 0 || goElsewhere([...new Set(all.map((fn) => fn.module.path))], program)) return [];
    return found.map((store) =>
      isRead(store, written.target, own, values) ? store : { ...store, told: { ...store.told!, confidence: 'memory' } },
    );
  });
}

function writes(call: Call, module: Module, values: Values): Written | null {
  const { callee, args } = call;
  const [first, second] = args;
  if (!first) return null;
  if (callee.kind === 'member' && callee.name === 'mv') return { target: first, what: callee.of, as: 'file' };
  if (callee.kind === 'member' && callee.name === 'toFile') {
    const what = picture(callee.of, values);
    return what && { target: first, ...what };
  }
  const name = libraryName(call, values);
  if (WRITES.test(name)) return second ? { target: first, what: second, as: 'bytes' } : null;
  if (MOVES.test(name)) return second ? { target: second, what: first, as: 'place' } : null;
  const streamed = STREAMS.test(name) ? streamedTo(call, module) : null;
  return streamed && { target: first, what: streamed, as: 'bytes' };
}

/** `sharp(req.file.buffer).resize(800)` */
function picture(at: Expr, values: Values): Pick<Written, 'what' | 'as'> | null {
  for (let one = at; one.kind === 'call' || one.kind === 'member'; one = one.kind === 'call' ? one.callee : one.of) {
    const what = one.kind === 'call' && libraryName(one, values) === 'sharp' ? one.args[0] : undefined;
    if (what) return { what, as: what.kind === 'member' && /^(?:file)?path$/.test(what.name) ? 'place' : 'bytes' };
  }
  return null;
}

/** What else is called in the same function: `stream.end(file.buffer)`, `Readable.from(file.buffer).pipe(...)`. */
function streamedTo(call: Call, module: Module): Expr | null {
  const fn = functionsAround(call.block.scope).at(0);
  const given = module.calls.filter(
    ({ callee, block }) =>
      callee.kind === 'member' &&
      /^(?:write|end|push|from)$/.test(callee.name) &&
      functionsAround(block.scope).at(0) === fn,
  );
  return (
    given.map(({ args }) => args[0]).find((one) => one?.kind === 'member' && /^(?:buffer|data)$/.test(one.name)) ?? null
  );
}

class Follower {
  readonly #values: Values;
  readonly #seen = new Set<Expr>();

  constructor(values: Values) {
    this.#values = values;
  }

  through({ what, as }: Written): Hands | null {
    if (as === 'file') return this.#file(what, 0);
    return as === 'bytes' ? this.#part(what, /^(?:buffer|data)$/, 0) : this.#part(what, /^(?:path|filepath)$/, 0);
  }

  /** A file's bytes, or its place. */
  #part(expr: Expr, name: RegExp, calls: number): Hands | null {
    return this.#once(expr, () => this.#partOf(expr, name, calls));
  }

  /** Code may go in a circle. */
  #once(expr: Expr, follow: () => Hands | null): Hands | null {
    if (this.#seen.has(expr)) return null;
    this.#seen.add(expr);
    return follow();
  }

  #partOf(expr: Expr, name: RegExp, calls: number): Hands | null {
    if (expr.kind === 'member') return name.test(expr.name) ? this.#file(expr.of, calls) : null;
    if (expr.kind === 'call') {
      const [only] = expr.args;
      if (only && /^(?:Buffer\.from|Readable\.from|Uint8Array)$/.test(describe(expr.callee) ?? ''))
        return this.#part(only, name, calls);
      const what =
        expr.callee.kind === 'member' && expr.callee.name === 'toBuffer' && picture(expr.callee.of, this.#values);
      return what && what.as === 'bytes' ? this.#part(what.what, name, calls) : null;
    }
    if (expr.kind !== 'name') return null;
    return this.#named(
      expr,
      (value) => this.#part(value, name, calls),
      (fn, parameter) => this.#handed(fn, parameter, calls, (given) => this.#part(given, name, calls + 1)),
    );
  }

  /** A file of a request. */
  #file(expr: Expr, calls: number): Hands | null {
    const written = describe(expr);
    if (written && OF_REQUEST.test(written)) return fnOf(expr);
    if (expr.kind === 'item' || expr.kind === 'member') return this.#file(expr.of, calls);
    if (expr.kind === 'first') return first(expr.options, (option) => this.#file(option, calls));
    if (expr.kind === 'choice') return first([expr.yes, expr.no], (option) => this.#file(option, calls));
    if (expr.kind === 'call') {
      const isList = /^(?:Object\.values|Array\.from|\w+\.flat)$/.test(describe(expr.callee) ?? '');
      return isList && expr.args[0] ? this.#file(expr.args[0], calls) : null;
    }
    if (expr.kind !== 'name') return null;
    return (
      this.#named(
        expr,
        (value) => this.#once(value, () => this.#file(value, calls)),
        (fn, parameter) => this.#parameter(fn, parameter, calls),
      ) ?? this.#loop(expr, calls)
    );
  }

  #named(
    { name, block, start }: Expr & { kind: 'name' },
    value: (expr: Expr) => Hands | null,
    parameter: (fn: Fn, parameter: Parameter) => Hands | null,
  ): Hands | null {
    return first(bindingsOf(name, block, start), ({ target }) => {
      if (target.kind === 'value') return value(target.value);
      return target.kind === 'parameter' ? parameter(target.fn, target.parameter) : null;
    });
  }

  #parameter(fn: Fn, parameter: Parameter, calls: number): Hands | null {
    const { name } = parameter;
    const text = textOf(fn, this.#values.names.program);
    const decorated = new RegExp(`@UploadedFiles?\\s*\\([^@]*?\\)\\s*(?:readonly\\s+)?${name}\\b`);
    const typed = new RegExp(`\\b${name}\\??\\s*:\\s*[^,)=]*\\b(?:Multer\\.File|MulterFile|MemoryStoredFile)\\b`);
    if (decorated.test(text) || typed.test(text)) return [fn];
    const list = listOf(fn, parameter);
    if (list) return this.#file(list, calls);
    return this.#handed(fn, parameter, calls, (given) => this.#file(given, calls + 1));
  }

  /** What the program's own calls hand to a function. */
  #handed(fn: Fn, parameter: Parameter, calls: number, follow: (given: Expr) => Hands | null): Hands | null {
    if (fn.name === '' || calls >= MAX_CALLS) return null;
    const { names } = this.#values;
    const users = new Set([
      fn.module,
      ...(names.program.users(fn.name, fn.module) ?? []),
      ...naming(fn, names.program),
    ]);
    for (const module of users) {
      for (const call of module.calls) {
        const { callee } = call;
        if ((callee.kind !== 'name' && callee.kind !== 'member') || callee.name !== fn.name) continue;
        if (startedFor(call.block) !== null) continue;
        if (!names.callee(call).some((entity) => entity.kind === 'function' && entity.fn === fn)) continue;
        const given = argumentOf(parameter, call);
        const hands = given && given !== 'passed on' ? follow(given) : null;
        if (hands) return [fn, ...hands];
      }
    }
    return null;
  }

  /** `for (const file of req.files)`: the reader binds no name there. */
  #loop(expr: Expr & { kind: 'name' }, calls: number): Hands | null {
    for (const fn of functionsAround(expr.block.scope)) {
      const text = textOf(fn, this.#values.names.program);
      const [, of] = new RegExp(`\\b(?:const|let|var)\\s+${expr.name}\\s+of\\s+([\\w.]+)`).exec(text) ?? [];
      const [head, ...rest] = of?.split('.') ?? [];
      if (!head || (head === expr.name && rest.length === 0)) continue;
      const place = { start: expr.start, end: expr.end };
      const list = rest.reduce<Expr>((inner, name) => ({ kind: 'member', of: inner, name, ...place }), {
        kind: 'name',
        name: head,
        block: expr.block,
        ...place,
      });
      return this.#file(list, calls);
    }
    return null;
  }
}

function first<T>(all: readonly T[], find: (one: T) => Hands | null): Hands | null {
  for (const one of all) {
    const found = find(one);
    if (found) return found;
  }
  return null;
}

/** Methods are called by files that need not import the class: it is handed to them. */
const naming = (fn: Fn, program: Program): readonly Module[] =>
  fn.cls ? program.mentioning(`.${fn.name}(`, 'javascript') : [];

/** The function in which an expression stands. */
function fnOf(expr: Expr): Hands | null {
  let at = expr;
  while (at.kind === 'member' || at.kind === 'item') at = at.of;
  const fn = at.kind === 'name' ? functionsAround(at.block.scope).at(0) : undefined;
  return fn ? [fn] : null;
}

/** Innermost first. */
function functionsAround(scope: Scope): Fn[] {
  const found: Fn[] = [];
  for (let at: Scope | null = scope; at; at = at.parent) if (at.fn) found.push(at.fn);
  return found;
}

const textOf = (fn: Fn, program: Program): string =>
  program.files.get(fn.module.path)?.text.slice(fn.start, fn.end) ?? '';

/** `req.files.map((file) => ...)` */
function listOf(fn: Fn, { index }: Parameter): Expr | null {
  if (index !== 0) return null;
  for (const { callee, args } of fn.module.calls) {
    if (callee.kind !== 'member' || !CALLBACKS.test(callee.name)) continue;
    if (args.some((one) => one.kind === 'function' && one.fn === fn)) return callee.of;
  }
  return null;
}

/** What a function does besides the call. */
const removes = (fn: Fn, { start, end, block }: Call, program: Program): boolean => {
  const text = textOf(fn, program);
  const isInside = block.scope.module === fn.module && start >= fn.start && end <= fn.end;
  const rest = isInside ? `${text.slice(0, start - fn.start)}${text.slice(end - fn.start)}` : text;
  return REMOVES.test(rest);
};

/** A function of the program that is called in the same go takes it away. */
const removesLater = (around: Fn, { names }: Values): boolean =>
  around.module.calls.some(
    (call) =>
      call.start >= around.start &&
      call.end <= around.end &&
      names
        .callee(call)
        .some(
          (entity) =>
            entity.kind === 'function' && entity.fn !== around && REMOVES.test(textOf(entity.fn, names.program)),
        ),
  );
