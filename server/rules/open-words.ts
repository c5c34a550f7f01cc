/** Variables without a value in a command: which words of it they may stand for. */
import type { Words } from '../project/model.ts';

/** The flag right before, in one word with it, behind a blank, or as the item above in a list. */
const FLAG = /(?:^|[\s"'[,])(--?[a-z][\w-]*)["']?(?:=|[\s,]+(?:-[ \t]+)?)["']?[^\s"',[\]]*$/i;

/**
 * Some variable without a value may bring, or take away, words that count: it is not the value of a flag, or it is that
 * of one of `flags`. A password that is not set here is a password and no more.
 */
export const mayHide = ({ unresolved, span }: Words, flags: RegExp): boolean =>
  unresolved.some(({ span: hole }) => {
    const flag = FLAG.exec(hole.source.text.slice(span.start, hole.start))?.[1];
    return hole.source !== span.source || flag === undefined || flags.test(flag);
  });
