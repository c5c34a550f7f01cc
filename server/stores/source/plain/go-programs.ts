/** Which Go files are part of the program that a container runs. */
import * as path from 'node:path';
import type { Source } from '../../../syntax/source.ts';
import { type Building, invocations, programNames } from './built.ts';

interface Package {
  readonly folder: string;
  readonly files: Source[];
  readonly imports: Set<string>;
  main: boolean;
}

/** Built only when asked for: `//go:build ignore`, `// +build integration`. */
const ASKED = /^(?:\/\/go:build|\/\/ ?\+build)\b.*\b(?:ignore|integration|e2e|tools|test|tests|mage|none|never)\b/m;

/** `manifests`: the `go.mod` files. */
export function goFiles(sources: readonly Source[], manifests: readonly Source[], building: Building): Source[] {
  const packages = packagesOf(sources);
  const modules = manifests.flatMap((source) => {
    const name = /^\s*module\s+"?([^\s"]+)/m.exec(source.text)?.[1];
    return name === undefined ? [] : [{ name, folder: path.posix.dirname(source.path) }];
  });
  const pathOf = ({ folder }: Package): string | null => {
    const of = modules
      .filter((one) => folder === one.folder || folder.startsWith(`${one.folder}/`))
      .sort((a, b) => b.folder.length - a.folder.length)[0];
    return of ? `${of.name}${folder.slice(of.folder.length)}` : null;
  };
  const byPath = new Map([...packages.values()].map((one) => [pathOf(one) ?? one.folder, one]));
  const mains = [...packages.values()].filter(({ main }) => main);
  const reached = chosen(mains, building).map((main) => reach(main, byPath));
  // Of several programs, of which it is not known which one runs, only what all of them have is sure to run.
  const counted = reached[0]?.filter((one) => reached.every((some) => some.includes(one))) ?? [];
  return counted.flatMap(({ files }) => files);
}

function packagesOf(sources: readonly Source[]): ReadonlyMap<string, Package> {
  const found = new Map<string, Package>();
  for (const source of sources) {
    const head = source.text.slice(0, 4000);
    const clause = head.search(/^package\s/m);
    if (clause < 0 || ASKED.test(head.slice(0, clause))) continue;
    const folder = path.posix.dirname(source.path);
    const one = found.get(folder) ?? { folder, files: [], imports: new Set<string>(), main: false };
    found.set(folder, one);
    one.files.push(source);
    one.main ||= /^package\s+main\b/m.test(head);
    for (const name of importsIn(source.text)) one.imports.add(name);
  }
  return found;
}

function importsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^import\s*\(([^)]*)\)/gm)].map(([, block]) => block!);
  const lines = [...text.matchAll(/^import\s+(?:[\w.]+\s+)?"([^"\n]+)"/gm)].map(([, name]) => name!);
  const named = blocks.flatMap((block) =>
    block.split(/[\n;]/).flatMap((line) => /^\s*(?:[\w.]+\s+)?["`]([^"`]+)["`]/.exec(line)?.[1] ?? []),
  );
  return [...lines, ...named];
}

function reach(main: Package, byPath: ReadonlyMap<string, Package>): Package[] {
  const found = [main];
  for (const one of found) {
    for (const name of one.imports) {
      const next = byPath.get(name);
      if (next && !found.includes(next)) found.push(next);
    }
  }
  return found;
}

/** The programs that the Dockerfile names; all where it names none. */
function chosen(mains: readonly Package[], building: Building): readonly Package[] {
  if (mains.length < 2) return mains;
  const builds = invocations(building, /\bgo\s+(?:build|install|run)\b/);
  const named = new Map<Package, Set<string>>();
  for (const { words, output } of builds) {
    const given = words.filter((word) => !word.startsWith('-') && /^\.|\/|\.go$/.test(word) && !/^[A-Z_]+=/.test(word));
    for (const main of mains) {
      const isNamed =
        given.some((word) => names(word, main.folder)) || (given.length === 0 && isOutermost(main.folder, mains));
      if (isNamed) named.set(main, (named.get(main) ?? new Set()).add(path.posix.basename(output ?? main.folder)));
    }
  }
  if (named.size === 1) return [...named.keys()];
  const started = programNames(building);
  const matching = (named.size > 0 ? [...named.keys()] : mains).filter((main) =>
    [...(named.get(main) ?? [path.posix.basename(main.folder)])].some((name) => started.has(name)),
  );
  if (matching.length > 0) return matching;
  return named.size > 0 ? [...named.keys()] : mains;
}

/** `./cmd/server`, `cmd/server/main.go`, `.`, `example.org/shop/cmd/server`. */
function names(word: string, folder: string): boolean {
  const given = path.posix
    .normalize(word.replace(/\/[^/]+\.go$|^[^/]+\.go$/, '') || '.')
    .replace(/^(?:\.\.?\/)+|\/$/g, '');
  return given !== '.' && given !== '' && `/${folder}`.endsWith(`/${given.split('/').slice(-2).join('/')}`);
}

const isOutermost = (folder: string, mains: readonly Package[]): boolean =>
  mains.every((other) => other.folder === folder || other.folder.startsWith(`${folder}/`));
