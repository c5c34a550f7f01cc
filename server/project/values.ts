/** Texts that stand for numbers: what Compose can read, and what it makes of them. */

/** As it converts texts to booleans. */
export const isFlag = (text: string): boolean => /^(true|false|y|yes|on|n|no|off)$/i.test(text);

const UNITS = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ns: 1e-9,
};
const LONGEST = 2 ** 63 / 1e9;

export const isDuration = (text: string): boolean => UNITS.test(text) && Math.abs(seconds(text)) < LONGEST;

function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit!]!, 0);
}

const SIZE = /^(\d+(?:\.\d+)?) ?([kmgtp])?(?:i?b)?$/i;

export const isByteSize = (text: string): boolean => SIZE.test(text);

/** Bytes of `64m`; NaN for what is no size. */
export function byteSize(text: string): number {
  const match = SIZE.exec(text);
  if (!match) return Number.NaN;
  return Math.trunc(Number(match[1]) * 1024 ** ('kmgtp'.indexOf((match[2] ?? ' ').toLowerCase()) + 1));
}

/** `[[host:]published:]target[/protocol]`, with ranges. */
export function isPort(text: string): boolean {
  const [, host, published, target, protocol] =
    /^(?:(?:(\[[^\]]*\]|[^[\]]*):)?([^:]*):)?([^:/]+)(?:\/(.*))?$/.exec(text) ?? [];
  const own = rangeOf(target);
  if (!own || (protocol && !/^(tcp|udp|sctp)$/i.test(protocol))) return false;
  if (host && !/^(\d{1,3}(\.\d{1,3}){3}|\[?[\da-f:.%\w]*:[\da-f:.%\w]*\]?)$/i.test(host)) return false;
  if (!published) return true;
  const outer = rangeOf(published);
  return outer !== undefined && (outer[1] - outer[0] === own[1] - own[0] || own[0] === own[1]);
}

function rangeOf(text: string | undefined): [number, number] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '');
  if (!match) return undefined;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return from <= to && to <= 65535 ? [from, to] : undefined;
}
