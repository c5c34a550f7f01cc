import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { slashed } from '../../server/files.ts';
import { gitHistory } from '../../server/history/git.ts';
import { git } from '../git.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = slashed(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-history-'))));
  folders.push(made);
  return made;
}

function write(top: string, name: string, text: string): string {
  const file = path.posix.join(top, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

function repository(): { top: string; compose: string } {
  const top = folder();
  git(top, 'init', '-q');
  const compose = write(top, 'deploy/compose.yaml', 'services: {}\n');
  write(top, 'pg/PG_VERSION', '16\n');
  write(top, 'pg/base/1', 'x');
  git(top, 'add', '-A');
  git(top, 'commit', '-q', '-m', 'first');
  return { top, compose };
}

test('texts at HEAD, whatever stands in the file now', async () => {
  const { top, compose } = repository();
  fs.writeFileSync(compose, 'services: { db: {} }\n');
  const added = write(top, 'deploy/new.yaml', '');
  const past = await gitHistory().past([compose, added, '/elsewhere/compose.yaml']);
  expect(past?.top).toBe(top);
  expect(past && [...past.texts]).toEqual([
    [compose, 'services: {}\n'],
    [added, null],
    ['/elsewhere/compose.yaml', null],
  ]);
});

test('what git tracks: a file, and all of a folder', async () => {
  const { top, compose } = repository();
  write(top, 'pg/base/2', 'x');
  const past = await gitHistory().past([compose]);
  expect(past?.tracked(path.posix.join(top, 'pg'))).toEqual([`${top}/pg/PG_VERSION`, `${top}/pg/base/1`]);
  expect(past?.tracked(path.posix.join(top, 'pg/base/2'))).toEqual([]);
  expect(past?.tracked(compose)).toEqual([compose]);
});

test('packed objects and packed references', async () => {
  const { top, compose } = repository();
  git(top, 'gc', '-q');
  const past = await gitHistory().past([compose]);
  expect(past?.texts.get(compose)).toBe('services: {}\n');
});

test('one reading, until something is committed', async () => {
  const { top, compose } = repository();
  const history = gitHistory();
  const first = await history.past([compose]);
  expect(history.past([compose])).toBe(first);
  fs.writeFileSync(compose, 'services: { db: {} }\n');
  git(top, 'commit', '-q', '-a', '-m', 'second');
  const second = await history.past([compose]);
  expect(second?.texts.get(compose)).toBe('services: { db: {} }\n');
});

test('a command sees one state, whatever is committed meanwhile', async () => {
  const { top, compose } = repository();
  const beside = write(top, 'deploy/other/compose.yaml', '');
  const history = gitHistory({ once: true });
  const first = await history.past([compose]);
  fs.writeFileSync(compose, 'services: { db: {} }\n');
  git(top, 'commit', '-q', '-a', '-m', 'second');
  expect(await history.past([compose])).toBe(first);
  expect((await history.past([beside]))?.top).toBe(top);
});

test('nothing is known without a repository, without a commit of it, and in a worktree', async () => {
  expect(gitHistory().past([write(folder(), 'compose.yaml', '')])).toBeNull();
  expect(gitHistory().past([])).toBeNull();

  const empty = folder();
  git(empty, 'init', '-q');
  const file = write(empty, 'compose.yaml', '');
  const past = await gitHistory().past([file]);
  expect(past?.texts.get(file)).toBeNull();

  const { top } = repository();
  const beside = path.posix.join(folder(), 'copy');
  git(top, 'worktree', 'add', '-q', beside);
  expect(gitHistory().past([path.posix.join(beside, 'deploy/compose.yaml')])).toBeNull();
});

test('the same when it is bundled', async () => {
  const { compose } = repository();
  const bundle = path.join(folder(), 'history.mjs');
  await esbuild.build({
    entryPoints: ['server/history/git.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: bundle,
    logLevel: 'silent',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  const built: { gitHistory: typeof gitHistory } = await import(pathToFileURL(bundle).href);
  const past = await built.gitHistory().past([compose]);
  expect(past?.texts.get(compose)).toBe('services: {}\n');
});

test('a damaged repository is no repository', async () => {
  const { top, compose } = repository();
  fs.writeFileSync(path.join(top, '.git', 'index'), 'no index');
  expect(await gitHistory().past([compose])).toBeNull();
});
