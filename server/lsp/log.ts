/** The log, seen in the editor's output panel. */
import type { Connection } from 'vscode-languageserver/node';

export interface Log {
  info(message: string): void;
  /** The same fault fails at each keystroke: its stack is written once. */
  fault(doing: string, error: unknown): void;
  /** The same message is written once. */
  once(message: string): void;
}

export function createLog(connection: Pick<Connection, 'console'>): Log {
  const seen = new Set<string>();
  const fresh = (text: string): boolean => !seen.has(text) && seen.add(text) !== undefined;
  return {
    info: (message) => connection.console.info(message),
    fault(doing, error) {
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      // The frames further out depend on who asked.
      const place = trace.split('\n').slice(0, 3).join('\n');
      if (fresh(place)) connection.console.error(`${doing} failed: ${trace}`);
    },
    once(message) {
      if (fresh(message)) connection.console.info(message);
    },
  };
}
