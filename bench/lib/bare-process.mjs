// The floor of a command that inspects a project: node, the library, the bare calls.
import * as path from 'node:path';
import { LIVE } from './paths.mjs';

const [socket, project] = process.argv.slice(2);
const { bareCalls } = await import(path.join(LIVE, 'entries/bare-calls.js'));
console.log(await bareCalls(socket, project));
// The connections that are kept open would keep the process.
process.exit();
