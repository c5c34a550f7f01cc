/** Language server entry: `compose-persistence-server --stdio`, or `--node-ipc` as VS Code starts it. */
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

const TRANSPORT = /^--(stdio|node-ipc|socket|pipe)(=|$)/;

if (process.argv.slice(2).some((argument) => TRANSPORT.test(argument))) {
  const connection = createConnection();
  // A fault that no handler sees must not cost the editor its diagnostics.
  process.on('uncaughtException', (error) => connection.console.error(`Unexpected: ${error.stack}`));
  process.on('unhandledRejection', (reason) => connection.console.error(`Unexpected: ${String(reason)}`));
  startServer(connection);
} else {
  process.stderr.write('Usage: compose-persistence-server --stdio | --node-ipc | --pipe=<name> | --socket=<port>\n');
  process.exitCode = 2;
}
