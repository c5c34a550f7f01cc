/** Values of entries whose texts stand for themselves: wherever such a text is read again, it says the same. */
import { isMap, type Pair } from 'yaml';
import type { Yaml } from './convert.ts';

/** Marks of variables, aliases, anchors and tags, whether they are any or stand in quotes. */
const MARKS = /[$*&!]/;

const alone = new WeakSet<object>();

export const standsAlone = (value: object): boolean => alone.has(value);

/**
 * Notes the value of `pair` where its text stands for itself, or else the values in it of which that is true.
 * @param text of the entry that `pair` was made of
 * @param start the offset that the places in `pair` have for the beginning of `text`
 */
export function noteAlone({ value }: Pair<Yaml, Yaml>, text: string, start: number): void {
  if (!value) return;
  if (!MARKS.test(text)) {
    alone.add(value);
    return;
  }
  if (!isMap(value)) return;
  for (const item of value.items as Pair<Yaml, Yaml>[]) {
    const [from, to] = [item.key.range?.[0], item.value?.range?.[2]];
    if (from !== undefined && to !== undefined) noteAlone(item, text.slice(from - start, to - start), from);
  }
}
