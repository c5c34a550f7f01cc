// Bundles everything as CommonJS: the client, which the extension host requires; the server and the command line as one
// script, so that what is compiled of it can be kept (server/start/); what is only loaded when needed as files of its own.
//
// node esbuild.mjs [--watch] [--outdir=dist]
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const out = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';
const require = createRequire(import.meta.url);

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  logLevel: 'warning',
  outdir: out,
};

const client = {
  ...common,
  entryPoints: { client: 'client/extension.ts' },
  external: ['vscode'],
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

/** Packages that few runs need. The reader of Git is not among them: most files lie in a repository. */
const LATE = ['dockerode', 'web-tree-sitter'];

const late = {
  ...common,
  plugins: [withoutUnused],
  // As CommonJS names them: the ES module of one of them asks for its own address.
  entryPoints: LATE.map((name) => ({ in: require.resolve(name), out: name })),
  outdir: path.join(out, 'late'),
  sourcemap: false,
};

const lateAreBeside = {
  name: 'late-are-beside',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${LATE.join('|')})$`) }, ({ path: name }) => ({
      path: `./late/${name}.js`,
      external: true,
    }));
  },
};

/** The script is an expression: a function as Node makes of a CommonJS module. server/start/load.ts calls it. */
const body = {
  ...common,
  plugins: [lateAreBeside, { name: 'entries', setup: (build) => build.onEnd(writeEntries) }],
  entryPoints: { body: 'server/start/body.ts' },
  entryNames: '[name]-[hash]',
  metafile: true,
  banner: {
    js: "(function(exports,require,module,__filename,__dirname){'use strict';const __url=require('node:url').pathToFileURL(__filename).href;",
  },
  footer: { js: '})' },
  define: { 'import.meta.url': '__url' },
  // A script outside of Node's own loaders cannot import: what is not in it is required.
  supported: { 'dynamic-import': false },
};

/** What people and editors start. It knows the body by its name, which changes with what it holds. */
async function writeEntries({ metafile, errors }) {
  if (errors.length > 0) return;
  const name = path.basename(Object.keys(metafile.outputs)[0]);
  makeAscii(path.join(out, name));
  await esbuild.build({
    ...common,
    entryPoints: { server: 'server/start/server.ts', cli: 'server/start/cli.ts' },
    define: { BODY: JSON.stringify(name) },
    banner: { js: '#!/usr/bin/env node' },
  });
  for (const entry of ['server.js', 'cli.js']) fs.chmodSync(path.join(out, entry), 0o755);
  for (const other of fs.readdirSync(out)) {
    if (/^body-.*\.js$/.test(other) && other !== name) fs.rmSync(path.join(out, other), { force: true });
  }
}

/** A text of one byte for each character takes half the memory. In regular expressions the bundler leaves others. */
function makeAscii(file) {
  const text = fs.readFileSync(file, 'utf8');
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  fs.writeFileSync(file, text.replace(/[\u0080-\uffff]/g, escaped));
}

/** Grammars and the parser run as WebAssembly, read from beside the bundle when a source file is first scanned. */
function copyGrammars() {
  const grammars = path.dirname(require.resolve('@vscode/tree-sitter-wasm/package.json'));
  const folder = path.join(out, 'grammars');
  fs.mkdirSync(folder, { recursive: true });
  for (const language of ['bash', 'python', 'javascript', 'typescript', 'tsx', 'go', 'java', 'php', 'ruby', 'rust']) {
    const name = `tree-sitter-${language}.wasm`;
    fs.copyFileSync(path.join(grammars, 'wasm', name), path.join(folder, name));
  }
  const runtime = path.dirname(require.resolve('web-tree-sitter'));
  fs.copyFileSync(path.join(runtime, 'web-tree-sitter.wasm'), path.join(folder, 'web-tree-sitter.wasm'));
}

/** SQLite as WebAssembly, with the script that runs it, read when the first database has to be read. */
function copySqlite() {
  const folder = path.join(out, 'sqlite');
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(require.resolve('sql.js/dist/sql-wasm.js'), path.join(folder, 'sql-wasm.cjs'));
  fs.copyFileSync(require.resolve('sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm'));
}

if (!watch) fs.rmSync(out, { recursive: true, force: true });
copyGrammars();
copySqlite();
fs.copyFileSync('server/generated/families.jsonl', path.join(out, 'families.jsonl'));
// The package around it is one of ES modules.
fs.writeFileSync(path.join(out, 'package.json'), '{ "type": "commonjs" }\n');
const builds = [client, late, body];
if (watch) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(builds.map((build) => esbuild.build(build)));
}
