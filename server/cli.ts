/** The command line's entry. */
import { run } from './cli/run.ts';

// A reader that goes away (`| head`) is no fault of the reader's; write() in cli/io.ts stops quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Not process.exit(): what is still on its way into a pipe must arrive. A run that never comes to its end has found nothing,
// and must not look as if it had looked.
process.exitCode = 2;
const ended = run(process.argv.slice(2), {
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  isTTY: process.stdout.isTTY === true,
  columns: process.stdout.columns,
});
void ended.then((code) => {
  process.exitCode = code;
});
