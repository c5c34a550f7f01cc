/** Signs of no script, which stand in a word for what only running it would tell. */

/** The folder of the script. */
export const SCRIPT_FOLDER = '\uE000';
/** What cannot be told. */
export const UNKNOWN = '\uE001';
/** The arguments that the script was called with. */
export const ARGUMENTS = '\uE002';

export const isTold = (text: string): boolean => !text.includes(UNKNOWN) && !text.includes(ARGUMENTS);
