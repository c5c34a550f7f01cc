/** Chance that can be had again: the same seed, the same choices. */
export interface Random {
  /** From 0 up to, not including, 1. */
  readonly next: () => number;
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  /** Up to `most` different ones, in their order. */
  readonly some: <T>(from: readonly T[], most: number) => T[];
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!,
    some(from, most) {
      const wanted = 1 + below(most);
      const chosen = new Set<number>();
      for (let i = 0; i < wanted; i++) chosen.add(below(from.length));
      return [...chosen].sort((a, b) => a - b).map((index) => from[index]!);
    },
  };
}
