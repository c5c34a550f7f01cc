// How each server is started and asked.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ourServer, ourServerAtOnce } from './build.mjs';
import { Server } from './lsp.mjs';
import { OUT } from './paths.mjs';
import { composeLanguageServer } from './peers.mjs';

/** What our server has compiled, kept apart from what the user's own has. */
export const COMPILED = path.join(OUT, 'compiled');

export const SERVERS = {
  /** As editors without pull diagnostics use it, but for the debounce. */
  push: { args: [ourServerAtOnce, '--stdio'], pull: false },
  /** As VS Code uses it: no debounce stands between the edit and the answer. */
  pull: { args: [ourServer, '--stdio'], pull: true, env: { XDG_CACHE_HOME: COMPILED } },
  /** As it ships; diagnostics of an opened document are not debounced. */
  shipped: { args: [ourServer, '--stdio'], pull: false, env: { XDG_CACHE_HOME: COMPILED } },
  /** The same at its very first start, or where nothing can be kept: everything has to be compiled. */
  uncompiled: { args: [ourServer, '--stdio'], pull: false, env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
  composeLs: {
    args: [composeLanguageServer, '--stdio'],
    pull: false,
    initializationOptions: { diagnosticDelay: 0 },
  },
};

/** A started server with `file` open, and what it cost until the first diagnostics. */
export async function opened(kind, folder, file, text) {
  const { args, pull, initializationOptions, env } = SERVERS[kind];
  const server = new Server(args, folder, env);
  await server.start({ pull, initializationOptions });
  const { at, diagnostics } = await server.open(file, text, pull);
  return { server, pull, cold: at - server.spawnedAt, diagnostics };
}

/** One session until our server has kept what it compiled, as every first one does; later ones are measured. */
export async function compileOnce(folder, file, text) {
  const { server } = await opened('shipped', folder, file, text);
  const kept = () =>
    fs.existsSync(COMPILED) &&
    fs.readdirSync(COMPILED, { recursive: true }).some((name) => name.endsWith('.compiled') && name.includes('server'));
  for (let i = 0; !kept() && i < 600; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  await server.stop();
  if (!kept()) throw new Error('the server did not keep what it compiled');
}
