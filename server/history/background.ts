/** Reads the past while others go on: nothing waits for it. */
import type { History, Past } from './model.ts';

/** Answers with what is known at once, else with nothing, and tells when there is more. */
export function inBackground(history: History, tell: (files: readonly string[]) => void): History {
  const reading = new Set<string>();
  return {
    past(files) {
      const found = history.past(files);
      if (!(found instanceof Promise)) return found;
      const key = files.join('\0');
      if (!reading.has(key)) {
        reading.add(key);
        const done = (past: Past | null): void => {
          reading.delete(key);
          if (past) tell(files);
        };
        found.then(done, () => done(null));
      }
      return null;
    },
  };
}
