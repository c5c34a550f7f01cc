/** Home directories that a build makes together with their users. */
import * as path from 'node:path';
import type { StageResult } from '../../syntax/dockerfile.ts';
import { programWords } from '../../syntax/programs.ts';
import { runText } from './texts.ts';
import { wordValue } from './writes.ts';

/** `useradd -m -d /srv/shop shop`: by directory the user's name, as it is written. */
export function homesIn(stage: StageResult): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const step of stage.steps) {
    const commands = step.kind === 'run' ? (runText(step.run)?.commands ?? []) : [];
    for (const command of commands) {
      const words = programWords(command.words);
      const name = path.posix.basename(words[0]?.text ?? '');
      const makes =
        name === 'adduser' ||
        (name === 'useradd' && words.some(({ text }) => /^(-[A-Za-z]*m[A-Za-z]*|--create-home)$/.test(text)));
      const at = words.findIndex(({ text }) => /^(-d|-h|--home|--home-dir)$/.test(text));
      const home = at > 0 && words[at + 1] ? wordValue(words[at + 1]!, stage) : null;
      const user = words.at(-1)?.text;
      if (makes && home?.startsWith('/') && user !== undefined) homes.set(path.posix.resolve(home), user);
    }
  }
  return homes;
}
