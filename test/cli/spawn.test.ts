/** The built command line as a process of its own: pipes, signals of the other side, exit codes. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../built.ts';
import { folder } from './helpers.ts';

let product: Awaited<ReturnType<typeof built>>;

beforeAll(async () => {
  product = await built();
}, 60_000);

afterAll(() => product.remove());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `slow` waits before it reads; `leave` goes away after the first bytes. */
function started(
  cwd: string,
  argv: readonly string[],
  reader: { slow?: boolean; leave?: boolean; stdin?: string } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [product.cli, ...argv], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', NODE_DISABLE_COMPILE_CACHE: '1' },
    });
    const chunks: Buffer[] = [];
    let err = '';
    child.stderr.on('data', (chunk) => (err += chunk));
    const read = (): void => {
      child.stdout.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (reader.leave) child.stdout.destroy();
      });
    };
    if (reader.slow) setTimeout(read, 700);
    else read();
    child.stdin.end(reader.stdin ?? '');
    child.on('close', (code) => resolve({ code, out: Buffer.concat(chunks).toString(), err }));
  });
}

const LOST = 'services:\n  db:\n    image: chromadb/chroma:1.0.0\n';

/** Projects with small findings of more than ten megabytes in all. */
function large(): string {
  const items = Array.from({ length: 9_200 }, (_, i) => `  - ${i} # persistence-ignore missing-volume\n`);
  const text = `services:\n  web:\n    image: nginx\nx-list:\n${items.join('')}`;
  return folder(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}/compose.yaml`, text])));
}

const LARGE = ['lint', '--format', 'json', '--fail-on', 'info'];

describe('the process', () => {
  it('ends with the exit code of what it found', async () => {
    expect(await started(folder({ 'compose.yaml': LOST }), ['lint'])).toMatchObject({ code: 1, err: '' });
    expect((await started(folder({ 'compose.yaml': LOST }), ['lint', '--fail-on', 'never'])).code).toBe(0);
    expect(await started(folder(), ['lint', 'gone'])).toEqual({ code: 2, out: '', err: 'gone: does not exist\n' });
    expect((await started(folder(), ['--nope'])).code).toBe(2);
  });

  it('reads standard input', async () => {
    const { code, out } = await started(folder(), ['lint', '-', '--format', 'json'], { stdin: LOST });
    expect(code).toBe(1);
    expect(JSON.parse(out).findings[0]).toMatchObject({ rule: 'missing-volume', file: '-' });
  });

  it('loses nothing on a pipe, however slow the reader', async () => {
    const { code, out } = await started(large(), LARGE, { slow: true });
    expect(code).toBe(1);
    expect(Buffer.byteLength(out)).toBeGreaterThan(10 * 1024 * 1024);
    expect(JSON.parse(out).findings.length).toBe(46_000);
  });

  it('ends quietly when the reader goes away', async () => {
    const { code, err } = await started(large(), LARGE, { leave: true });
    expect({ code, err }).toEqual({ code: 1, err: '' });
  });
});
