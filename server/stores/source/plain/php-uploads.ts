/** `move_uploaded_file($tmp, 'uploads/' . $name)`, and Laravel's `$file->move(public_path('photos'), $name)`. */
import { type Source, spanOf } from '../../../syntax/source.ts';
import { concat, dirname, file, join, literal, unknown } from '../expressions.ts';
import type { PathExpression, SourceStore } from '../model.ts';
import { uploadsStore } from '../uploads.ts';
import type { Call, Expr, Module } from './code.ts';
import type { Program } from './program.ts';
import type { Values } from './values.ts';

/** Only files with one of these are parsed to begin with. */
export const mayTakeUploads = ({ text }: Source): boolean =>
  text.includes('move_uploaded_file(') || /->move\(\s*public_path\(/.test(text);

/** Files go to a service elsewhere. */
const CLOUD = /\bAws\\S3\b|\bCloudinary\b|\bGoogle\\Cloud\\Storage\b|\bMicrosoftAzure\\Storage\b|\bdisk\(\s*['"]s3['"]/;

export function phpUploads(module: Module, source: Source, program: Program, values: Values): SourceStore[] {
  if (module.language !== 'php' || !mayTakeUploads(source) || program.files.some(({ text }) => CLOUD.test(text)))
    return [];
  const found = new Map<string, SourceStore>();
  for (const call of module.calls) {
    const path = folderOf(call, program, values);
    if (!path || found.has(JSON.stringify(path))) continue;
    const span = spanOf(source, call.start, call.end);
    const by = call.name.replace(/^\./, '');
    found.set(JSON.stringify(path), {
      ...uploadsStore(by, path, span, module.path, `${by} puts uploaded files there`),
      // Included by another script, it counts from where that one lies.
      base: isCalled(module, program) ? dirname(file(module.path)) : UNTOLD,
    });
  }
  return [...found.values()];
}

const UNTOLD = unknown('PHP counts a relative path from the folder of the script that is called');

/** A page of its own: no other script includes it. */
function isCalled({ path }: Module, { files }: Program): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const includes = new RegExp(`\\b(?:include|require)(?:_once)?\\b[^;]*\\b${name.replace(/[^\w]/g, '\\$&')}`);
  return !files.some((other) => other.path !== path && includes.test(other.text));
}

function folderOf(call: Call, program: Program, values: Values): PathExpression | null {
  if (call.name === 'move_uploaded_file') {
    const [, at] = call.args;
    const to = at && !isRemoved(at) ? values.of(at) : null;
    return to ? leadingFolder(to) : null;
  }
  const [to] = call.args;
  if (call.name !== '.move' || to?.kind !== 'call' || to.name !== 'public_path' || !to.args[0]) return null;
  const folder = values.of(to.args[0]);
  const roots = program.files.filter(({ path }) => path.endsWith('/public/index.php'));
  if (folder?.kind !== 'literal' || roots.length !== 1) return null;
  return join([dirname(file(roots[0]!.path)), literal(folder.value)], false);
}

/** `unlink($to)`: the file goes again when it has been read. */
const isRemoved = (at: Expr): boolean =>
  at.kind === 'name' &&
  new RegExp(`\\bunlink\\(\\s*${at.name.replace(/\$/g, '\\$')}\\s*\\)`).test(at.scope.module.text);

/** Of a path whose name is made for each file, the folder. */
function leadingFolder(path: PathExpression): PathExpression | null {
  if (path.kind === 'literal') return path.value.includes('/') ? literal(path.value.replace(/\/[^/]*$/, '')) : null;
  if (path.kind !== 'concat') return null;
  const all = partsOf(path);
  const open = all.findIndex(({ kind }) => kind === 'unknown');
  const known = open < 0 ? all : all.slice(0, open);
  const last = known.at(-1);
  if (last?.kind !== 'literal' || !last.value.includes('/')) return null;
  const cut = last.value.replace(/\/[^/]*$/, '');
  const parts = [...known.slice(0, -1), ...(cut === '' ? [] : [literal(cut)])];
  return parts.length > 0 ? concat(parts) : null;
}

/** `(a . b) . c` is `a . b . c`. */
const partsOf = (path: PathExpression): readonly PathExpression[] =>
  path.kind === 'concat' ? path.parts.flatMap(partsOf) : [path];
