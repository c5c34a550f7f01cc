/** Dotenv files with their variables replaced. */
import { type DotenvFile, parseDotenv } from '../syntax/dotenv.ts';
import type { Source } from '../syntax/source.ts';
import { interpolate, type Lookup } from './interpolate.ts';

/** Variables of a dotenv file: `lookup`, then earlier entries of the file. */
export function readDotenv(source: Source, lookup: Lookup): DotenvFile {
  return parseDotenv(source, (value, defined) => {
    const result = interpolate(value, (name) => lookup(name) ?? defined.get(name));
    return {
      value: result.value,
      unresolved: result.unresolved.map((hole) => hole.variable),
      ...(result.errors[0] ? { error: result.errors[0].message } : {}),
    };
  });
}
