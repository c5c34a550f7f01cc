import type { ScriptPart } from '../../scripts/model.ts';
import { isCleaning, type Manner } from './manner.ts';

/** Why a severity is what it is, where a name decides it. */
export const kindWords = (manner: Manner, { name }: ScriptPart): string =>
  manner === 'cleaning' && name && isCleaning(name) ? ` ("${name}" is meant to clean up)` : '';
