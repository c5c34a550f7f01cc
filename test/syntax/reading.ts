/** A tree as text with its places, to compare at a glance. */
import { rangeOf, type Source, type Span } from '../../server/syntax/source.ts';
import type { Node } from '../../server/syntax/tree.ts';
import { parseYaml, type YamlFile } from '../../server/syntax/yaml.ts';

export const sourceOf = (text: string): Source => ({ path: '/p/compose.yaml', text });

export const read = (text: string): YamlFile => parseYaml(sourceOf(text));

export const place = (span: Span): string => {
  const { start, end } = rangeOf(span);
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
};

/** Values without places; `!` where a part could not be read, `^` where it is inherited. */
export function values(node: Node | null): string {
  if (node === null) return 'nothing';
  const mark = `${node.damaged ? '!' : ''}${node.tag ?? ''}`;
  if (node.kind === 'scalar') return mark + JSON.stringify(node.value);
  if (node.kind === 'seq') return `${mark}[${node.items.map((item) => values(item.value)).join(', ')}]`;
  const entries = [...node.entries].map(([key, one]) => `${one.inherited ? '^' : ''}${key}: ${values(one.value)}`);
  return `${mark}{${entries.join(', ')}}`;
}

export const problemsOf = (text: string): string[] =>
  read(text).problems.map((problem) => `${place(problem.span)} ${problem.message}`);
