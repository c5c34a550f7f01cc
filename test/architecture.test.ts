/** The arrows that must never exist, read off the imports as the bundler resolves them. */
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { beforeAll, expect, test } from 'vitest';

type Imports = ReadonlyMap<string, readonly string[]>;

let imports: Imports;

beforeAll(async () => {
  const { metafile } = await esbuild.build({
    entryPoints: ['server/main.ts', 'server/cli.ts', 'client/extension.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    outdir: 'out',
    packages: 'external',
    logLevel: 'silent',
  });
  imports = new Map(
    Object.entries(metafile.inputs).map(([file, input]) => [file, input.imports.map((one) => one.path)]),
  );
});

const below = (file: string, folders: readonly string[]): boolean =>
  folders.some((folder) => file.startsWith(`${folder}/`));

function arrows(from: readonly string[], to: readonly string[]): string[] {
  return [...imports].flatMap(([file, targets]) =>
    below(file, from) ? targets.filter((target) => below(target, to)).map((target) => `${file} -> ${target}`) : [],
  );
}

const INNER = ['rules', 'survival', 'stores', 'project', 'syntax', 'catalogue', 'fixes'].map(
  (name) => `server/${name}`,
);

test('the whole tree is looked at', () => {
  expect(imports.size).toBeGreaterThan(60);
});

test('the inner parts know no front', () => {
  expect(arrows(INNER, ['server/lsp', 'server/cli', 'server/live', 'client'])).toEqual([]);
});

test('the server knows no editor', () => {
  const all = [...imports].flatMap(([file, targets]) =>
    file.startsWith('server/') && targets.includes('vscode') ? [file] : [],
  );
  expect(all).toEqual([]);
});

test('the live check knows no rule', () => {
  expect(arrows(['server/live'], ['server/rules'])).toEqual([]);
});

test('the client knows the server by the protocol alone', () => {
  expect(arrows(['client'], ['server']).filter((arrow) => !arrow.endsWith('server/protocol.ts'))).toEqual([]);
});

test('data flows in one direction', () => {
  const order = ['syntax', 'project', 'stores', 'scripts', 'rules', 'lint'];
  const backwards = order.flatMap((name, i) =>
    arrows(
      [`server/${name}`],
      order.slice(i + 1).map((later) => `server/${later}`),
    ),
  );
  expect(backwards).toEqual([]);
});

test('what is loaded only when needed is not imported at the start', () => {
  const lazy = ['web-tree-sitter', 'dockerode', 'isomorphic-git'];
  const eager = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => lazy.includes(target)).map((target) => `${file} -> ${target}`),
  );
  const dynamic = new Set([
    'server/stores/source/grammars.ts',
    'server/live/dockerode.ts',
    'server/history/repository.ts',
  ]);
  expect(eager.filter((arrow) => !dynamic.has(path.posix.normalize(arrow.split(' -> ')[0]!)))).toEqual([]);
});
