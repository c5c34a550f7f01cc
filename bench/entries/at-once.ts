/** The language server as it ships, but for its debounce. */
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from '../../server/lsp/server.ts';

startServer(createConnection(), { debounce: 0 });
