/** Values of entries whose texts stand for themselves: wherever such a text is read again, it says the same. */

/** Marks of variables, aliases, anchors and tags, whether they are any or stand in quotes. */
const MARKS = /[$*&!]/;

const alone = new WeakSet<object>();

/** @param value what the library made of the value of the entry that is all of `text` */
export function noteIfAlone(value: object, text: string): void {
  if (!MARKS.test(text)) alone.add(value);
}

export const standsAlone = (value: object): boolean => alone.has(value);
