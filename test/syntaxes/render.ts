/** Lines with what they are colored as below them, without what surrounds everything. */
import type { Line } from './registry.ts';

const SURROUNDING = /^(source\.|meta\.(stream|document|mapping|map|block|section))/;

const scopesOf = (scopes: readonly string[]): string => scopes.filter((scope) => !SURROUNDING.test(scope)).join(' ');

export const render = (lines: readonly Line[]): string =>
  lines
    .flatMap(({ text, tokens }) => [
      `>${text}`,
      ...tokens
        .map(({ startIndex, endIndex, scopes }) => ({
          startIndex,
          length: Math.min(endIndex, text.length) - startIndex,
          scopes: scopesOf(scopes),
        }))
        .filter(({ length, scopes }) => length > 0 && scopes !== '')
        .map(({ startIndex, length, scopes }) => `#${' '.repeat(startIndex)}${'^'.repeat(length)} ${scopes}`),
    ])
    .join('\n');
