/** Files of requests that a program of Node writes itself: Fastify's multipart, busboy, formidable. */
import { bindingsOf, type Call, type Expr, type Fn, type Module, type Scope, startedFor } from './code.ts';
import { NOTHING_BOUND } from './entities.ts';
import type { Value } from './expressions.ts';
import { argument } from './find.ts';
import type { SourceStore } from './model.ts';
import { passesOn, served } from './multer.ts';
import { told, uploadsAt, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';

/** What tells that a function has a file of a request in its hands; the group is its name. */
interface Handler {
  readonly by: string;
  /** Must stand in the program. */
  readonly library: RegExp;
  readonly file: RegExp;
}

const HANDLERS: readonly Handler[] = [
  {
    by: '@fastify/multipart',
    library: /['"](?:@fastify\/|fastify-)multipart['"]/,
    file: /\b(\w+)\s*=\s*await\s+(?:req|request)\.file\(|\bfor\s+await\s*\(\s*(?:const|let)\s+(\w+)\s+of\s+(?:await\s+)?(?:req|request)\.(?:files|parts)\(/g,
  },
  {
    by: 'busboy',
    library: /['"](?:@fastify\/)?busboy['"]/,
    file: /\.on\(\s*['"]file['"]\s*,\s*(?:async\s*)?(?:function\s*\w*\s*)?\(\s*\w+\s*(?::\s*\w+\s*)?,\s*(\w+)/g,
  },
];

/** It is the file's bytes that are written, and not something made of them. */
const bytesOf = (name: string): RegExp =>
  new RegExp(
    `\\b${name}(?:\\.file)?\\.pipe\\(|\\bpipeline\\(\\s*${name}(?:\\.file)?\\s*,\\s*(?:\\w+\\.)?\\w+|\\b${name}\\.toBuffer\\(`,
  );

/** What is written is taken away again, or goes elsewhere. */
const REMOVES = /\b(?:unlink|unlinkSync|rm|rmSync|remove|removeSync|rename|renameSync)\s*\(/;
const MOVED =
  /\b(?:rename|renameSync|copyFile|copyFileSync|unlink|unlinkSync|move)\s*\([^)]{0,60}\.(?:filepath|path)\b/;

const WRITES =
  /^(?:fs|fs\/promises|fs\.promises|fs-extra)\.(?:default\.)?(?:createWriteStream|writeFile|writeFileSync)$/;
const FORMS = /^formidable(?:\.default)?(?:\.(?:formidable|IncomingForm|Formidable))?$/;
const JOINS = /^path\.(?:default\.|posix\.)?(?:join|resolve)$/;
/** Names of what only passes through. */
const PASSING = /(?:^|[_-])(?:te?mp|temporary|cache|scratch|processing|staging)(?:$|[_-])/i;

const SCRIPT = /\.[mc]?[jt]sx?$/;
const LISTED = /(?:\breaddir(?:Sync)?\(|@fastify\/static['"]\s*\)\s*,)[^;]{0,200}/g;
const listed = told((texts) => texts.flatMap((text) => text.match(LISTED) ?? []), SCRIPT);
const programTexts = told((texts) => texts, SCRIPT);

export function requestFiles(module: Module, values: Values): SourceStore[] {
  const { program } = values.names;
  if (module.language !== 'javascript' || passesOn(program)) return [];
  const texts = programTexts(program);
  const handlers = HANDLERS.filter(({ library }) => texts.some((text) => library.test(text)));
  const { text } = program.files.get(module.path)!;
  return module.calls.flatMap((call) => {
    if (startedFor(call.block) !== null) return [];
    const name = libraryName(call, values);
    if (FORMS.test(name)) return formFolder(call, module, texts, values);
    return handlers.length > 0 && WRITES.test(name) ? writtenBy(call, module, text, handlers, values) : [];
  });
}

function libraryName(call: Call, { names }: Values): string {
  const found = names.libraryCallee(call).find((entity) => entity.kind === 'library');
  return found?.kind === 'library' ? found.name : '';
}

function formFolder(call: Call, module: Module, texts: readonly string[], values: Values): SourceStore[] {
  const at = argument('0.uploadDir', call, NOTHING_BOUND, values);
  if (!at || at === 'passed on' || texts.some((text) => MOVED.test(text))) return [];
  return handedOut(uploadsAt('formidable', at, module, values), at, values);
}

function writtenBy(
  call: Call,
  module: Module,
  text: string,
  handlers: readonly Handler[],
  values: Values,
): SourceStore[] {
  const fn = outermost(call.block.scope);
  const own = fn ? text.slice(fn.start, fn.end) : '';
  const by = handlers.find(({ file }) =>
    [...own.matchAll(file)].some(([, one, other]) => bytesOf((one ?? other)!).test(own)),
  )?.by;
  const target = call.args[0];
  if (by === undefined || REMOVES.test(own) || !target) return [];
  const whole = pathOf(target, 0);
  const head = whole && headOf(whole, values);
  if (!whole || !head) return [];
  return handedOut(
    uploadsAt(by, head, module, values, (bound) => folder(whole, (part) => values.of(part, bound), values)),
    head,
    values,
  );
}

/** The handler itself, around the functions that it hands on. */
function outermost(scope: Scope): Fn | null {
  let found: Fn | null = null;
  for (let at: Scope | null = scope; at; at = at.parent) if (at.fn) found = at.fn;
  return found;
}

/** What a name stands for, if it stands for one thing. */
function pathOf(at: Expr, step: number): Expr | null {
  if (at.kind !== 'name' || step > 5) return at;
  const [only, other] = bindingsOf(at.name, at.block, at.start);
  return only?.target.kind === 'value' && !other ? pathOf(only.target.value, step + 1) : null;
}

const isJoin = (at: Expr, values: Values): at is Call =>
  at.kind === 'call' && at.args.length > 1 && at.spreads.length === 0 && JOINS.test(libraryName(at, values));

/** The same file each time is written over, and nobody expects to find what was there. */
const isFixed = (expr: Expr | undefined): boolean => {
  const found = expr && pathOf(expr, 0);
  return found?.kind === 'text' || found?.kind === 'none';
};

/** What tells where the folder is named. */
function headOf(at: Expr, values: Values): Expr | null {
  if (isJoin(at, values)) return isFixed(at.args.at(-1)) ? null : at.args[0]!;
  if (at.kind !== 'concat') return null;
  const [first, second] = at.parts;
  if (first?.kind === 'text') return first.value.lastIndexOf('/') > 0 ? first : null;
  return first && second?.kind === 'text' && second.value.startsWith('/') && at.parts.length > 2 ? first : null;
}

/** The folders at the beginning that are the same for every file. */
function folder(at: Expr, read: (part: Expr) => Value, values: Values): Value {
  if (at.kind === 'concat') {
    const [first] = at.parts;
    if (first?.kind !== 'text') return first ? read(first) : null;
    return { kind: 'literal', value: first.value.slice(0, first.value.lastIndexOf('/')) };
  }
  if (!isJoin(at, values)) return null;
  for (let count = at.args.length - 1; count > 0; count--) {
    const found = read({ ...at, args: at.args.slice(0, count) });
    if (found && !JSON.stringify(found).includes('"kind":"unknown"')) return found;
  }
  return null;
}

/** Folders with a name of their own, which the program serves or lists. */
function handedOut(found: readonly SourceStore[], at: Expr, { names }: Values): SourceStore[] {
  const written = at.kind === 'name' ? [at.name] : [];
  const texts = [...served(names.program), ...listed(names.program)];
  return found.filter(({ path }) => {
    const folders = wordsOf(path);
    const words = [...written, ...folders.slice(-1)];
    const isNamed = folders.length > 0 || path.kind === 'env';
    return (
      isNamed &&
      !folders.some((word) => PASSING.test(word)) &&
      texts.some((one) => words.some((word) => new RegExp(`(?<![\\w$-])${word}(?![\\w$-])`).test(one)))
    );
  });
}
