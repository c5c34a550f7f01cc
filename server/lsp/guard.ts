/** The one wrapper around every handler: a fault is logged and answered, and never ends the server. */
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Log } from './log.ts';

export interface Guard {
  notification<P>(name: string, handle: (params: P) => void | Promise<void>): (params: P) => Promise<void>;
  request<P, R, E = void>(
    name: string,
    handle: (params: P, token: CancellationToken) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R | ResponseError<E>>;
}

export function createGuard(log: Log): Guard {
  return {
    notification: (name, handle) => async (params) => {
      try {
        await handle(params);
      } catch (error) {
        log.fault(name, error);
      }
    },
    request:
      <P, R, E = void>(name: string, handle: (params: P, token: CancellationToken) => R | Promise<R>) =>
      async (params: P, token: CancellationToken): Promise<R | ResponseError<E>> => {
        try {
          const result = await handle(params, token);
          return token.isCancellationRequested ? new ResponseError<E>(LSPErrorCodes.RequestCancelled, name) : result;
        } catch (error) {
          if (error instanceof ResponseError) return error as ResponseError<E>;
          log.fault(name, error);
          const cause = error instanceof Error ? error.message : String(error);
          return new ResponseError<E>(LSPErrorCodes.RequestFailed, `${name}: ${cause}`);
        }
      },
  };
}
