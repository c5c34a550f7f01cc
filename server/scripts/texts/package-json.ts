import type { Chunk, ChunkReader } from './chunk.ts';
import { at, jsonRoot, mappedString, properties, spanAt } from './json-text.ts';

export const packageJson: ChunkReader = (source) =>
  properties(at(jsonRoot(source), 'scripts'))
    .filter(({ value }) => value.type === 'string')
    .map(({ key, value }): Chunk => {
      const name = key.value as string;
      return {
        name,
        span: spanAt(source, key),
        texts: [mappedString(source, value)],
        // `prestop` runs before `stop`.
        after: [`pre${name}`],
      };
    });
