/** Fenced blocks of shell in documentation. */
import { type Source, spanOf } from '../../syntax/source.ts';
import { MapBuilder, type Mapped } from '../mapped.ts';
import type { Chunk, ChunkReader } from './chunk.ts';
import { type Line, plainLines } from './lines.ts';

const FENCE = /^([ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)/;
const SHELL = /^(sh|shell|bash|zsh|console|terminal|shell-?session|shellscript|)$/i;
const PROMPT = /^([ \t>]*)(\$|%|\w+@[\w.-]+[:~\w/]*[$#])[ \t]+/;
/** Paragraphs above a block that are kept as what is said of it. */
const PROSE_LINES = 6;

export const markdown: ChunkReader = (source) => {
  const chunks: Chunk[] = [];
  let heading: string | null = null;
  let prose: string[] = [];
  let last: Chunk | null = null;
  let fence: { mark: string; indent: number; lines: Line[] | null } | null = null;
  for (const line of plainLines(source)) {
    const found = FENCE.exec(line.text);
    if (fence) {
      if (found && found[3] === '' && found[2]!.startsWith(fence.mark)) {
        if (fence.lines && fence.lines.length > 0)
          chunks.push(chunkOf(source, heading, prose, fence.lines, fence.indent));
        last = fence.lines && fence.lines.length > 0 ? chunks.at(-1)! : null;
        fence = null;
        prose = [];
      } else fence.lines?.push(line);
    } else if (found) fence = { mark: found[2]!, indent: found[1]!.length, lines: SHELL.test(found[3]!) ? [] : null };
    else {
      const title = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$/.exec(line.text)?.[1];
      if (title !== undefined) {
        heading = title;
        prose = [];
        last = null;
      } else if (line.text.trim() !== '') {
        prose = [...prose, line.text.trim()].slice(-PROSE_LINES);
        // A warning may also stand right below.
        if (last) chunks[chunks.length - 1] = { ...last, prose: `${last.prose ?? ''} ${line.text.trim()}`.trim() };
        last = null;
      }
    }
  }
  if (fence?.lines && fence.lines.length > 0) chunks.push(chunkOf(source, heading, prose, fence.lines, fence.indent));
  return chunks;
};

function chunkOf(
  source: Source,
  name: string | null,
  prose: readonly string[],
  lines: readonly Line[],
  indent: number,
): Chunk {
  const span = spanOf(source, lines[0]!.start, lines.at(-1)!.end);
  return { name, span, texts: [textOf(source, lines, indent)], prose: prose.join(' ') };
}

/** Where prompts are shown, what has none is output. */
function textOf(source: Source, lines: readonly Line[], indent: number): Mapped {
  const prompted = lines.some(({ text }) => PROMPT.test(text));
  const builder = new MapBuilder(source, lines[0]!.start);
  let goesOn = false;
  for (const { text, start, end } of lines) {
    const prompt = prompted ? PROMPT.exec(text) : null;
    const quoted = /^[ \t]*(>[ \t]?)+/.exec(text)?.[0].length ?? 0;
    const own = Math.min(quoted > 0 ? quoted : indent, /^[ \t>]*/.exec(text)![0].length);
    const from = start + (prompt ? prompt[0].length : own);
    // Between prompts a comment is one, and all else is output.
    if (!prompted || prompt || goesOn || /^[ \t>]*#/.test(text)) builder.literal(from, end);
    goesOn = text.endsWith('\\') && (goesOn || !prompted || prompt !== null);
    builder.put('\n', end, end);
  }
  return builder.build();
}
