/** `35 MB`, as people say it. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** The day alone: `made 2026-11-21`. */
export const dayText = (instant: string | null): string | null =>
  instant && /^\d{4}-\d\d-\d\d/.test(instant) ? instant.slice(0, 10) : null;
