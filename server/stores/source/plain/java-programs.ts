/** Which Java files are part of the program that a container runs. */
import * as path from 'node:path';
import type { Source } from '../../../syntax/source.ts';
import type { Building } from './built.ts';

/** The folder of a module; null for files that are in none. */
const moduleOf = (file: string): string | null => /^(.*?)\/src\/main\/java\//.exec(file)?.[1] ?? null;

/** Of a build of several modules those that the Dockerfile or the command names. */
export function javaFiles(sources: readonly Source[], _manifests: readonly Source[], building: Building): Source[] {
  const modules = new Set(sources.flatMap(({ path: at }) => moduleOf(at) ?? []));
  if (modules.size < 2) return [...sources];
  const words = [...building.commands, ...building.copied, ...building.argv].join('\n');
  const named = [...modules].filter((module) => {
    const name = path.posix.basename(module).replace(/[^\w]/g, '\\$&');
    return new RegExp(`(?:^|[\\s/:"'=,])${name}(?=[/:\\s"',]|$)`, 'm').test(words);
  });
  return sources.filter(({ path: at }) => named.includes(moduleOf(at) ?? ''));
}
