/** Folders of mounts that the start of an application deletes: what is in them nobody knows but its makers. */
import * as path from 'node:path';
import type { Mount } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { coveringMount, isWithin } from '../../survival/backing.ts';
import { programWords } from '../../syntax/programs.ts';
import type { Command } from '../../syntax/shell.ts';
import type { LocatedText } from './texts.ts';

export interface Emptied {
  readonly at: string;
  readonly mount: Mount;
  readonly whole: boolean;
}

/** What is made anew, or belongs to the program, and not to those who use it. */
const PASSING =
  /(?:^|[/._-])(?:te?mp|\.?caches?|logs?|run|pids?|locks?|sockets?|sessions?|node_modules|vendor|venv|target|dist|build|out|static|staticfiles|public|assets|webroot|html|www|bin|libs?|src|code|web|frontend|views|etc|conf|configs?|certs?|ssl|keys|plugins?|addons|work|scratch|downloads?|output|results?|reports?|exports?|coverage|test-?\w*|bundles?|gems|site-packages)(?:$|[/._-])/i;
/** It puts something in the place of what it deleted. */
const FILLS = /^(?:cp|mv|rsync|tar|unzip|git|wget|curl|ln|install|npm|python|php|node|rails)$/;
/** So many commands on, it is not refilled any more. */
const NEAR = 6;

/** Undefined where it deletes no folder of a mount, or one that is filled anew from what the image brings. */
export function emptiedMount(
  text: LocatedText,
  at: number,
  analysed: AnalysedService,
  value: (text: string) => string | null,
): (Emptied & { readonly refilled: boolean }) | undefined {
  const { image, service } = analysed;
  if (
    image.match &&
    image.match.family.category !== 'base' &&
    !image.match.lookalike &&
    image.match.family.data.length > 0
  )
    return undefined;
  const words = programWords(text.commands[at]!.words);
  if (words[0]?.text !== 'rm' || !words.some(({ text: word }) => /^-\w*[rR]|^--recursive$/.test(word)))
    return undefined;
  const folder = service.workingDir?.value ?? image.workdir;
  for (const word of words.slice(1)) {
    if (word.text.startsWith('-')) continue;
    const written = text.text.slice(word.start, word.end);
    // In quotes a star is a star.
    if (/["'][^"']*\*[^"']*["']/.test(written)) continue;
    const filled = value(word.text)?.replace(/\/(?:\*|\.)?$/, '');
    if (filled === undefined || filled === '' || /[*?[{$`~]/.test(filled)) continue;
    const path_ = path.posix.resolve(folder, filled);
    const mount = coveringMount(path_, service.mounts);
    if (!mount || !isData(mount, path_)) continue;
    return {
      at: path_,
      mount,
      whole: path_ === mount.target,
      refilled: isRefilled(text.commands.slice(at + 1, at + 1 + NEAR), path_, folder, value),
    };
  }
  return undefined;
}

function isData(mount: Mount, at: string): boolean {
  if (mount.readOnly || mount.source === undefined || mount.unresolved.length > 0 || at === '/') return false;
  if (mount.type !== 'volume' && mount.type !== 'bind') return false;
  const inner = path.posix.relative(mount.target, at);
  const name = mount.type === 'volume' ? mount.source : path.posix.basename(mount.source);
  return !PASSING.test(mount.target) && !PASSING.test(name) && !PASSING.test(inner);
}

const isRefilled = (
  commands: readonly Command[],
  at: string,
  folder: string,
  value: (text: string) => string | null,
): boolean =>
  commands.some(
    ({ words }) =>
      FILLS.test(path.posix.basename(programWords(words)[0]?.text ?? '')) &&
      words.slice(1).some(({ text }) => {
        const filled = value(text);
        return (
          filled !== null &&
          (filled.includes('/') || filled === '.') &&
          isWithin(path.posix.resolve(folder, filled), at)
        );
      }),
  );
