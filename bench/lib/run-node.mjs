import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** Runs node to its end; resolves to the time that took and what was printed. */
export function runNode(args, { cwd, env, allowed = [0] } = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', reject);
    child.on('close', (code) => {
      const ms = performance.now() - started;
      if (allowed.includes(code)) resolve({ ms, output });
      else reject(new Error(`node ${args.join(' ')} ended with ${code}\n${errors || output}`));
    });
  });
}
