/** Which calls each access may make. The promise of the levels rests on this table, not on their good intentions. */
import type { Access } from './engine.ts';

const READS = new Set(['GET', 'HEAD']);
/** Attaching and following are sessions, exporting reads whole disks: nothing here needs them. */
const NEVER = /\/(attach|export|get)(\/ws)?$/;
const RUNS = /^\/(containers\/[^/]+\/exec|exec\/[^/]+\/start)$/;

export function isAllowed(access: Access, method: string, path: string): boolean {
  if (READS.has(method)) return !NEVER.test(path);
  if (access === 'inspect') return false;
  if (access === 'read') return method === 'POST' && RUNS.test(path);
  return true;
}
