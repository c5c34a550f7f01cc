/** Whether a stretch of a text has a fault: asked for every service, of a file in which each may have one. */
import type { Problem } from '../syntax/source.ts';

/** Whether some fault reaches from `start` to `end`, both included. */
export type Touched = (start: number, end: number) => boolean;

export function touched(problems: readonly Problem[]): Touched {
  const spans = problems.map(({ span }) => span).sort((a, b) => a.start - b.start);
  /** How far the faults reach that begin no later. */
  const reach: number[] = [];
  for (const { end } of spans) reach.push(Math.max(reach.at(-1) ?? -1, end));
  return (start, end) => {
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.start <= end) low = middle + 1;
      else high = middle;
    }
    return low > 0 && reach[low - 1]! >= start;
  };
}
