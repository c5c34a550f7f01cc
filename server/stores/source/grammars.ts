/** The parser and its grammars, WebAssembly, loaded when the first source file has to be read. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language as Grammar, Parser } from 'web-tree-sitter';

export type GrammarName =
  | 'bash'
  | 'python'
  | 'javascript'
  | 'typescript'
  | 'tsx'
  | 'go'
  | 'java'
  | 'php'
  | 'ruby'
  | 'rust';

const GRAMMARS: Readonly<Record<string, GrammarName>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'javascript',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'tsx',
};

/** The grammar that reads a file; null for files of other languages. */
export const grammarOf = (file: string): GrammarName | null =>
  file.endsWith('.d.ts') ? null : (GRAMMARS[path.posix.extname(file).toLowerCase()] ?? null);

/** Beside the bundle, or beside a chunk of it, or in a checkout's packages. */
function locate(name: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  for (const directory of ['grammars', '../grammars']) {
    const file = path.join(here, directory, `${name}.wasm`);
    if (fs.existsSync(file)) return file;
  }
  const require = createRequire(import.meta.url);
  return require.resolve(
    name === RUNTIME ? `web-tree-sitter/${name}.wasm` : `@vscode/tree-sitter-wasm/wasm/${name}.wasm`,
  );
}

const RUNTIME = 'web-tree-sitter';

type Engine = Pick<typeof import('web-tree-sitter'), 'Parser' | 'Language'>;

let engine: Promise<Engine> | undefined;
const grammars = new Map<GrammarName, Promise<Grammar>>();

async function start(): Promise<Engine> {
  const { Parser, Language } = await import('web-tree-sitter');
  const runtime = locate(RUNTIME);
  await Parser.init({ locateFile: () => runtime });
  return { Parser, Language };
}

async function loadGrammar(name: GrammarName): Promise<Grammar> {
  const { Language } = await loadEngine();
  return Language.load(fs.readFileSync(locate(`tree-sitter-${name}`)));
}

function loadEngine(): Promise<Engine> {
  engine ??= start();
  return engine;
}

/** Parsers for these grammars. A failure to load is not remembered: the next scan tries again. */
export async function parsersFor(names: ReadonlySet<GrammarName>): Promise<ReadonlyMap<GrammarName, () => Parser>> {
  try {
    const { Parser } = await loadEngine();
    const entries = [...names].map(async (name) => {
      if (!grammars.has(name)) grammars.set(name, loadGrammar(name));
      const grammar = await grammars.get(name)!;
      return [name, () => new Parser().setLanguage(grammar)] as const;
    });
    return new Map(await Promise.all(entries));
  } catch (error) {
    engine = undefined;
    grammars.clear();
    throw error;
  }
}
