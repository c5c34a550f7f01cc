/** Which of an application's files an import means. */
import * as path from 'node:path';

/** Finds files by what imports call them. */
export interface ImportIndex {
  /** A dotted name, absolute or relative (`..a.b`), imported by a file. */
  python(importer: string, dotted: string): string | null;
  javascript(importer: string, specifier: string): string | null;
}

const SCRIPT_ENDS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const INDEX_ENDS = SCRIPT_ENDS.map((end) => `/index${end}`);

export function indexImports(files: Iterable<string>): ImportIndex {
  const all = new Set(files);
  const pythonByName = new Map<string, string[]>();
  const scriptsByName = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, name: string, file: string) => {
    const known = map.get(name);
    if (known) known.push(file);
    else map.set(name, [file]);
  };
  for (const file of all) {
    const bare = file.replace(/\.[a-z]+$/i, '');
    const owner = /^(?:__init__|index)$/.test(path.posix.basename(bare)) ? path.posix.dirname(bare) : bare;
    add(file.endsWith('.py') ? pythonByName : scriptsByName, path.posix.basename(owner), file);
  }

  // Of a package and a module of the same name, Python takes the package.
  const pythonAt = (base: string): string | null =>
    [`${base}/__init__.py`, `${base}.py`].find((file) => all.has(file)) ?? null;

  const scriptAt = (base: string): string | null => {
    if (all.has(base)) return base;
    // TypeScript imports name the file that will have been compiled: `./x.js` is x.ts.
    const bare = base.replace(/\.([mc]?)js(x?)$/, '');
    if (bare !== base) return SCRIPT_ENDS.map((end) => bare + end).find((file) => all.has(file)) ?? null;
    return [...SCRIPT_ENDS, ...INDEX_ENDS].map((end) => base + end).find((file) => all.has(file)) ?? null;
  };

  return {
    python(importer, dotted) {
      const directory = path.posix.dirname(importer);
      const relative = /^(\.+)(.*)$/.exec(dotted);
      if (relative) {
        const up = Array.from({ length: relative[1]!.length - 1 }, () => '..');
        const base = path.posix.join(directory, ...up, relative[2]!.replaceAll('.', '/')).replace(/\/$/, '');
        return relative[2] === '' && !all.has(`${base}/__init__.py`) ? null : pythonAt(base);
      }
      const ending = `/${dotted.replaceAll('.', '/')}`;
      const named = pythonByName.get(path.posix.basename(ending)) ?? [];
      return nearest(importer, named, (file) => {
        const bare = file.replace(/(?:\/__init__)?\.py$/, '');
        return bare.endsWith(ending) ? bare.slice(0, -ending.length) : null;
      });
    },
    javascript(importer, specifier) {
      if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
        return scriptAt(path.posix.join(path.posix.dirname(importer), specifier).replace(/\/$/, ''));
      }
      // Aliases are set up in many places; by custom they mean the sources' root.
      const alias = /^(?:@|~|#|\$lib|src)?\/(.+)$|^[@~#](?=[\w-]+\/)([\w-]+\/.+)$/.exec(specifier);
      const rest = (alias?.[1] ?? (specifier.startsWith('#') ? alias?.[2] : undefined))?.replace(/\.[mc]?jsx?$/, '');
      if (!rest) return null;
      const ending = `/${rest}`;
      return nearest(importer, scriptsByName.get(path.posix.basename(ending)) ?? [], (file) => {
        const bare = file.replace(/(?:\/index)?\.[a-z]+$/i, '');
        return bare.endsWith(ending) ? bare.slice(0, -ending.length) : null;
      });
    },
  };
}

/** The file whose root holds the importing file, the closest first; else the only one there is. */
function nearest(importer: string, files: readonly string[], rootOf: (file: string) => string | null): string | null {
  let best: { file: string; root: string } | null = null;
  const matching: string[] = [];
  for (const file of files) {
    const root = rootOf(file);
    if (root === null || file === importer) continue;
    matching.push(file);
    if (importer.startsWith(`${root}/`) && (!best || root.length > best.root.length)) best = { file, root };
  }
  return best?.file ?? (matching.length === 1 ? matching[0]! : null);
}
