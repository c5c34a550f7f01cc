/** `multer({ dest })`, `multer.diskStorage({ destination })`, also by way of NestJS: uploads that the program serves again. */
import type { Call, Expr, Fn, Module, Scope } from './code.ts';
import { NOTHING_BOUND } from './entities.ts';
import { argument } from './find.ts';
import type { SourceStore } from './model.ts';
import { goElsewhere } from './object-stores.ts';
import { told, uploadsAt, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';

const NEST = '@nestjs/platform-express';
const INTERCEPTORS = ['FileInterceptor', 'FilesInterceptor', 'FileFieldsInterceptor', 'AnyFilesInterceptor'];

/** Where each of the calls takes the folder. */
const FOLDERS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['multer', ['0.dest']],
  ['multer.diskStorage', ['0.destination']],
  [`${NEST}.MulterModule.register`, ['0.dest']],
  ...INTERCEPTORS.map((name): [string, readonly string[]] => [`${NEST}.${name}`, ['0.dest', '1.dest', '2.dest']]),
]);

/** The file is removed again when it has been read. */
const REMOVED =
  /\b(?:unlink|unlinkSync|rm|rmSync|remove|removeSync|unlinkAsync)\s*\(\s*(?:[\w$]+\??\.)*(?:file|f|files\[[^\]]*\])\??\.path\b/;

/** What a program hands out of folders. */
const SERVED =
  /(?:\.static|\bserveStatic|\bfastifyStatic|\bkoaStatic|\bserve|\buseStaticAssets|\brootPath|\.sendFile)\b[^;]{0,200}/g;

const SCRIPT = /\.[mc]?[jt]sx?$/;
export const removesFiles = told((texts) => texts.some((text) => REMOVED.test(text)), SCRIPT);
export const served = told((texts) => texts.flatMap((text) => text.match(SERVED) ?? []), SCRIPT);

export function multerUploads(module: Module, values: Values): SourceStore[] {
  if (module.language !== 'javascript') return [];
  const { program } = values.names;
  const { text } = program.files.get(module.path)!;
  if (!/\bdest(?:ination)?\b/.test(text)) return [];
  return module.calls.flatMap((call) =>
    folders(call, values).flatMap((at) =>
      removesFiles(program) || goElsewhere([module.path], program)
        ? []
        : uploadsAt('multer', at, moduleOf(at, module), values).filter(({ path }) => {
            const written = at.kind === 'name' ? [at.name] : [];
            const words = [...written, ...wordsOf(path)];
            return served(program).some((one) =>
              words.some((word) => new RegExp(`(?<![\\w$-])${word}(?![\\w$-])`).test(one)),
            );
          }),
    ),
  );
}

/** A function of another file gives the folder: its place is there. */
const moduleOf = (at: Expr, module: Module): Module => (at.kind === 'name' ? at.block.scope.module : module);

function folders(call: Call, values: Values): Expr[] {
  const { names } = values;
  const callee = names.libraryCallee(call).find((entity) => entity.kind === 'library' && FOLDERS.has(entity.name));
  if (callee?.kind !== 'library') return [];
  const given = (place: string): Expr | null => {
    const found = argument(place, call, NOTHING_BOUND, values);
    return found === 'passed on' ? null : found;
  };
  // With a storage of its own the folder is not looked at.
  if (given('0.storage') || given('1.storage') || given('2.storage')) return [];
  const at = FOLDERS.get(callee.name)!
    .map(given)
    .find((one) => one !== null);
  return at
    ? names
        .of(at)
        .flatMap((entity) => (entity.kind === 'function' ? handedBack(entity.fn) : []))
        .concat(isFunction(at, values) ? [] : at)
    : [];
}

const isFunction = (expr: Expr, { names }: Values): boolean => names.of(expr).some(({ kind }) => kind === 'function');

/** `(req, file, cb) => cb(null, 'uploads')` */
function handedBack(fn: Fn): Expr[] {
  const callback = fn.parameters.find(({ index }) => index === 2)?.name;
  return fn.module.calls.flatMap((call) => {
    const isIt = call.callee.kind === 'name' && call.callee.name === callback && isInside(call.block.scope, fn);
    return isIt ? (call.args[1] ?? []) : [];
  });
}

function isInside(scope: Scope, fn: Fn): boolean {
  for (let at: Scope | null = scope; at; at = at.parent) if (at.fn === fn) return true;
  return false;
}
