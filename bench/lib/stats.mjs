/** Of a list of numbers. */
export function stats(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return { min: sorted[0], median: at(0.5), p95: at(0.95), count: sorted.length };
}
