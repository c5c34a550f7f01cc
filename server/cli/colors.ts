import pico from 'picocolors';
import type { Severity } from '../rules/rule.ts';
import type { Fate } from '../survival/words.ts';
import type { Io } from './io.ts';

export type Colors = ReturnType<typeof pico.createColors>;

/** NO_COLOR wins over FORCE_COLOR, and both over what standard output is. */
export function colorsFor(io: Pick<Io, 'env' | 'isTTY'>): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env;
  if (NO_COLOR) return pico.createColors(false);
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') {
    return pico.createColors(FORCE_COLOR !== '0' && FORCE_COLOR !== 'false');
  }
  return pico.createColors(io.isTTY && TERM !== 'dumb');
}

type Paint = (text: string) => string;

export const severityPaint = (colors: Colors, severity: Severity): Paint =>
  ({ error: colors.red, warning: colors.yellow, info: colors.blue, hint: colors.cyan })[severity];

export const fatePaint = (colors: Colors, fate: Fate): Paint =>
  ({ kept: colors.green, orphaned: colors.yellow, lost: colors.red, unknown: colors.dim })[fate];
