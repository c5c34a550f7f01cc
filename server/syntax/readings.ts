/** What the library made of the texts read last: who edits a file needs to know how it is written, and need not parse it again. */
import type { Document } from 'yaml';
import type { Source } from './source.ts';

/** Characters of text. The library's reading of a text takes some 25 bytes for each. */
const MAX_LENGTH = 700_000;

const readings = new Map<Source, Document>();
let length = 0;

/** Only of sound texts: a faulty one is read in pieces. */
export function keepReading(source: Source, document: Document): void {
  if (document.errors.length > 0 || source.text.length > MAX_LENGTH) return;
  if (!readings.has(source)) length += source.text.length;
  readings.set(source, document);
  for (const oldest of readings.keys()) {
    if (length <= MAX_LENGTH) return;
    readings.delete(oldest);
    length -= oldest.text.length;
  }
}

/** The first document of the text; undefined where it is not remembered. */
export const readingOf = (source: Source): Document | undefined => readings.get(source);
