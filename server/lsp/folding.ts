/** `textDocument/foldingRange`: the sections of units. Other files are folded by the editor and its other extensions. */
import { type FoldingRange, FoldingRangeRequest } from 'vscode-languageserver/node';
import { positionAt, type Source } from '../syntax/source.ts';
import type { Client } from './client.ts';
import type { Session } from './session.ts';

const UNITS = '**/*.{container,volume,pod,kube,build,image,network,quadlets}';
const UNIT = /\.(container|volume|pod|kube|build|image|network|quadlets)$|\.d\/[^/]+\.conf$/;

/** An editor that takes registrations is told that this is about units alone. */
export const foldsStatically = ({ foldingRanges, registersFolding }: Client): boolean =>
  foldingRanges && !registersFolding;

export function registerFolding({ client, connection, guard, documents }: Session): void {
  if (!client.foldingRanges) return;
  connection.onFoldingRanges(
    guard.request('textDocument/foldingRange', async ({ textDocument: { uri } }) => {
      const document = documents.get(uri);
      return document && UNIT.test(document.source.path) ? sectionsOf(document.source) : null;
    }),
  );
}

/** Once the editor is ready for requests. */
export async function offerFolding({ client, connection }: Session): Promise<void> {
  if (!client.registersFolding) return;
  const documentSelector = [{ language: 'quadlet' }, { scheme: 'file', pattern: UNITS }];
  await connection.client.register(FoldingRangeRequest.type, { documentSelector });
}

/** From a header to the last entry of its section. */
async function sectionsOf(source: Source): Promise<FoldingRange[]> {
  const { endOf, unitOf } = await import('../syntax/unit.ts');
  return unitOf(source).sections.flatMap((section) => {
    const startLine = positionAt(source, section.header.start).line;
    const endLine = positionAt(source, endOf(section)).line;
    return endLine > startLine ? [{ startLine, endLine }] : [];
  });
}
