import { spanOf } from '../../syntax/source.ts';
import { Mapped } from '../mapped.ts';
import type { Chunk, ChunkReader } from './chunk.ts';

const KEY = /^[ \t]*(Exec(?:Start|StartPre|StartPost|Stop|StopPost|Reload|Condition))[ \t]*=[ \t]*/;
/** What may stand in front of a program: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html */
const PREFIXES = /^[-@:+!|]+/;

/** The commands of a unit, a line each; what goes on behind a backslash is the same line. */
export const systemd: ChunkReader = (source) => {
  const { text } = source;
  const chunks: Chunk[] = [];
  const line = /(?:[^\\\n]|\\[\s\S]?)*\n?/y;
  for (let at = 0; at < text.length; at = line.lastIndex) {
    line.lastIndex = at;
    if (!line.test(text)) break;
    const end = line.lastIndex - (text[line.lastIndex - 1] === '\n' ? 1 : 0);
    const written = text.slice(at, end);
    const key = KEY.exec(written);
    if (!key) continue;
    const from = key[0].length + (PREFIXES.exec(written.slice(key[0].length))?.[0].length ?? 0);
    if (written.slice(from).trim() === '') continue;
    // No shell reads it: a dollar sign is a variable all the same, and of `%n` nothing is known that a path would need.
    chunks.push({
      name: key[1]!,
      span: spanOf(source, at, end),
      texts: [Mapped.of(source, at + from, end)],
      folder: null,
    });
  }
  return chunks;
};
