/** A program of ours in one file, for tests that run it in a process of its own and end that. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

/** Packages stay outside, but for those that Node cannot load as they are: they are written for bundlers. */
const packagesOutside: esbuild.Plugin = {
  name: 'packages-outside',
  setup: (build) =>
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('jsonc-parser/') ? undefined : { path: name, external: true },
    ),
};

export async function bundleRunner(source: string, outfile: string): Promise<void> {
  await esbuild.build({
    entryPoints: [path.join(import.meta.dirname, source)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    plugins: [packagesOutside],
    logLevel: 'error',
  });
  const folder = path.dirname(outfile);
  // It stands where its packages and the catalogue can be found from.
  fs.copyFileSync(
    path.join(import.meta.dirname, '../../server/generated/families.jsonl'),
    path.join(folder, 'families.jsonl'),
  );
  fs.symlinkSync(path.join(import.meta.dirname, '../../node_modules'), path.join(folder, 'node_modules'));
}
