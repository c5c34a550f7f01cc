// TypeScript of this project, for scripts: bundled, and then imported.
import * as path from 'node:path';
import * as esbuild from 'esbuild';

/** What `source` exports. `options` are added to those of esbuild. */
export async function importBundled(source, options = {}) {
  const out = path.resolve('.tmp', `${path.basename(path.dirname(source))}-${path.basename(source, '.ts')}.mjs`);
  await esbuild.build({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: out,
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    ...options,
  });
  return import(out);
}
