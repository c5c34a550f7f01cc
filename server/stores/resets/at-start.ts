/** Whether a place of a program is come to each time that it starts, and nothing decides about it. */
import * as path from 'node:path';
import { type Frame, type Outline, outlineOf } from './outline.ts';
import type { Program } from './reached.ts';

/** Functions that call functions: deeper than this nobody looks. */
const MAX_DEPTH = 5;

/** What frameworks and runtimes call once, when they start. */
const STARTED: Readonly<Record<Outline['tongue'], RegExp>> = {
  script: /^(?:onModuleInit|onApplicationBootstrap)$/,
  python: /^$/,
  go: /^(?:main|init)$/,
  csharp: /^Main$/,
};

/** A function without a name that is called where it stands, or once something is ready. */
const CALLED =
  /\.then\s*\(\s*(?:async\s*)?(?:function\b[^{}]*|[^(){}]*=>|\([^{}]*\)\s*=>)\s*$|\.listen\s*\([^{}]*$|\.(?:once|on)\s*\(\s*["'](?:open|connected|ready|listening)["']\s*,[^{}]*$|\.whenReady\s*\([^{}]*$/;
const MADE_AND_CALLED =
  /(?:^|[;\s!+~])\(\s*(?:async\s*)?(?:function\b[^{}]*|\([^{}]*\)\s*=>)\s*$|\bgo\s+func\s*\(\s*\)\s*$/;

const PYTHON_STARTED =
  /@\w+(?:\.\w+)*\.(?:on_event\(\s*["']startup["']|before_first_request\b|before_serving\b|listener\(\s*["'](?:before|after)_server_start["'])/;
const PYTHON_LIFESPAN = /@(?:contextlib\.)?asynccontextmanager\b/;

/** Decides, in one statement. */
const DECIDES = /\b(?:if|else|elif|case|while|for|unless|assert)\b|&&|\|\||\?(?![.?])|=>|\band\b|\bor\b|\blambda\b/;

/** `connect().then(() => reset())` */
const THEN = /\.then\s*\(\s*(?:async\s*)?(?:\([^()]*\)|[\w$]+)\s*=>/g;

/** It may be left before, but for where something has failed. */
const FAILS = /\bif\s*\(?\s*!?[\w.]*(?:err|error|Err)\b[^{};\n]*(?:\{[^{}]*\}|[^;\n]*)/g;
const LEAVES = /\b(?:return|yield|goto)\b|\b(?:process|sys|os|Environment)\.(?:exit|Exit|_exit)\b|(?<![\w.])exit\(/;

export class AtStart {
  private readonly outlines: readonly Outline[];
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
    this.outlines = program.files.flatMap((source) => outlineOf(source) ?? []);
  }

  get files(): readonly Outline[] {
    return this.outlines;
  }

  comesTo(outline: Outline, at: number, depth = 0): boolean {
    if (depth > MAX_DEPTH) return false;
    const frames = outline.around(at);
    if (DECIDES.test(outline.before(at).replace(THEN, ''))) return false;
    for (let i = frames.length - 1; i >= 0; i--) {
      const frame = frames[i]!;
      if (frame.kind === 'condition') return this.isEntryGuard(frame, outline) && this.leavesNot(outline, 0, at);
      if (frame.kind !== 'function') continue;
      if (!this.leavesNot(outline, frame.start, at)) return false;
      if (this.isCalledHere(frame, outline)) return this.comesTo(outline, callStart(frame), depth + 1);
      return frame.name !== null ? this.isStarted(frame, outline, depth) : false;
    }
    return this.isLoaded(outline) && this.leavesNot(outline, 0, at);
  }

  /** The code that stands in no function. */
  private isLoaded({ tongue, source }: Outline): boolean {
    return tongue === 'script' || tongue === 'python' || (tongue === 'csharp' && this.program.entries.has(source.path));
  }

  private isEntryGuard({ head }: Frame, { source }: Outline): boolean {
    if (!/^if\s+__name__\s*==\s*["']__main__["']\s*:\s*$/m.test(head.trim())) return false;
    const name = path.posix.basename(source.path);
    return (
      this.program.entries.has(source.path) &&
      new RegExp(`(?:^|[\\s/])${name.replace(/\W/g, '\\$&')}(?=\\s|$)`, 'm').test(this.program.words)
    );
  }

  private leavesNot(outline: Outline, from: number, to: number): boolean {
    // What functions inside do does not matter.
    let text = outline.code.slice(from, to);
    for (const { start, end, kind } of outline.functions)
      if (kind === 'function' && start >= from && end <= to)
        text = text.slice(0, start - from) + ' '.repeat(end - start) + text.slice(end - from);
    return !LEAVES.test(text.replace(FAILS, '').replace(/\bawait\s+return\b|\breturn\s*\(?\s*(?:await\s+)?$/, ''));
  }

  private isCalledHere({ head, end }: Frame, { tongue, code }: Outline): boolean {
    if (tongue === 'python') return false;
    if (/&&|\|\||\?(?![.?])|\bif\b/.test(head)) return false;
    return (MADE_AND_CALLED.test(head) && /^\s*\)?\s*\(/.test(code.slice(end + 1, end + 20))) || CALLED.test(head);
  }

  private isStarted(frame: Frame, outline: Outline, depth: number): boolean {
    const { name, head } = frame;
    if (STARTED[outline.tongue].test(name!))
      return outline.tongue !== 'go' || this.program.entries.has(outline.source.path) || name === 'init';
    if (outline.tongue === 'python') {
      if (PYTHON_STARTED.test(head)) return true;
      if (PYTHON_LIFESPAN.test(head))
        return this.outlines.some(({ code }) => new RegExp(`\\blifespan\\s*=\\s*${name}\\b`).test(code));
      // A decorator that is not known may call it, or keep it from being called.
      if (/^\s*@/.test(head)) return false;
      if (new RegExp(`:${name}(?:\\(|\\s|$)`, 'm').test(this.program.words)) return true;
    }
    return this.isCalled(frame, outline, depth);
  }

  private isCalled({ name }: Frame, outline: Outline, depth: number): boolean {
    const same = this.outlines.flatMap(({ functions }) => functions.filter((one) => one.name === name));
    if (same.length !== 1) return false;
    const call = new RegExp(`(?<![\\w$])${name!.replace(/\W/g, '\\$&')}\\s*(?:<[^<>()]*>)?\\s*\\(`, 'g');
    const stem = path.posix.basename(outline.source.path).replace(/\.\w+$/, '');
    const folder = path.posix.basename(path.posix.dirname(outline.source.path));
    const word = stem === 'index' || stem === '__init__' ? folder : stem;
    return this.outlines.some((other) => {
      if (!other.source.text.includes(name!)) return false;
      const asks = other !== outline && (other.tongue === 'script' || other.tongue === 'python');
      if (asks && !other.source.text.includes(word) && !/['"]\.{1,2}\/?['"]/.test(other.source.text)) return false;
      return [...other.code.matchAll(call)].some(({ index }) => {
        const isDefinition =
          /\b(?:function\*?|func|def|async|void|Task|static|public|private)\s*(?:\([^()]*\)\s*)?$/.test(
            other.code.slice(Math.max(0, index - 60), index),
          );
        const inHead = other.functions.some(
          ({ headStart, start, name: own }) => own === name && headStart <= index && index < start,
        );
        return !isDefinition && !inHead && isOwn(other, index, [stem, folder]) && this.comesTo(other, index, depth + 1);
      });
    });
  }
}

/** A method of something else may be called the same. */
function isOwn({ tongue, code, source }: Outline, at: number, files: readonly string[]): boolean {
  const on = /([\w$]+)\s*\.\s*$/.exec(code.slice(Math.max(0, at - 60), at))?.[1];
  if (on === undefined) return !/\.\s*$/.test(code.slice(Math.max(0, at - 3), at)) || tongue === 'csharp';
  if (tongue === 'csharp' || tongue === 'go' || /^(?:this|self|exports)$/.test(on)) return true;
  return files.some((file) =>
    new RegExp(`\\b${on.replace(/\$/g, '\\$')}\\b[^\\n]*${file.replace(/\W/g, '\\$&')}`, 'i').test(source.text),
  );
}

/** Where the statement begins that the function is handed over in. */
const callStart = ({ headStart, head }: Frame): number => headStart + (head.length - head.trimStart().length);
