/**
 * Assertions below the lines that they are about, in the notation of vscode-tmgrammar-test: carets, the scopes that are
 * there and, after a dash, those that are not. Stricter than its own check: the last scope named begins and ends with
 * the carets.
 */
import type { IToken } from 'vscode-textmate';
import { type GrammarTestCase, parseGrammarTestCase } from 'vscode-tmgrammar-test/dist/unit/index.js';
import type { Line, Tokenize } from './registry.ts';

export const parse = (text: string): GrammarTestCase => parseGrammarTestCase(text);

type Assertion = GrammarTestCase['assertions'][number]['scopeAssertions'][number];

/** Whether `wanted` are among the scopes, in this order. */
function holds(scopes: readonly string[], wanted: readonly string[]): boolean {
  let next = 0;
  for (const scope of scopes) if (scope === wanted[next]) next++;
  return next === wanted.length;
}

const within = ({ tokens }: Line, from: number, to: number): IToken[] =>
  tokens.filter(({ startIndex, endIndex }) => startIndex < to && endIndex > from);

/** Where the scope begins that covers `at`, and where it ends. */
function extent({ text, tokens }: Line, scope: string, at: number): [number, number] {
  const index = tokens.findIndex(({ startIndex, endIndex }) => startIndex <= at && at < endIndex);
  let [first, last] = [index, index];
  while (tokens[first - 1]?.scopes.includes(scope)) first--;
  while (tokens[last + 1]?.scopes.includes(scope)) last++;
  return [tokens[first]!.startIndex, Math.min(tokens[last]!.endIndex, text.length)];
}

function failure(line: Line, { from, to, scopes, exclude }: Assertion): string | undefined {
  const shown = `"${line.text.slice(from, to)}" in "${line.text}"`;
  if (to > line.text.length) return `${shown}: the carets reach beyond the line`;
  for (const token of within(line, from, to)) {
    const there = token.scopes.join(' ');
    if (!holds(token.scopes, scopes)) return `${shown} is no ${scopes.join(' ')}: ${there}`;
    if (exclude.some((scope) => token.scopes.includes(scope))) return `${shown} must not be: ${there}`;
  }
  const last = scopes.at(-1);
  if (last === undefined) return undefined;
  const [start, end] = extent(line, last, from);
  if (start === from && end === to) return undefined;
  return `${shown}: ${last} covers "${line.text.slice(start, end)}"`;
}

export function failures({ source, assertions }: GrammarTestCase, tokenize: Tokenize): string[] {
  const lines = tokenize(source);
  return assertions.flatMap(({ sourceLineNumber, scopeAssertions }) =>
    scopeAssertions.flatMap((assertion) => failure(lines[sourceLineNumber]!, assertion) ?? []),
  );
}

export const countOf = ({ assertions }: GrammarTestCase): number =>
  assertions.reduce((sum, { scopeAssertions }) => sum + scopeAssertions.length, 0);
