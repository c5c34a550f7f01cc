/** `workspace/executeCommand`: what actions start besides edits. An editor may run each of them itself, and better. */
import {
  type CancellationToken,
  ErrorCodes,
  type ExecuteCommandParams,
  ExecuteCommandRequest,
  MessageType,
  ResponseError,
} from 'vscode-languageserver/node';
import type { Client } from './client.ts';
import { isRecord } from './client.ts';
import { documentationOf } from './convert.ts';
import type { Session } from './session.ts';
import { showMessage } from './show-message.ts';
import { VERIFY, verify } from './verify.ts';

/** Arguments: `{ title, steps }`, the steps that carry existing data over. */
export const SHOW_STEPS = 'composePersistence.showSteps';

/** Arguments: the name of a rule, and the address of its page. */
export const OPEN_DOCUMENTATION = 'composePersistence.openDocumentation';

/** Without those that the editor announced: registering a command twice is an error there. */
export const serverCommands = (client: Client): string[] =>
  [SHOW_STEPS, OPEN_DOCUMENTATION, VERIFY].filter((command) => !client.commands.has(command));

export function registerCommands(session: Session): void {
  // Not onExecuteCommand(): it takes the progress token out of the parameters, and hands on nothing that tells of it.
  session.connection.onRequest(
    ExecuteCommandRequest.type,
    session.guard.request(
      'workspace/executeCommand',
      async (params: ExecuteCommandParams, token: CancellationToken) => {
        const { command, arguments: [argument] = [], workDoneToken } = params;
        if (command === SHOW_STEPS) return showSteps(session, isRecord(argument) ? argument : {});
        if (command === OPEN_DOCUMENTATION) return openDocumentation(session, String(argument));
        if (command === VERIFY) return verify(session, argument, token, workDoneToken);
        return new ResponseError<void>(ErrorCodes.InvalidParams, `There is no command ${command}`);
      },
    ),
  );
}

async function showSteps({ connection }: Session, { title, steps }: Record<string, unknown>): Promise<null> {
  const lines = Array.isArray(steps) ? steps.map((step, index) => `${index + 1}. ${step}`) : [];
  await showMessage(connection, MessageType.Info, [title ?? 'Existing data', ...lines].join('\n'));
  return null;
}

async function openDocumentation({ connection, client }: Session, rule: string): Promise<null> {
  const url = documentationOf(rule);
  const shown = client.showsDocuments && (await connection.window.showDocument({ uri: url, external: true })).success;
  if (!shown) await showMessage(connection, MessageType.Info, url);
  return null;
}
