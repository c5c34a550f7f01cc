/** The grammars as VS Code loads them: those that package.json contributes, with one of the grammars of YAML around. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { INITIAL, type IToken, parseRawGrammar, Registry } from 'vscode-textmate';

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '../..');

interface Contribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

export interface Language {
  readonly id: string;
  readonly extensions: readonly string[];
  readonly filenamePatterns: readonly string[];
  readonly icon: Readonly<Record<string, string>>;
  readonly configuration: string;
}

interface Contributes {
  readonly grammars: readonly Contribution[];
  readonly languages: readonly Language[];
}

const readJson = <T>(...parts: string[]): T => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8')) as T;

const { contributes } = readJson<{ contributes: Contributes }>(root, 'package.json');

export const languages = contributes.languages;

/** Files of grammars by the scope that they define. */
type Files = Readonly<Record<string, string>>;

const ours: Files = Object.fromEntries(contributes.grammars.map((one) => [one.scopeName, path.join(root, one.path)]));

/** VS Code's own YAML, of each version that the editor suite has installed. */
function installed(): [string, Files][] {
  const hosts = path.join(root, '.tmp/hosts');
  return (fs.existsSync(hosts) ? fs.readdirSync(hosts) : []).flatMap((host): [string, Files][] => {
    const folder = path.join(hosts, host, 'node_modules/code-server/lib/vscode/extensions/yaml');
    if (!fs.existsSync(folder)) return [];
    const { contributes } = readJson<{ contributes: Contributes }>(folder, 'package.json');
    const files = contributes.grammars.map((one) => [one.scopeName, path.join(folder, one.path)]);
    return [[`the YAML of VS Code (${host})`, Object.fromEntries(files)]];
  });
}

/** The extension "YAML", which most people have, brings the grammar that VS Code had before, and it takes its place. */
export const YAML: readonly (readonly [string, Files])[] = [
  ['the YAML of the YAML extension', { 'source.yaml': require.resolve('tm-grammars/grammars/yaml.json') }],
  ...installed(),
];

const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
const onigLib = loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)).then(() => ({
  createOnigScanner: (patterns: string[]) => new OnigScanner(patterns),
  createOnigString: (text: string) => new OnigString(text),
}));

const injectionsInto = (scope: string): string[] =>
  contributes.grammars.filter(({ injectTo }) => injectTo?.includes(scope)).map(({ scopeName }) => scopeName);

export interface Line {
  readonly text: string;
  readonly tokens: readonly IToken[];
}

export type Tokenize = (lines: readonly string[]) => Line[];

/** What colors text of the language with this scope. `yaml` are the grammars around; `injected` tells ours apart. */
export async function tokenizer(scope: string, yaml: Files = {}, injected = true): Promise<Tokenize> {
  const files = { ...yaml, ...ours };
  const registry = new Registry({
    onigLib,
    loadGrammar: async (name) =>
      files[name] === undefined ? null : parseRawGrammar(fs.readFileSync(files[name], 'utf8'), files[name]),
    getInjections: (name) => (injected ? injectionsInto(name) : []),
  });
  const grammar = await registry.loadGrammar(scope);
  if (!grammar) throw new Error(`no grammar for ${scope}`);
  return (lines) => {
    let stack = INITIAL;
    return lines.map((text) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(text, stack);
      stack = ruleStack;
      return { text, tokens };
    });
  };
}
