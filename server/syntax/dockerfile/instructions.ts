/** The text of a Dockerfile as a list of instructions, each with its flags, arguments and here-documents. */
import type { Problem, Source, Span } from '../source.ts';
import type { Heredoc } from './heredoc.ts';
import { heredocsIn, readHeredocs } from './heredoc.ts';
import type { EscapeChar, LogicalLine } from './lines.ts';
import { readDirectives, readLogicalLine, spanIn } from './lines.ts';
import type { Region, Word } from './words.ts';
import { jsonWords, regionSpan, wordAt } from './words.ts';

export interface Flag {
  /** Without `--`. */
  readonly name: string;
  /** Quotes and escapes resolved; null without `=`. */
  readonly value: string | null;
  readonly span: Span;
}

export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly flags: readonly Flag[];
  /** Everything behind the flags, without blanks at its ends. */
  readonly args: Region;
  /** The arguments as JSON strings; null for the other form, `mixed` for an array the builder refuses. */
  readonly json: readonly Word[] | 'mixed' | null;
  readonly heredocs: readonly Heredoc[];
  /** What `ONBUILD` holds back. */
  readonly trigger: Instruction | null;
  /** To the end of the arguments, or of the last here-document. */
  readonly span: Span;
}

export interface InstructionList {
  readonly instructions: readonly Instruction[];
  readonly escapeChar: EscapeChar;
  readonly problems: readonly Problem[];
}

export function readInstructions(source: Source): InstructionList {
  const { escapeChar, problems: directiveProblems } = readDirectives(source);
  const problems = [...directiveProblems];
  const instructions: Instruction[] = [];
  const endless = new Set<string>();
  let position = 0;
  for (;;) {
    const read = readLogicalLine(source, position, escapeChar);
    if (!read) return { instructions, escapeChar, problems };
    const plain = parseInstruction(wholeLine(read.line), escapeChar);
    const { heredocs, end, next } = readHeredocs(
      source,
      heredocsIn(heredocRegion(plain, read.line)),
      read.next,
      endless,
    );
    instructions.push(heredocs.length === 0 ? plain : withHeredocs(plain, heredocs, end));
    for (const heredoc of heredocs) {
      if (heredoc.content !== null) continue;
      problems.push({ span: heredoc.span, message: `The here-document '${heredoc.name}' has no end.` });
    }
    position = next;
  }
}

const wholeLine = (line: LogicalLine): Region => trimmed({ line, start: 0, end: line.text.length });

function trimmed({ line, start, end }: Region): Region {
  const text = line.text.slice(start, end);
  const from = start + text.length - text.trimStart().length;
  return { line, start: from, end: Math.max(from, start + text.trimEnd().length) };
}

const WITH_HEREDOCS = new Set(['ADD', 'COPY', 'RUN']);

/** Where here-documents may start: nowhere in most instructions and in the JSON form. */
function heredocRegion(instruction: Instruction, line: LogicalLine): Region {
  const { keyword, json, args } = instruction.trigger ?? instruction;
  const allowed = WITH_HEREDOCS.has(keyword) && json === null;
  return allowed ? wholeLine(line) : { ...args, end: args.start };
}

function withHeredocs(instruction: Instruction, heredocs: readonly Heredoc[], end: number): Instruction {
  const { trigger } = instruction;
  return {
    ...instruction,
    heredocs,
    trigger: trigger && withHeredocs(trigger, heredocs, end),
    span: end < 0 ? instruction.span : { ...instruction.span, end },
  };
}

function parseInstruction(region: Region, escapeChar: EscapeChar): Instruction {
  const { line, start, end } = region;
  const keywordLength = /^[^\t\v\f\r ]+/.exec(line.text.slice(start, end))?.[0].length ?? 0;
  const keyword = wordAt(line, start, start + keywordLength);
  const name = keyword.text.toUpperCase();
  const { flags, next } = readFlags({ line, start: start + keywordLength, end }, escapeChar);
  const args = trimmed({ line, start: next, end });
  return {
    keyword: name,
    keywordSpan: keyword.span,
    flags,
    args,
    json: jsonWords(args),
    heredocs: [],
    // A trigger cannot be ONBUILD itself, so this ends.
    trigger:
      name === 'ONBUILD' && !/^onbuild\b/i.test(line.text.slice(args.start))
        ? parseInstruction(args, escapeChar)
        : null,
    span: regionSpan(region),
  };
}

/** Leading words that start with `--`; `--` alone ends them. */
function readFlags(region: Region, escapeChar: EscapeChar): { readonly flags: Flag[]; readonly next: number } {
  const { line, end } = region;
  const { text } = line;
  const flags: Flag[] = [];
  let at = region.start;
  for (;;) {
    while (at < end && /\s/.test(text[at]!)) at++;
    if (!text.startsWith('--', at) || at + 2 > end) return { flags, next: at };
    const start = at;
    let word = '';
    let quote = '';
    for (; at < end; at++) {
      const char = text[at]!;
      if (quote === '' && /\s/.test(char)) break;
      if (char === escapeChar) word += ++at < end ? text[at] : '';
      else if (char === quote) quote = '';
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else word += char;
    }
    at = Math.min(at, end);
    if (word === '--') return { flags, next: at };
    const equals = word.indexOf('=');
    flags.push({
      name: equals < 0 ? word.slice(2) : word.slice(2, equals),
      value: equals < 0 ? null : word.slice(equals + 1),
      span: spanIn(line, start, at),
    });
  }
}
