const SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** `90s` as Go and so Compose writes it: `1m30s`. A text that is no duration comes back as it is. */
export function goDuration(text: string): string {
  const sign = text.startsWith('-') ? '-' : '';
  const parts = [...text.replace(/^[-+]/, '').matchAll(/(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/gy)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.replace(/^[-+]/, '')) return text;
  const nanos = Math.round(parts.reduce((sum, part) => sum + Number(part[1]) * SECONDS[part[2]!]! * 1e9, 0));
  if (nanos === 0) return '0s';
  if (nanos < 1e9) {
    const [unit, size] = nanos < 1e3 ? ['ns', 1] : nanos < 1e6 ? ['µs', 1e3] : ['ms', 1e6];
    return `${sign}${nanos / (size as number)}${unit}`;
  }
  const hours = Math.floor(nanos / 3.6e12);
  const minutes = Math.floor((nanos % 3.6e12) / 6e10);
  const seconds = (nanos % 6e10) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
