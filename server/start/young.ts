/**
 * How far V8 lets the space for young objects grow: by itself to tens of megabytes, which an edit fills with what is garbage
 * by its end. Smaller, it is swept more often, and each time faster.
 */
import * as v8 from 'node:v8';

/**
 * While a flag is set V8 takes nothing that was compiled without it, Node's own modules among it: first everything is loaded,
 * and what is to be kept is made `unrestrained`.
 */
export const keepYoungSpaceSmall = (): void => v8.setFlagsFromString('--semi-space-growth-factor=1');

export function unrestrained(act: () => void): void {
  v8.setFlagsFromString(`--semi-space-growth-factor=${USUAL}`);
  act();
  keepYoungSpaceSmall();
}

const USUAL = 2;
