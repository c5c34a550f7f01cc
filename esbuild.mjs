// Bundles the client (CommonJS: the extension host requires it), the server and the command line (ES modules in one
// directory, so that code they share, and what is loaded only when needed, are chunks of their own).
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const require = createRequire(import.meta.url);

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  logLevel: 'warning',
  external: ['vscode'],
};

const client = {
  ...common,
  entryPoints: { client: 'client/extension.ts' },
  format: 'cjs',
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
};

/** Parts of dockerode that are never used: its own ssh client (the ssh program is run instead) and BuildKit sessions. */
const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    build.onResolve({ filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader)$/ }, ({ path }) => ({
      path,
      namespace: 'unused',
    }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const server = {
  ...common,
  plugins: [withoutUnused],
  entryPoints: { server: 'server/main.ts', cli: 'server/cli.ts' },
  format: 'esm',
  splitting: true,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};

/** Grammars and the parser run as WebAssembly, read from beside the bundle when a source file is first scanned. */
function copyGrammars() {
  const grammars = path.dirname(require.resolve('@vscode/tree-sitter-wasm/package.json'));
  const out = path.join('dist', 'grammars');
  fs.mkdirSync(out, { recursive: true });
  for (const language of ['bash', 'python', 'javascript', 'typescript', 'tsx', 'go', 'java', 'php', 'ruby', 'rust']) {
    const name = `tree-sitter-${language}.wasm`;
    fs.copyFileSync(path.join(grammars, 'wasm', name), path.join(out, name));
  }
  const runtime = path.dirname(require.resolve('web-tree-sitter'));
  fs.copyFileSync(path.join(runtime, 'web-tree-sitter.wasm'), path.join(out, 'web-tree-sitter.wasm'));
}

/** SQLite as WebAssembly, with the script that runs it, read when the first database has to be read. */
function copySqlite() {
  const folder = path.join('dist', 'sqlite');
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(require.resolve('sql.js/dist/sql-wasm.js'), path.join(folder, 'sql-wasm.cjs'));
  fs.copyFileSync(require.resolve('sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm'));
}

/**
 * What an entry begins with. Its chunks are loaded after it, and from the second start on as they were compiled, where Node
 * (22.1 or newer, VS Code's among them) keeps that.
 */
const ENTRY = "#!/usr/bin/env node\nimport __module from'node:module';__module.enableCompileCache?.();\n";

if (!watch) fs.rmSync('dist', { recursive: true, force: true });
const builds = [client, server].filter((build) =>
  Object.values(build.entryPoints).every((entry) => fs.existsSync(entry)),
);
copyGrammars();
copySqlite();
fs.copyFileSync('server/generated/families.jsonl', 'dist/families.jsonl');
if (watch) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(builds.map((build) => esbuild.build(build)));
  for (const name of ['server.js', 'cli.js']) {
    const file = path.join('dist', name);
    if (!fs.existsSync(file)) continue;
    const text = fs.readFileSync(file, 'utf8');
    if (!text.startsWith('#!')) fs.writeFileSync(file, `${ENTRY}${text}`);
    fs.chmodSync(file, 0o755);
  }
}
