/** `textDocument/diagnostic`. */
import type { Session } from './session.ts';

export function registerDiagnostics({ connection, client, guard, puller }: Session): void {
  if (!client.pullsDiagnostics) return;
  connection.languages.diagnostics.on(guard.request('textDocument/diagnostic', (params) => puller.pull(params)));
}
