/** Reads attributes off the merged tree of a service for which the model has no field. */
import { textOf } from '../../project/located.ts';
import { type Node, valueAt } from '../../syntax/tree.ts';

export const textAt = (node: Node | undefined, ...keys: readonly string[]): string | undefined => {
  let at = node;
  for (const key of keys) at = valueAt(at, key);
  return at?.kind === 'scalar' && at.value !== null ? textOf(at).value : undefined;
};

/** The texts of a list, or of one scalar that stands for a list of one. */
export function textsAt(node: Node | undefined, ...keys: readonly string[]): string[] {
  let at = node;
  for (const key of keys) at = valueAt(at, key);
  const items = at?.kind === 'seq' ? at.items.map(({ value }) => value) : at ? [at] : [];
  return items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [textOf(item).value] : []));
}

export const isTrueAt = (node: Node | undefined, ...keys: readonly string[]): boolean =>
  /^(true|yes|on|y)$/i.test(textAt(node, ...keys) ?? '');

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of `1m30s`; undefined for what is no duration. */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}
