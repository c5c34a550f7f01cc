/** `exec` in front of the command that a shell text ends in: the shell then becomes that program. */
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { insertAt } from './edits.ts';

export const insertExec = (source: Source, offset: number): Edit[] => [insertAt(source, offset, 'exec ')];
