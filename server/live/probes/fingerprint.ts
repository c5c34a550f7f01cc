/**
 * Some servers give no id to their data, only to its parts: collections, streams. These come and go, so the data was
 * made anew only when none of them is left.
 */
const BETWEEN = '|';
/** Enough to meet one again. */
const MOST = 50;

/** Null: there are no parts (yet). */
export const partsOf = (ids: readonly string[]): string | null =>
  ids.length === 0
    ? null
    : [...ids]
        .map((id) => id.replaceAll(BETWEEN, '_'))
        .sort()
        .slice(0, MOST)
        .join(BETWEEN);

/** To be used in place of `===` wherever two fingerprints of one server are compared. */
export function isSameData(before: string, now: string): boolean {
  const known = new Set(before.split(BETWEEN));
  return now.split(BETWEEN).some((id) => known.has(id));
}
