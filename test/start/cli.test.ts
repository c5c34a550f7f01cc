/** The command line as it is built: what an earlier run has compiled is used, and nothing depends on it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCache, writeCache } from '../../server/start/cache.ts';
import { built, ended } from '../built.ts';
import { folder } from '../cli/helpers.ts';

let product: Awaited<ReturnType<typeof built>>;

beforeAll(async () => {
  product = await built();
});

afterAll(() => product.remove());

const COMPOSE = 'services:\n  db:\n    image: chromadb/chroma:1.0.0\n';
const LINT = ['lint', '--format', 'json'];

interface Place {
  readonly cwd: string;
  /** What is kept there, by the names of the files. */
  readonly cache: string;
  readonly env: Readonly<Record<string, string>>;
}

function place(files: Readonly<Record<string, string>> = { 'compose.yaml': COMPOSE }): Place {
  const home = folder();
  return { cwd: folder(files), cache: path.join(home, 'compose-persistence'), env: { XDG_CACHE_HOME: home } };
}

const run = ({ cwd, env }: Place, args: readonly string[] = LINT) => ended(product.cli, args, { cwd, env });

/** The only file there, and when it was written to the nanosecond. */
function only({ cache }: Place): { file: string; written: bigint } {
  const names = fs.readdirSync(cache);
  expect(names).toHaveLength(1);
  const file = path.join(cache, names[0]!);
  return { file, written: fs.statSync(file, { bigint: true }).mtimeNs };
}

async function expected(): Promise<{ code: number; out: string; err: string }> {
  const off = place();
  const answer = await run({ ...off, env: { ...off.env, NODE_DISABLE_COMPILE_CACHE: '1' } });
  expect(fs.existsSync(off.cache)).toBe(false);
  expect(JSON.parse(answer.out).findings).toMatchObject([{ rule: 'missing-volume', file: 'compose.yaml' }]);
  expect(answer).toMatchObject({ code: 1, err: '' });
  return { code: 1, out: answer.out, err: '' };
}

describe('what a run has compiled', () => {
  it('is kept by the first and used by the next', async () => {
    const answer = await expected();
    const here = place();
    expect(await run(here)).toEqual(answer);
    const first = only(here);
    expect(path.basename(first.file)).toMatch(/^body-[A-Z0-9]{8}-cli-lint-/);
    expect(await run(here)).toEqual(answer);
    expect(only(here)).toEqual(first);
  });

  it.each<[string, (whole: Buffer) => Buffer]>([
    ['damaged', (whole) => Buffer.concat([whole.subarray(0, 5000), Buffer.of(1, 2, 3), whole.subarray(5003)])],
    ['cut off', (whole) => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
  ])('does no harm where it is %s, and is replaced', async (_, change) => {
    const answer = await expected();
    const here = place();
    await run(here);
    const { file } = only(here);
    fs.writeFileSync(file, change(fs.readFileSync(file)));
    expect(readCache(file)).toBeNull();
    expect(await run(here)).toEqual(answer);
    expect(readCache(only(here).file)).not.toBeNull();
  });

  it('does no harm where V8 does not take it, and is replaced', async () => {
    const answer = await expected();
    const here = place();
    await run(here);
    const { file } = only(here);
    const whole = readCache(file)!.data.length;
    writeCache(file, Buffer.from('compiled by something else'));
    expect(await run(here)).toEqual(answer);
    expect(readCache(only(here).file)!.data.length).toBeGreaterThan(whole / 2);
  });

  it('is kept for each command by itself', async () => {
    const here = place();
    await run(here, ['rules']);
    await run(here, ['nonsense']);
    await run(here, ['--version']);
    await run(here);
    const uses = fs.readdirSync(here.cache).map((name) => /^body-[A-Z0-9]{8}-(cli-[a-z]+)-/.exec(name)?.[1]);
    expect(uses.sort()).toEqual(['cli-help', 'cli-lint', 'cli-rules']);
  });

  it('is looked at again after a day', async () => {
    const here = place();
    await run(here);
    const { file } = only(here);
    const then = new Date(Date.now() - 25 * 3_600_000);
    fs.utimesSync(file, then, then);
    await run(here);
    expect(fs.statSync(file).mtimeMs).toBeGreaterThan(then.getTime());
  });

  it('may be kept by several at once', async () => {
    const answer = await expected();
    const here = place();
    for (const one of await Promise.all([run(here), run(here), run(here)])) expect(one).toEqual(answer);
    const kept = only(here);
    expect(await run(here)).toEqual(answer);
    expect(only(here)).toEqual(kept);
  });

  it('is not kept, and nothing is said, where that cannot be', async () => {
    const answer = await expected();
    const here = place();
    fs.writeFileSync(here.cache, 'a file stands where the folder would');
    expect(await run(here)).toEqual(answer);
    const shut = place();
    fs.mkdirSync(shut.cache, { mode: 0o500 });
    expect(await run(shut)).toEqual(answer);
    expect(await run({ ...place(), env: { HOME: '/proc/nowhere' } })).toEqual(answer);
  });

  it('is kept where Node is told to', async () => {
    const here = place();
    const told = folder();
    await run({ ...here, env: { ...here.env, NODE_COMPILE_CACHE: told } });
    expect(fs.existsSync(here.cache)).toBe(false);
    expect(fs.readdirSync(path.join(told, 'compose-persistence'))).toHaveLength(1);
  });
});

describe('the built command line', () => {
  it('is started by a link to it, as package managers make one', async () => {
    const link = path.join(folder(), 'compose-persistence');
    fs.symlinkSync(product.cli, link);
    expect(await ended(link, ['--version'])).toEqual({ code: 0, out: `${version()}\n`, err: '' });
    expect(fs.readFileSync(product.cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    if (process.platform !== 'win32') expect(fs.statSync(product.cli).mode & 0o777).toBe(0o755);
  });

  it('loads what few runs need when it is needed', async () => {
    const app = {
      'compose.yaml': 'services:\n  app:\n    build: .\n',
      Dockerfile: 'FROM python:3.12\nWORKDIR /srv\nCOPY app.py .\nCMD ["python", "app.py"]\n',
      'app.py': "import sqlite3\n\nsqlite3.connect('/data/shop.db')\n",
    };
    const here = place(app);
    const { out } = await run(here, ['report', '--format', 'json']);
    const stores = JSON.parse(out).projects[0].services[0].stores;
    expect(stores).toMatchObject([{ technology: 'sqlite', path: '/data/shop.db' }]);
    const env = { ...here.env, DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const refused = await run({ ...here, env }, ['verify']);
    expect({ code: refused.code, internal: refused.err.includes('internal error') }).toEqual({
      code: 3,
      internal: false,
    });
  });
});

const version = (): string => JSON.parse(fs.readFileSync('package.json', 'utf8')).version;
