/** What a file imports, found without parsing it: enough to tell whether parsing it is worth while. */
import type { Source } from '../../syntax/source.ts';
import type { Language } from './code.ts';

const IMPORTS = {
  python: /(?:^|;)[ \t]*(?:from|import)\b.*/gm,
  javascript: /\b(?:from|import|require)\b[ \t(]*(?:'[^'\n]*'|"[^"\n]*")/g,
};

const known = new WeakMap<Source, string>();

/** The imports of a file, one a line: found without parsing it. */
export function importsIn(source: Source, language: Language): string {
  let imports = known.get(source);
  if (imports === undefined) {
    imports = (source.text.match(IMPORTS[language]) ?? []).join('\n');
    known.set(source, imports);
  }
  return imports;
}
