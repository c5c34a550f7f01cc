/** The bundled server: the one in dist when it is newer than its sources, else one bundled for this test. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = path.join(ROOT, 'dist', 'server.js');

const ESM_REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export async function builtServer(): Promise<{ file: string; remove: () => void }> {
  if (fs.existsSync(BUILT) && fs.statSync(BUILT).mtimeMs > newest(path.join(ROOT, 'server'))) {
    return { file: BUILT, remove: () => undefined };
  }
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-server-'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: { server: 'server/main.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    minify: true,
    logLevel: 'error',
    external: ['*.node', 'cpu-features'],
    banner: { js: ESM_REQUIRE },
  });
  fs.copyFileSync(path.join(ROOT, 'server/generated/families.jsonl'), path.join(outdir, 'families.jsonl'));
  return { file: path.join(outdir, 'server.mjs'), remove: () => fs.rmSync(outdir, { recursive: true }) };
}

function newest(folder: string): number {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(...entries.map((entry) => fs.statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}
