/** SQLite as WebAssembly on a database in memory, loaded when the first has to be read. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SqlJs, SqlValue } from 'sql.js';

export interface Sql {
  /** @throws Error with SQLite's own words */
  rows(query: string): readonly (readonly SqlValue[])[];
  close(): void;
}

/** `image`: without a log, see `merged`. It may be written to. */
export async function openImage(image: Uint8Array): Promise<Sql> {
  const { Database } = await load();
  const database = new Database(image);
  return {
    rows: (query) => database.exec(query)[0]?.values ?? [],
    close: () => database.close(),
  };
}

let loading: Promise<SqlJs> | undefined;

function load(): Promise<SqlJs> {
  loading ??= start().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Not bundled: it is a script that asks for its own folder, which a part of an ES module has not. */
async function start(): Promise<SqlJs> {
  const require = createRequire(import.meta.url);
  const folder = shipped();
  const program = folder ? path.join(folder, 'sql-wasm.cjs') : require.resolve('sql.js');
  const wasm = folder ? path.join(folder, 'sql-wasm.wasm') : require.resolve('sql.js/dist/sql-wasm.wasm');
  const initSqlJs = require(program) as typeof import('sql.js').default;
  return initSqlJs({ wasmBinary: fs.readFileSync(wasm) });
}

/** Beside the bundle, or beside a chunk of it. Undefined in a checkout, which has it in its packages. */
function shipped(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return ['sqlite', '../sqlite']
    .map((folder) => path.join(here, folder))
    .find((folder) => fs.existsSync(path.join(folder, 'sql-wasm.cjs')));
}
