/** What `dist/cli.js` is: the command line, as it was compiled by an earlier run. */
import { COMMANDS } from '../cli/help.ts';
import { start } from './start.ts';

const use = COMMANDS.find((command) => command === process.argv[2]) ?? 'help';
const keep = start('cli', `cli-${use}`);
// All output has been taken by then, and nobody waits for more than the end.
if (keep) process.once('beforeExit', keep);
