/**
 * Projects in text files, with the stores of all their services:
 *
 *     === what it shows
 *     --- compose.yaml
 *     ...
 *     --- stores
 *     service technology path backing | evidence from file line:character-line:character | note
 *
 * Ranges are zero-based. Stores of settings and caches are left out.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface StoreCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expected: readonly string[];
}

export function readStoreCases(file: string): StoreCase[] {
  const text = fs.readFileSync(file, 'utf8');
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => readCase(file, part));
}

/** Name -> file of all `.txt` in a folder. */
export const caseFiles = (folder: string): [string, string][] =>
  fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => [path.basename(name, '.txt'), path.join(folder, name)]);

function readCase(file: string, part: string): StoreCase {
  const [name = '', ...sections] = part.split(/^--- /m);
  const files: Record<string, string> = {};
  let expected: string[] | undefined;
  for (const section of sections) {
    const end = section.indexOf('\n');
    const heading = section.slice(0, end).trim();
    const body = section.slice(end + 1);
    if (heading === 'stores') expected = body.split('\n').filter((line) => line.trim() !== '');
    else files[heading] = body;
  }
  if (!expected) throw new Error(`${file}: "${name.trim()}" says no stores`);
  return { name: name.trim(), files, expected };
}
