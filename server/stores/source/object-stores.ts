/** Files that programs of Node hand on to a service elsewhere: whether those of a request come by there. */
import * as path from 'node:path';
import type { Source } from '../../syntax/source.ts';
import { importsIn as importLines } from './import-lines.ts';
import { type ImportIndex, indexImports } from './imports.ts';
import type { Program } from './program.ts';
import { told } from './uploads.ts';

const SCRIPT = /\.[mc]?[jt]sx?$/;

/** Clients of object stores. */
const CLIENT =
  /['"](?:cloudinary|@aws-sdk\/(?:client-s3|lib-storage)|aws-sdk(?:\/clients\/s3)?|@google-cloud\/storage|@azure\/storage-blob|firebase-admin(?:\/storage)?|firebase\/storage|imagekit|@imagekit\/nodejs|@vercel\/blob|@supabase\/supabase-js|minio|uploadthing\/server|ipfs-http-client)['"]/;

/** They take the place of the folder, whichever is chosen. */
const INSTEAD = /['"](?:multer-s3(?:-\w+)?|multer-storage-\w+|multer-gridfs-storage|multer-cloud-storage)['"]/;

/** It takes files by their path: those that lie in a folder as well, whoever put them there. */
const TAKES_PATHS =
  /\b(?:createReadStream|readFile|readFileSync|fPutObject|uploadFromFs|upload_large|glob)\s*\(|\b(?:\w*[cC]lient|\w*[bB]lob)\s*\.\s*uploadFile\s*\(|\buploader\s*\.\s*upload\s*\(|\bbucket\s*\([^)]*\)\s*\.\s*upload\s*\(|\bbucket\s*\.\s*upload\s*\(/;

/** It names what another file implements. */
const NAMES_ONLY = /\babstract\s+class\b|\bexport\s+interface\b|\bInjectionToken\b|\bSymbol\s*\(/;

/** What wires the parts of a program together is handed none of its files. */
const WIRES = /\.listen\s*\(|\bNestFactory\b|\bcreateServer\s*\(/;

/** It has the files of requests in its hands, by what another file sets up. */
const HANDLES =
  /\.(?:single|array|fields|any)\s*\(|\b(?:req|request|ctx)\s*\.\s*files?\b|@UploadedFiles?\b|\bFileFieldsInterceptor\b|\bFiles?Interceptor\b/;

/** It gives away what other files make. */
const PASSES_ON = /\bexport\s*(?:\*|\{[^}]*\})\s*from\b|\bmodule\.exports\s*=\s*(?:\{[^}]*)?require\s*\(/;

const instead = told((texts) => texts.some((text) => INSTEAD.test(text)), SCRIPT);

const clients = new WeakMap<Program, readonly Source[]>();

function clientsIn(program: Program): readonly Source[] {
  let found = clients.get(program);
  if (!found) {
    found = [...program.files.values()].filter((source) => SCRIPT.test(source.path) && CLIENT.test(source.text));
    clients.set(program, found);
  }
  return found;
}

/**
 * Whether a client of an object store stands where the file of a request comes by: in a file that has it in its hands,
 * in one that such a file uses, in one that chooses among several; or takes whatever lies in a folder.
 */
export function goElsewhere(hands: readonly string[], program: Program): boolean {
  const found = clientsIn(program);
  if (instead(program)) return true;
  if (found.length === 0) return false;
  if (found.some(({ text }) => TAKES_PATHS.test(text))) return true;
  const passed = reachedFrom(hands, program, Number.POSITIVE_INFINITY);
  for (const user of usersOf(hands, program)) {
    const { text } = program.files.get(user)!;
    const depth = WIRES.test(text) ? 1 : HANDLES.test(text) ? Number.POSITIVE_INFINITY : 2;
    for (const one of reachedFrom([user], program, depth)) passed.add(one);
  }
  return found.some((client) => passed.has(client.path) || isMeant(client.path, passed, program));
}

/** Files of more steps than these are not followed. */
const MAX_FILES = 2000;

function reachedFrom(from: readonly string[], program: Program, depth: number): Set<string> {
  const found = new Set(from);
  let latest: readonly string[] = from;
  for (let step = 0; step < depth && latest.length > 0 && found.size < MAX_FILES; step++) {
    latest = latest.flatMap((file) => importsOf(file, program).filter((one) => !found.has(one) && found.add(one)));
  }
  return found;
}

/** Which files import which: told without parsing them. */
interface Imports {
  readonly index: ImportIndex;
  readonly of: Map<string, readonly string[]>;
}

const imports = new WeakMap<Program, Imports>();

function importsIn(program: Program): Imports {
  let known = imports.get(program);
  if (!known) {
    known = { index: indexImports(program.files.keys()), of: new Map() };
    imports.set(program, known);
  }
  return known;
}

function importsOf(file: string, program: Program): readonly string[] {
  const { index, of } = importsIn(program);
  let found = of.get(file);
  if (!found) {
    found = specifiersIn(file, program).flatMap((specifier) => index.javascript(file, specifier) ?? []);
    of.set(file, found);
  }
  return found;
}

function specifiersIn(file: string, program: Program): string[] {
  const source = program.files.get(file);
  if (!source) return [];
  return [...importLines(source, 'javascript').matchAll(/['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier!);
}

/** The files that import one of these, also by way of a file that only passes them on. */
function usersOf(files: readonly string[], program: Program, step = 0): readonly string[] {
  const names = new Set(files.map(nameOf));
  const direct = [...program.files.values()]
    .filter(
      ({ path: user }) =>
        SCRIPT.test(user) &&
        !files.includes(user) &&
        specifiersIn(user, program).some((one) => names.has(nameOf(one))) &&
        importsOf(user, program).some((one) => files.includes(one)),
    )
    .map(({ path: user }) => user);
  const further = direct.filter((user) => step < 2 && PASSES_ON.test(program.files.get(user)!.text));
  return further.length > 0 ? [...direct, ...usersOf(further, program, step + 1)] : direct;
}

/** What imports call a file: of an `index` that is its folder. */
function nameOf(file: string): string {
  const bare = path.posix.basename(file).replace(SCRIPT, '');
  return bare === 'index' ? path.posix.basename(path.posix.dirname(file)) : bare;
}

/** By a name that leads to no file here, such as that of a package of the same repository; or by what it implements. */
function isMeant(client: string, passed: ReadonlySet<string>, program: Program): boolean {
  const folders = new Set(client.split('/').slice(0, -1));
  for (const file of passed) {
    const beside = path.posix.dirname(file) === path.posix.dirname(client);
    if (beside && NAMES_ONLY.test(program.files.get(file)?.text ?? '')) return true;
    const isNamed = specifiersIn(file, program).some(
      (one) =>
        !/^(?:\.|@nestjs\/)/.test(one) &&
        folders.has(one.split('/').at(-1)!) &&
        importsIn(program).index.javascript(file, one) === null,
    );
    if (isNamed) return true;
  }
  return false;
}
