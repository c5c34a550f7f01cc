/** How a comment is written in the files that findings land in. */
import * as path from 'node:path';

export interface CommentStyle {
  readonly open: string;
  readonly close: string;
  /** A comment may stand behind something else on its line. */
  readonly trailing: boolean;
}

const HASH: CommentStyle = { open: '# ', close: '', trailing: true };
/** Behind an instruction or a value, a `#` is part of it. */
const HASH_LINE: CommentStyle = { open: '# ', close: '', trailing: false };

const STYLES: readonly (readonly [RegExp, CommentStyle | null])[] = [
  [/\.ya?ml$/i, HASH],
  [/^package\.json$/, null],
  [/\.json$/i, { open: '// ', close: '', trailing: true }],
  [/\.(md|markdown)$/i, { open: '<!-- ', close: ' -->', trailing: true }],
  [/\.(container|volume|pod|kube|build|image|network|conf|env)$|(^|\.)(docker|container)file($|\.)/i, HASH_LINE],
  [/\.(sh|bash|zsh|mk|make|just)$|^(gnu)?makefile$|^\.?justfile$/i, HASH],
];

/** Null where no comment can stand, or where nobody knows how. */
export const commentStyle = (file: string): CommentStyle | null =>
  STYLES.find(([pattern]) => pattern.test(path.posix.basename(file)))?.[1] ?? null;
