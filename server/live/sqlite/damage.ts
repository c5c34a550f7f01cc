/** Whether the pages of a database still hang together. */
import type { Sql } from './sql.ts';

/** Words about pages. A row that breaks a rule of its table is the application's business. */
const BROKEN = /\b(tree|page|freelist|ptr map|btree|malformed|disk image)\b/i;

/** Null: nothing is broken, or it could not be looked for. */
export function damageOf(sql: Sql): string | null {
  try {
    const text = String(sql.rows('PRAGMA quick_check(1)')[0]?.[0] ?? 'ok');
    return BROKEN.test(text) ? text.split('\n').at(-1)!.slice(0, 120) : null;
  } catch {
    // A table of a module, or a rule with a function, that only the application knows.
    return null;
  }
}
