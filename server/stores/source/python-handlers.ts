/** Files that Python programs are handed over the web and write below a folder: FastAPI, Starlette, Streamlit, Flask. */
import { bindingsOf, type Call, type Expr, type Fn, type Module, type Scope, startedFor } from './code.ts';
import { describe } from './describe.ts';
import { argumentOf } from './entities.ts';
import { literal, type Value } from './expressions.ts';
import type { PathExpression, SourceStore } from './model.ts';
import type { Program } from './program.ts';
import { told, uploadsAt, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';

/** What tells that a function has a file of a user's in its hands, and how it gets at the bytes. */
interface Handler {
  readonly by: string;
  /** Must stand in the program. */
  readonly library: RegExp;
  /** Must stand in what is run together with the write; the group is the name of the file. */
  readonly file: RegExp;
  readonly bytes: (name: string) => RegExp;
}

const HANDLERS: readonly Handler[] = [
  {
    by: 'UploadFile',
    library: /^\s*from (?:fastapi|starlette)\b[\w. ]*import[^\n]*(?:\([^)]*)?\bUploadFile\b/m,
    file: /\b(\w+)\s*:\s*[^,()\n=]*\bUploadFile\b/g,
    bytes: (name) =>
      new RegExp(`\\b${name}\\.(?:file|read)\\b|\\bfor\\s+\\w+\\s+in\\s+${name}\\b[\\s\\S]*\\.(?:file\\b|read\\()`),
  },
  {
    by: 'st.file_uploader',
    library: /\bfile_uploader\(/,
    file: /\b(\w+)\.getbuffer\(\)/g,
    bytes: (name) => new RegExp(`\\b${name}\\.getbuffer\\(`),
  },
  {
    by: 'st.file_uploader',
    library: /\bfile_uploader\(/,
    file: /\b(\w+)\s*=\s*[\w.]+\.file_uploader\(/g,
    bytes: (name) => new RegExp(`\\b${name}\\.(?:read|getvalue)\\(|\\bfor\\s+\\w+\\s+in\\s+${name}\\b`),
  },
];

/** `request.files["x"]`, by whatever name: it saves itself. */
const FLASK_FILE = (name: string): RegExp =>
  new RegExp(`\\b${name}\\s*=[^\\n=]*\\brequest\\.files\\b|\\bfor\\s+${name}\\s+in\\s[^\\n]*\\brequest\\.files\\b`);

/** What is written is taken away again, by whatever runs after it as well. */
const REMOVES =
  /\bos\.(?:remove|unlink|removedirs)\b|\.unlink\b|\brmtree\b|\.cleanup\(|\btempfile\b|\bTemporaryDirectory\b/;

/** Names of what only passes through. */
const PASSING = /(?:^|[_-])(?:te?mp|temporary|cache|scratch|processing|staging)(?:$|[_-])/i;

const READS =
  /\b(?:StaticFiles|FileResponse|send_from_directory|send_file|listdir|scandir|walk|glob|iglob|SimpleDirectoryReader|DirectoryLoader)\(|\.(?:iterdir|glob|rglob)\(/;

export const handledUploads = (values: Values): SourceStore[] => {
  const { program } = values.names;
  const texts = programTexts(program);
  const handlers = HANDLERS.filter(({ library }) => texts.some((text) => library.test(text)));
  const modules = new Set([
    ...(handlers.length > 0
      ? ['UploadFile', 'getbuffer(', 'file_uploader(', '"wb"', "'wb'", 'write_bytes(']
      : []
    ).flatMap((word) => program.mentioning(word, 'python')),
    ...program.mentioning('request.files', 'python'),
  ]);
  return [...modules].flatMap((module) => module.calls.flatMap((call) => writtenBy(call, module, handlers, values)));
};

const programTexts = told((texts) => texts, /\.py$/);

function writtenBy(call: Call, module: Module, handlers: readonly Handler[], values: Values): SourceStore[] {
  const target = writes(call);
  if (!target || startedFor(call.block) !== null) return [];
  const fn = functionAround(call.block.scope);
  const source = values.names.program.files.get(module.path)!.text;
  const text = fn ? source.slice(fn.start, fn.end) : source;
  const by = target.saves
    ? savesItself(call, text, source)
    : (handlers.find((one) => handles(one, text))?.by ?? (fn ? handedTo(fn, text, handlers, values) : undefined));
  if (by === undefined || REMOVES.test(text) || removesLater(fn ?? module, values)) return [];
  const place = folderOf(target.at, 0);
  if (!place || /\bconfig\b/.test(source.slice(place.at.start, place.at.end))) return [];
  const found = uploadsAt(by, place.at, module, values, (bound) =>
    constantPart(place.parts, (part) => values.of(part, bound)),
  );
  const name = describe(place.at.kind === 'call' ? (place.at.args[0] ?? place.at) : place.at);
  return found
    .filter(({ path }) => isNamed(path))
    .map((store) =>
      isReadAgain(values.names.program, text, [...wordsOf(store.path).slice(-1), ...(name ? [name] : [])])
        ? store
        : { ...store, told: { ...store.told!, confidence: 'memory' } },
    );
}

/** A folder that the code gives a name of its own, and none that files pass through. */
const isNamed = (path: PathExpression): boolean => {
  const words = wordsOf(path);
  return (words.length > 0 || path.kind === 'env') && !words.some((word) => PASSING.test(word));
};

interface Target {
  readonly at: Expr;
  /** It is the file itself that is asked to save. */
  readonly saves: boolean;
}

/** `open(x, 'wb')`, `aiofiles.open(x, 'wb')`, `x.open('wb')`, `x.write_bytes(b)`, `file.save(x)` */
function writes({ callee, args, named }: Call): Target | null {
  const isMode = (expr: Expr | undefined): boolean =>
    expr?.kind === 'text' && /^[wxa]\+?b|^[wxa]b\+?$/.test(expr.value);
  const [first, second] = args;
  if (callee.kind === 'name') {
    return callee.name === 'open' && first && isMode(second ?? named.get('mode')) ? { at: first, saves: false } : null;
  }
  if (callee.kind !== 'member') return null;
  if (callee.name === 'write_bytes') return { at: callee.of, saves: false };
  if (callee.name === 'save' && first) return { at: first, saves: true };
  if (callee.name === 'open' || callee.name === 'open_file') {
    if (first && isMode(second ?? named.get('mode'))) return { at: first, saves: false };
    if (isMode(first ?? named.get('mode'))) return { at: callee.of, saves: false };
  }
  return null;
}

function handles({ file, bytes }: Handler, text: string): boolean {
  return [...text.matchAll(file)].some(([, name]) => bytes(name!).test(text));
}

/** `save(await file.read(), file.filename)`: what a handler has read is written by another function. */
function handedTo(fn: Fn, text: string, handlers: readonly Handler[], { names }: Values): string | undefined {
  const written = new Set([...text.matchAll(/\.write(?:_bytes)?\((\w+)\)/g)].map(([, name]) => name!));
  const parameter = fn.parameters.find(({ name }) => written.has(name));
  if (!parameter || fn.name === '') return undefined;
  for (const module of names.program.mentioning(`${fn.name}(`, 'python')) {
    const source = names.program.files.get(module.path)!.text;
    for (const call of module.calls) {
      const { callee } = call;
      const around = functionAround(call.block.scope);
      if ((callee.kind !== 'name' && callee.kind !== 'member') || callee.name !== fn.name || !around) continue;
      const given = argumentOf(parameter, call);
      if (!given || given === 'passed on' || startedFor(call.block) !== null) continue;
      const own = source.slice(around.start, around.end);
      const bytes = source.slice(given.start, given.end);
      const isRead =
        READ.test(bytes) || (/^\w+$/.test(bytes) && new RegExp(`\\b${bytes}\\s*=\\s*${READ.source}`).test(own));
      const by = isRead && !REMOVES.test(own) ? handlers.find((one) => handles(one, own))?.by : undefined;
      if (by !== undefined && names.callee(call).some((entity) => entity.kind === 'function' && entity.fn === fn))
        return by;
    }
  }
  return undefined;
}

const READ = /(?:await\s+)?\w+\.(?:read|getvalue|getbuffer)\(/;

function savesItself(call: Call, text: string, source: string): string | undefined {
  const { callee } = call;
  if (callee.kind !== 'member') return undefined;
  const own = source.slice(callee.of.start, callee.of.end);
  const isFile = /^\w+$/.test(own) ? FLASK_FILE(own).test(text) : /^request\.files\b/.test(own);
  return isFile ? 'request.files' : undefined;
}

function functionAround(scope: Scope): Fn | null {
  for (let at: Scope | null = scope; at; at = at.parent) if (at.fn) return at.fn;
  return null;
}

/** A function of the program that is called in the same go takes it away. */
function removesLater(around: Fn | Module, { names }: Values): boolean {
  const module = 'module' in around ? around.module : around;
  const isInside = ({ start, end }: Call): boolean =>
    !('module' in around) || (start >= around.start && end <= around.end);
  return module.calls.some(
    (call) =>
      isInside(call) &&
      [call, ...call.args].some((one) =>
        names.of(one.kind === 'call' ? one.callee : one).some((entity) => {
          if (entity.kind !== 'function' || entity.fn === around) return false;
          const text = names.program.files.get(entity.fn.module.path)?.text.slice(entity.fn.start, entity.fn.end);
          return text !== undefined && REMOVES.test(text);
        }),
      ),
  );
}

/** What a path is put together from, but for the file's own name. */
interface Folder {
  readonly at: Expr;
  readonly parts: readonly Expr[];
}

const MAX_STEPS = 6;
const JOINS = /^(?:os\.)?path\.join$|^(?:pathlib\.)?(?:Pure)?Path$|\.joinpath$/;

function folderOf(at: Expr, step: number): Folder | null {
  if (step > MAX_STEPS) return null;
  if (at.kind === 'name') {
    const bound = bindingsOf(at.name, at.block, at.start);
    const [only] = bound;
    return bound.length === 1 && only?.target.kind === 'value' ? folderOf(only.target.value, step + 1) : null;
  }
  if (at.kind === 'slash') return isFixed(at.right) ? null : { at: at.left, parts: slashed(at.left) };
  if (at.kind === 'concat') return concatenated(at);
  if (at.kind !== 'call') return null;
  const name = describe(at.callee) ?? '';
  if (/^(?:str|Path|pathlib\.Path|os\.path\.abspath|os\.fspath)$/.test(name) && at.args.length === 1)
    return folderOf(at.args[0]!, step + 1);
  const last = at.args.at(-1);
  if (at.callee.kind === 'member' && at.callee.name === 'joinpath' && last && !isFixed(last))
    return { at: at.callee.of, parts: [...slashed(at.callee.of), ...at.args.slice(0, -1)] };
  if (!JOINS.test(name) || at.args.length < 2 || isFixed(last!)) return null;
  return { at: at.args[0]!, parts: at.args.slice(0, -1) };
}

/** The same file each time: what was there is written over, and nobody expects to find it. */
const isFixed = (expr: Expr): boolean => {
  if (expr.kind === 'text') return true;
  if (expr.kind !== 'name') return false;
  const bound = bindingsOf(expr.name, expr.block, expr.start);
  return bound.length > 0 && bound.every(({ target }) => target.kind === 'value' && target.value.kind === 'text');
};

const slashed = (expr: Expr): readonly Expr[] => (expr.kind === 'slash' ? [...slashed(expr.left), expr.right] : [expr]);

/** `f"uploads/{name}"`, `f"{FOLDER}/{name}"`, `FOLDER + "/" + name` */
function concatenated({ parts, start, end }: Expr & { kind: 'concat' }): Folder | null {
  const [first, second] = parts;
  if (first?.kind === 'text' && parts.length > 1) {
    const cut = first.value.lastIndexOf('/');
    const folder: Expr = { kind: 'text', value: first.value.slice(0, cut), start, end };
    return cut > 0 ? { at: folder, parts: [folder] } : null;
  }
  return first && second?.kind === 'text' && second.value.startsWith('/') && parts.length > 2
    ? { at: first, parts: [first] }
    : null;
}

/** The folders at the beginning that are the same for every file. */
function constantPart(parts: readonly Expr[], read: (expr: Expr) => Value): Value {
  const [first, ...rest] = parts;
  const found = first ? read(first) : null;
  if (!found || found.kind === 'unknown') return found;
  const known: PathExpression[] = [found];
  for (const part of rest) {
    const value = read(part);
    if (value?.kind !== 'literal') break;
    known.push(literal(value.value));
  }
  return known.length === 1 ? found : { kind: 'join', parts: known, restart: true };
}

const chunks = told((texts) => texts.flatMap((text) => text.split(/^(?=[ \t]*(?:async[ \t]+)?def\b)/m)), /\.py$/);

/** Without the function that writes: what turns a file into another hands that out, which says nothing of the folder. */
function besides(own: string, chunk: string): string {
  const text = chunk.trimStart();
  return /^(?:async\s+)?def\b/.test(own) && text.startsWith(own.split('\n', 1)[0]!) ? text.slice(own.length) : chunk;
}

/** Elsewhere in the program the folder is listed, or its files are handed out. */
const isReadAgain = (program: Program, own: string, names: readonly string[]): boolean =>
  chunks(program)
    .map((chunk) => besides(own, chunk))
    .some(
      (text) =>
        READS.test(text) &&
        names.some((name) => new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`).test(text)),
    );
