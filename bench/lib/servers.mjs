// How each server is started and asked.
import { ourServer, ourServerAtOnce } from './build.mjs';
import { Server } from './lsp.mjs';
import { composeLanguageServer } from './peers.mjs';

export const SERVERS = {
  /** As editors without pull diagnostics use it, but for the debounce. */
  push: { args: [ourServerAtOnce, '--stdio'], pull: false },
  /** As VS Code uses it: no debounce stands between the edit and the answer. */
  pull: { args: [ourServer, '--stdio'], pull: true },
  /** As it ships; diagnostics of an opened document are not debounced. */
  shipped: { args: [ourServer, '--stdio'], pull: false },
  composeLs: {
    args: [composeLanguageServer, '--stdio'],
    pull: false,
    initializationOptions: { diagnosticDelay: 0 },
  },
};

/** A started server with `file` open, and what it cost until the first diagnostics. */
export async function opened(kind, folder, file, text) {
  const { args, pull, initializationOptions } = SERVERS[kind];
  const server = new Server(args, folder);
  await server.start({ pull, initializationOptions });
  const { at, diagnostics } = await server.open(file, text, pull);
  return { server, pull, cold: at - server.spawnedAt, diagnostics };
}
