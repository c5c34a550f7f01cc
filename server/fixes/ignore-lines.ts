/** Lines added to `.dockerignore` and `.gitignore`. */
import type { Edit } from '../rules/rule.ts';
import { eolOf, type Source } from '../syntax/source.ts';
import { insertAt } from './edits.ts';

/**
 * Appends those of `lines` that the file does not have in force; none where it has them all. A file that does not exist
 * is a source without text. A last line without a line end stays without.
 */
export function addLines(
  file: Source | { readonly path: string; readonly exists: false },
  lines: readonly string[],
): Edit[] {
  const source: Source = 'text' in file ? file : { path: file.path, text: '' };
  const { text } = source;
  const present = inForce(text);
  const missing = [...new Set(lines)].filter((line) => !present.has(line));
  if (missing.length === 0) return [];
  const eol = eolOf(source);
  const block = missing.join(eol);
  return [insertAt(source, text.length, text === '' || text.endsWith('\n') ? block + eol : eol + block)];
}

/** The last matching line wins: `!*.db` takes back an `*.db` above it. */
function inForce(text: string): Set<string> {
  const present = new Set<string>();
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    present.delete(line.startsWith('!') ? line.slice(1).trim() : `!${line}`);
    present.add(line);
  }
  return present;
}
