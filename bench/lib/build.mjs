// What is measured: a copy of dist/, so that a build meanwhile does no harm, and what only a measurement asks for.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { BENCH, OUT, ROOT } from './paths.mjs';

export async function build({ out = OUT, entries = ['at-once', 'catalogue', 'engine'] } = {}) {
  const dist = path.join(ROOT, 'dist');
  if (!fs.existsSync(path.join(dist, 'server.js'))) throw new Error('There is no dist/server.js: run `npm run build`.');
  if (newest(path.join(ROOT, 'server')) > fs.statSync(path.join(dist, 'server.js')).mtimeMs) {
    process.stderr.write(
      'server/ is newer than dist/: run `npm run build`, or the figures are about different things.\n',
    );
  }
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(out, 'package.json'), '{ "type": "module" }\n');
  fs.cpSync(dist, path.join(out, 'dist'), { recursive: true });
  await esbuild.build({
    entryPoints: entries.map((name) => path.join(BENCH, 'entries', `${name}.ts`)),
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    minify: !process.env.BENCH_READABLE,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outdir: path.join(out, 'entries'),
    plugins: [
      // The product's packages, not those of the peers, which stand nearer.
      { name: 'product', setup: resolveFromRoot },
      { name: 'without-unused', setup: leaveOutUnused },
    ],
    logLevel: 'warning',
    // As in esbuild.mjs: bundled CommonJS packages call require() for Node's own modules.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  fs.copyFileSync(path.join(ROOT, 'server/generated/families.jsonl'), path.join(out, 'entries', 'families.jsonl'));
}

function newest(folder) {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(
    ...files.map(({ parentPath, path: older, name }) => fs.statSync(path.join(parentPath ?? older, name)).mtimeMs),
  );
}

function resolveFromRoot(build) {
  build.onResolve({ filter: /^[^.]/ }, ({ path: name, importer, kind, pluginData }) => {
    if (pluginData || kind === 'entry-point' || path.dirname(importer) !== path.join(BENCH, 'entries')) return null;
    return build.resolve(name, { kind, resolveDir: ROOT, pluginData: true });
  });
}

/** As in esbuild.mjs: a floor that loads what the product leaves out would be no floor. */
function leaveOutUnused(build) {
  const namespace = 'unused';
  build.onResolve({ filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader)$/ }, (one) => ({ path: one.path, namespace }));
  build.onLoad({ filter: /.*/, namespace }, () => ({ contents: 'module.exports = {};' }));
}

export const ourServer = path.join(OUT, 'dist/server.js');
export const ourCli = path.join(OUT, 'dist/cli.js');
/** The server without its debounce: nothing from outside can switch that off. */
export const ourServerAtOnce = path.join(OUT, 'entries/at-once.js');
export const ourCatalogue = path.join(OUT, 'entries/catalogue.js');
export const ourEngine = path.join(OUT, 'entries/engine.js');
