/** `textDocument/codeLens`: "Verify persistence" over the services of a project, and over each that keeps data. */
import { type CodeLens, CodeLensRefreshRequest } from 'vscode-languageserver/node';
import type { VerifyArguments } from '../protocol.ts';
import { rangeOf, type Span } from '../syntax/source.ts';
import type { Client } from './client.ts';
import type { Session } from './session.ts';
import { VERIFY } from './verify.ts';

const TITLE = 'Verify persistence';
/** Of a unit: the other lens may stand on the same line. */
const FOLDER_TITLE = 'Verify persistence of all units in the folder';

/** What would be refused is not offered. */
export const offersCodeLenses = (client: Client): boolean => client.codeLenses && client.trusted;

export function registerCodeLenses(session: Session): void {
  if (!offersCodeLenses(session.client)) return;
  const { connection, guard, documents } = session;
  connection.onCodeLens(
    guard.request('textDocument/codeLens', async ({ textDocument: { uri } }) => {
      const document = documents.get(uri);
      return document && document.path !== null ? lensesFor(session, uri, document.path) : [];
    }),
  );
}

/** Not awaited: an editor may answer only after it has asked again. */
export function refreshCodeLenses({ client, connection, log }: Session): void {
  if (!offersCodeLenses(client) || !client.refreshesCodeLenses) return;
  connection
    .sendRequest(CodeLensRefreshRequest.type)
    .catch((error: unknown) => log.fault('Refreshing code lenses', error));
}

async function lensesFor(session: Session, uri: string, path: string): Promise<CodeLens[]> {
  const { projects, configuration, documents } = session;
  if (!(await configuration.showsCodeLenses(path))) return [];
  await projects.settleFor(path);
  const own = projects.ownOf(path) ?? [];
  const document = documents.at(path);
  if (own.length === 0 || !document) return [];
  const keeping = new Set(
    own.flatMap(({ outcome }) =>
      (outcome?.analysed.services ?? []).filter(({ stores }) => stores.length > 0).map(({ service }) => service.name),
    ),
  );
  // Loaded with the engine, which has parsed this very text.
  const { servicesIn } = await import('./service-keys.ts');
  const services = servicesIn(document.source);
  if (!services) return [];
  return [
    lensAt(services.key, { uri }, /\.container$/.test(path) ? FOLDER_TITLE : TITLE),
    ...services.names
      .filter(({ name }) => keeping.has(name))
      .map(({ name, key }) => lensAt(key, { uri, services: [name] })),
  ];
}

const lensAt = (span: Span, argument: VerifyArguments, title = TITLE): CodeLens => ({
  range: rangeOf(span),
  command: { title, command: VERIFY, arguments: [argument] },
});
