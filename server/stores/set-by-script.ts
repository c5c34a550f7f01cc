/** Variables that a script sets before it starts the server. */
import * as path from 'node:path';
import type { EffectiveEnvironment } from './from-image.ts';
import type { FamilyMatch } from './model.ts';
import type { Started } from './started.ts';

/** Variables by which the data can be moved, and which the script sets before it starts the server: the last word is its. */
export function setByScript(
  environment: EffectiveEnvironment,
  match: FamilyMatch,
  started: Started | undefined,
): EffectiveEnvironment {
  const source = started?.script;
  if (!source) return environment;
  const known = new Map(environment);
  for (const { by, key } of match.family.relocations) {
    if (by !== 'env' || !/^\w+$/.test(key)) continue;
    const written = [...source.text.matchAll(new RegExp(`(?:^|[\\s;{])(${key}:?=)([^\\s;}]*)`, 'g'))];
    const last = written.at(-1);
    if (!last) continue;
    const [whole, head, rest] = last as unknown as [string, string, string];
    const value = rest.replace(/^(["'])(.*)\1$/, '$2');
    const start = last.index + whole.length - rest.length;
    const open = written.length > 1 || /[$`"']/.test(value) || (head.endsWith(':=') && environment.has(key));
    const span = { source, start, end: start + rest.length };
    const confidence = open ? 'memory' : 'primary';
    const note = open ? `${key} is set by ${path.posix.basename(source.path)}` : `${key}=${value}`;
    known.set(key, { value: open ? null : value, evidence: { from: 'dockerfile', note, span, confidence } });
  }
  return known;
}
