/** What variables of a start are, as far as its own lines and the container's settings tell. */
import type { AnalysedService } from '../../stores/model.ts';
import type { LocatedText } from './texts.ts';

/** Values made of values: deeper than this nobody nests them. */
const MAX_DEPTH = 8;

/** With its variables filled in; null where one of them is not known. */
export function valueIn(texts: readonly LocatedText[], analysed: AnalysedService): (text: string) => string | null {
  const all = texts.map(({ text }) => text).join('\n');
  const given = (name: string): string | null | undefined => {
    const entry = analysed.environment.get(name);
    if (entry) return entry.evidence.confidence === 'memory' ? null : entry.value;
    return analysed.service.environmentGaps.length > 0 ? null : undefined;
  };
  const filled = (text: string, depth: number, self?: string): string | null => {
    if (depth > MAX_DEPTH) return null;
    let known = true;
    const result = text.replace(
      /\$(?:\{(\w+)(?::?[-=]([^{}$]*)|:?\?[^{}]*)?\}|(\w+))|[$`]/g,
      (_, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
        const name = braced ?? bare;
        const value =
          name === undefined || /^\d/.test(name) ? null : name === self ? given(name) : variable(name, depth + 1);
        if (typeof value === 'string' && value !== '') return value;
        if (value !== null && fallback !== undefined) return fallback.replace(/^(["'])(.*)\1$/, '$2');
        known = false;
        return '';
      },
    );
    return known ? result : null;
  };
  const variable = (name: string, depth: number): string | null | undefined => {
    const set = [...all.matchAll(new RegExp(`(?:^|[\\s;&|(])${name}\\+?=`, 'gm'))];
    if (set.length === 0) return new RegExp(`\\b(?:read|for)\\s[^\\n;]*\\b${name}\\b`).test(all) ? null : given(name);
    // Under a condition it may be something else.
    const own = new RegExp(
      `^(?:export[ \\t]+|readonly[ \\t]+)?${name}=("[^"\`\\n]*"|'[^'\\n]*'|[^\\s;&|\`()]*)[ \\t]*(?:#.*)?$`,
      'm',
    ).exec(all);
    if (set.length > 1 || !own) return null;
    return filled(own[1]!.replace(/^(["'])(.*)\1$/, '$2'), depth, name);
  };
  return (text) => filled(text, 0);
}
