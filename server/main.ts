/** Language server entry: `compose-persistence-server --stdio`, or `--node-ipc` as VS Code starts it. */
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

const TRANSPORT = /^--(stdio|node-ipc|socket|pipe)(=|$)/;

if (process.argv.slice(2).some((argument) => TRANSPORT.test(argument))) {
  const connection = createConnection();
  // A fault that no handler sees must not cost the editor its diagnostics; one that cannot be told means it is gone.
  const survive = (fault: unknown): void => {
    try {
      connection.console.error(`Unexpected: ${fault instanceof Error ? fault.stack : String(fault)}`);
    } catch {
      process.exit(1);
    }
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  startServer(connection);
} else {
  process.stderr.write('Usage: compose-persistence-server --stdio | --node-ipc | --pipe=<name> | --socket=<port>\n');
  process.exitCode = 2;
}
