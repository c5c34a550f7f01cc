import type { Progress } from '../live/model.ts';
import { oneLine } from './text.ts';

export interface LiveLine {
  readonly show: (progress: Progress) => void;
  readonly clear: () => void;
}

const WIDTH = 78;

/** One line that is written over, on a terminal only: a log would keep every state of it. */
export function liveLine(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
): LiveLine {
  if (stream.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let shown = false;
  return {
    show({ message, done, total }) {
      const counter = total > 1 ? `[${done}/${total}] ` : '';
      const text = `${counter}${oneLine(message)}`.slice(0, Math.min(WIDTH, (stream.columns ?? WIDTH) - 1));
      stream.write(`\r\u001b[K${text}`);
      shown = true;
    },
    clear() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
