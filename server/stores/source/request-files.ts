/** Files of requests that a program of Node writes itself: Fastify's multipart, busboy, formidable. */
import { type Call, type Expr, type Fn, type Module, type Scope, startedFor } from './code.ts';
import { NOTHING_BOUND } from './entities.ts';
import { argument } from './find.ts';
import { heldFiles } from './held-files.ts';
import type { SourceStore } from './model.ts';
import { removesFiles, served } from './multer.ts';
import { goElsewhere } from './object-stores.ts';
import { isIn, listed } from './read-again.ts';
import { told, uploadsAt, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';
import { folderHead, folderStores, hasOwnName, libraryName } from './written-folders.ts';

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
    `\\b${name}(?:\\.file)?\\.pipe\\(|\\bpipeline\\(\\s*${name}(?:\\.file)?\\s*,\\s*(?:\\w+\\.)?\\w+|\\b${name}\\.toBuffer\\(|\\b${name}(?:\\.file)?\\.on\\(\\s*['"]data\\b`,
  );

/** What is written is taken away again, or goes elsewhere. */
const REMOVES = /\b(?:unlink|unlinkSync|rm|rmSync|remove|removeSync|rename|renameSync)\s*\(/;
const MOVED =
  /\b(?:rename|renameSync|copyFile|copyFileSync|unlink|unlinkSync|move)\s*\([^)]{0,60}\.(?:filepath|path)\b/;

const WRITES =
  /^(?:fs|fs\/promises|fs\.promises|fs-extra)\.(?:default\.)?(?:createWriteStream|writeFile|writeFileSync)$/;
const FORMS = /^formidable(?:\.default)?(?:\.(?:formidable|IncomingForm|Formidable))?$/;

const SCRIPT = /\.[mc]?[jt]sx?$/;
const programTexts = told((texts) => texts, SCRIPT);

export const requestFiles = (module: Module, values: Values): SourceStore[] => [
  ...passedThrough(module, values),
  ...heldFiles(module, values),
];

function passedThrough(module: Module, values: Values): SourceStore[] {
  const { program } = values.names;
  if (module.language !== 'javascript' || removesFiles(program)) return [];
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

function formFolder(call: Call, module: Module, texts: readonly string[], values: Values): SourceStore[] {
  const at = argument('0.uploadDir', call, NOTHING_BOUND, values);
  if (!at || at === 'passed on' || texts.some((text) => MOVED.test(text))) return [];
  return handedOut(uploadsAt('formidable', at, module, values), at, module, values);
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
  const head = folderHead(target, values);
  return head ? handedOut(folderStores(by, target, module, values), head, module, values) : [];
}

/** The handler itself, around the functions that it hands on. */
function outermost(scope: Scope): Fn | null {
  let found: Fn | null = null;
  for (let at: Scope | null = scope; at; at = at.parent) if (at.fn) found = at.fn;
  return found;
}

/** Folders with a name of their own, which the program serves or lists. */
function handedOut(found: readonly SourceStore[], at: Expr, module: Module, { names }: Values): SourceStore[] {
  const written = at.kind === 'name' ? [at.name] : [];
  const texts = [...served(names.program), ...listed(names.program)];
  const kept = found.filter((store) => {
    const words = [...written, ...wordsOf(store.path).slice(-1)];
    return hasOwnName(store) && texts.some((one) => words.some((word) => isIn(word, one)));
  });
  return kept.length > 0 && goElsewhere([module.path], names.program) ? [] : kept;
}
