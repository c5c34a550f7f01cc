/** `window/showMessage`, without buttons: the library's own helpers send a request and wait for an answer. */
import { type Connection, type MessageType, ShowMessageNotification } from 'vscode-languageserver/node';

export const showMessage = (connection: Connection, type: MessageType, message: string): Promise<void> =>
  connection.sendNotification(ShowMessageNotification.type, { type, message });
