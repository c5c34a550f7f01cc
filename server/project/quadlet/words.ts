/** `Exec=` and `Entrypoint=`: the words that run. */

import { type Span, spanOf } from '../../syntax/source.ts';
import { type Chars, place } from '../../syntax/unit/chars.ts';
import type { Unresolved, Words } from '../model.ts';
import type { Value } from './model.ts';
import { unresolvedOf } from './text.ts';

export type Expand = (written: Chars) => Value;

/** Null where there are none. */
export function commandOf(
  words: readonly Chars[],
  expand: Expand,
  variables: ReadonlyMap<string, string | null>,
): Words | null {
  const first = words[0];
  const lastWord = words.at(-1);
  if (!first || !lastWord) return null;
  const all: { word: string; span: Span }[] = [];
  const unresolved: Unresolved[] = [];
  for (const word of words) {
    const span = place(word);
    // A variable without braces that is a word of its own becomes as many words as it has.
    const lone = /^\$([A-Za-z_]\w*)$/.exec(word.text)?.[1];
    if (lone === undefined) {
      const value = expand(word);
      unresolved.push(...unresolvedOf(value));
      all.push({ word: value.chars.text, span });
      continue;
    }
    const value = variables.get(lone) ?? null;
    if (value === null) unresolved.push({ variable: lone, span });
    else all.push(...value.split(/\s+/).flatMap((part) => (part === '' ? [] : [{ word: part, span }])));
  }
  return {
    words: all.map(({ word }) => word),
    spans: all.map(({ span }) => span),
    span: spanOf(first.source, place(first).start, place(lastWord).end),
    unresolved,
    shell: false,
  };
}

/** A list in JSON, or one word with whatever stands in it. */
export function entrypointOf(written: Chars, expand: Expand): Words {
  const value = expand(written);
  const span = place(written);
  const list = jsonWords(value.chars.text);
  const words = list ?? [value.chars.text];
  return { words, spans: words.map(() => span), span, unresolved: unresolvedOf(value), shell: false };
}

function jsonWords(text: string): string[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((word): word is string => typeof word === 'string') ? parsed : null;
  } catch {
    return null;
  }
}
