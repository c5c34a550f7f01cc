import { spanOf } from '../../syntax/source.ts';
import { Mapped } from '../mapped.ts';
import { UNKNOWN } from '../model.ts';
import type { Chunk, ChunkReader } from './chunk.ts';
import { type Line, linesIn } from './lines.ts';

const VARIABLE = /^(?:export[ \t]+)?([A-Za-z_][\w-]*)[ \t]*:=[ \t]*(["'])(.*)\2[ \t]*(?:#.*)?$/;
const RECIPE = /^@?([A-Za-z_][\w-]*)((?:[ \t][^:=]*)?(?:=[^:]*)?)[ \t]*:(?!=)([^#]*)(?:#.*)?$/;
const INTERPOLATION = /\{\{\{\{|\{\{(.*?)\}\}/gs;

/** Each line of a recipe has a shell of its own; one that begins with `#!` is a script of its own. */
export const justfile: ChunkReader = (source) => {
  const lines = linesIn(source);
  const values = new Map([['justfile_directory()', '.']]);
  for (const { text } of lines) {
    const match = VARIABLE.exec(text);
    if (match) values.set(match[1]!, match[3]!);
  }
  const interpolated = (start: number, end: number): Mapped =>
    Mapped.of(source, start, end).replace(INTERPOLATION, ([match, name = '']) =>
      match === '{{{{' ? '{{' : (values.get(name.trim()) ?? UNKNOWN),
    );
  const chunks: Chunk[] = [];
  let above: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const { text, start } = lines[i]!;
    const recipe = RECIPE.exec(text);
    if (!recipe) {
      above = text.trim() === '' ? [] : /^[[#]/.test(text) ? [...above, text] : [];
      continue;
    }
    const body: Line[] = [];
    while (i + 1 < lines.length && /^[ \t]|^$/.test(lines[i + 1]!.text)) body.push(lines[++i]!);
    while (body.at(-1)?.text.trim() === '') body.pop();
    const first = body[0];
    const end = body.at(-1)?.end ?? lines[i]!.end;
    chunks.push({
      name: recipe[1]!,
      span: spanOf(source, start, end),
      texts: !first ? [] : /^\s*#!/.test(first.text) ? [interpolated(first.start, end)] : body.flatMap(lineText),
      confirmed: above.some((line) => /^\[.*\bconfirm\b/.test(line)),
      after: (recipe[3] ?? '').split(/[\s()]+/).filter((name) => /^[\w-]+$/.test(name)),
      prose: above
        .filter((line) => line.startsWith('#'))
        .map((line) => line.replace(/^#+\s*/, ''))
        .join(' '),
    });
    above = [];
  }
  return chunks;

  function lineText({ text, start, end }: Line): Mapped[] {
    const prefix = /^[ \t]*[@-]*[ \t]*/.exec(text)?.[0].length ?? 0;
    return start + prefix < end ? [interpolated(start + prefix, end)] : [];
  }
};
