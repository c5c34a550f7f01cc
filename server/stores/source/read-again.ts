/** Whether a folder that a program of Node writes to is one that it reads from later. */
import type { Call, Expr, Fn, Module, Scope } from './code.ts';
import { describe } from './describe.ts';
import type { SourceStore } from './model.ts';
import { served } from './multer.ts';
import type { Program } from './program.ts';
import { told, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';
import { folderHead, folderStores } from './written-folders.ts';

const SCRIPT = /\.[mc]?[jt]sx?$/;
const LISTED = /(?:\breaddir(?:Sync)?\(|@fastify\/static['"]\s*\)\s*,)[^;]{0,200}/g;
export const listed = told((texts) => texts.flatMap((text) => text.match(LISTED) ?? []), SCRIPT);

/** What takes a file by its path, to hand it out, or to delete it when it is asked to. */
const WORDS = ['createReadStream', 'sendFile', 'readFile', 'readFileSync', 'download', 'unlink', 'unlinkSync'];
const READS = new RegExp(`(?:^|\\.)(?:${WORDS.join('|')})$`);

interface Reading {
  readonly call: Call;
  readonly module: Module;
  readonly target: Expr;
}

const readings = new WeakMap<Program, readonly Reading[]>();

function readingsIn(program: Program): readonly Reading[] {
  let found = readings.get(program);
  if (!found) {
    const modules = new Set(WORDS.flatMap((word) => program.mentioning(`${word}(`, 'javascript')));
    found = [...modules].flatMap((module) =>
      module.calls.flatMap((call) => {
        const [target] = call.args;
        return target && READS.test(describe(call.callee) ?? '') ? [{ call, module, target }] : [];
      }),
    );
    readings.set(program, found);
  }
  return found;
}

/** A function other than the one that writes takes files of the folder, or the folder is served or listed. */
export function isRead(store: SourceStore, written: Expr, own: Fn, values: Values): boolean {
  const { program } = values.names;
  const head = folderHead(written, values);
  const word = wordsOf(store.path).at(-1);
  const names = [...(head?.kind === 'name' ? [head.name] : []), ...(word ? [word] : [])];
  const texts = [...served(program), ...listed(program)];
  if (names.some((name) => texts.some((text) => isIn(name, text)))) return true;
  const path = JSON.stringify(store.path);
  return readingsIn(program).some(
    ({ call, module, target }) =>
      !isWithin(call.block.scope, own) &&
      folderStores('', target, module, values).some(
        (one) => JSON.stringify(one.path) === path || (word !== undefined && wordsOf(one.path).at(-1) === word),
      ),
  );
}

export const isIn = (name: string, text: string): boolean => new RegExp(`(?<![\\w$-])${name}(?![\\w$-])`).test(text);

function isWithin(scope: Scope, fn: Fn): boolean {
  for (let at: Scope | null = scope; at; at = at.parent) if (at.fn === fn) return true;
  return false;
}
