import { isDuration } from '../project/values.ts';

const NANOS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};

/** `90s` as Go and so Compose writes it: `1m30s`. A text that is no duration comes back as it is. */
export function goDuration(text: string): string {
  if (!isDuration(text)) return text;
  const parts = [...text.matchAll(/(\d*)\.?(\d*)(h|ms|m|s|us|µs|μs|ns)/g)];
  const nanos = parts.reduce((sum, [, whole, fraction, unit]) => sum + nanosOf(whole!, fraction!, NANOS[unit!]!), 0n);
  if (nanos === 0n) return '0s';
  const sign = text.startsWith('-') ? '-' : '';
  if (nanos < NANOS.us!) return `${sign}${nanos}ns`;
  if (nanos < NANOS.ms!) return `${sign}${decimal(nanos, NANOS.us!)}µs`;
  if (nanos < NANOS.s!) return `${sign}${decimal(nanos, NANOS.ms!)}ms`;
  const hours = nanos / NANOS.h!;
  const minutes = (nanos % NANOS.h!) / NANOS.m!;
  const seconds = decimal(nanos % NANOS.m!, NANOS.s!);
  return `${sign}${hours > 0n ? `${hours}h` : ''}${hours > 0n || minutes > 0n ? `${minutes}m` : ''}${seconds}s`;
}

const nanosOf = (whole: string, fraction: string, unit: bigint): bigint =>
  BigInt(whole || '0') * unit + (fraction === '' ? 0n : (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length));

function decimal(nanos: bigint, unit: bigint): string {
  const rest = String(nanos % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return `${nanos / unit}${rest === '' ? '' : `.${rest}`}`;
}
