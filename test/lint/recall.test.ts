/** How much is read again after an edit: counted, not timed. */
import { describe, expect, test } from 'vitest';
import { type Files, overlay } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { trustWatched } from '../../server/lsp/trust-watched.ts';
import type { Source } from '../../server/syntax/source.ts';
import { memory } from './memory.ts';

const SERVICES = 6;
const MODULES = 30;

const compose = (more = ''): string =>
  `services:\n${Array.from({ length: SERVICES }, (_, n) => `  app${n}:\n    build: ./app${n % 2}\n    volumes: [data${n}:/other]\n`).join('')}${more}volumes:\n${Array.from({ length: SERVICES }, (_, n) => `  data${n}:\n`).join('')}`;

const DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n';

const module = (n: number): string => `import sqlite3\n\nsqlite3.connect("/data/${n}.db")\n`;

function project(): Record<string, string> {
  const tree: Record<string, string> = { 'compose.yaml': compose() };
  for (const app of ['app0', 'app1']) {
    tree[`${app}/Dockerfile`] = DOCKERFILE;
    for (let n = 0; n < MODULES; n++) tree[`${app}/src/m${n}.py`] = n === 0 ? module(n) : `value = ${n}\n`;
  }
  return tree;
}

/** The language server's files: open documents over files that are watched over a disk that counts. */
function editor(tree: Record<string, string>, folders = ['/w']) {
  const disk = memory(tree);
  const open = new Map<string, Source>();
  const watched = trustWatched(disk);
  watched.trust(folders);
  const files: Files = overlay(watched, open);
  const linter = createLinter(files);
  return {
    type(file: string, text: string): void {
      open.set(file, { path: file, text });
      watched.forget(file);
    },
    watched,
    async lint() {
      disk.asked.read = disk.asked.list = 0;
      const { analysed, findings, reads } = await linter.lint({ files: ['/w/compose.yaml'] }, DEFAULT_SETTINGS);
      const stores = analysed.services.flatMap(({ service, stores }) =>
        stores.filter(({ store }) => store.technology === 'sqlite').map(({ store }) => `${service.name} ${store.path}`),
      );
      return { asked: { ...disk.asked }, findings, stores, reads };
    },
  };
}

const FOLDERS = 4; // each context, and its src
const TOP = 1; // where the contexts must stand under their names, and other Compose files may

describe('what is read again', () => {
  test('the first time each folder is listed once, however many services are built from it', async () => {
    const { lint } = editor(project());
    const { asked, stores } = await lint();
    expect(asked.list).toBe(FOLDERS + TOP);
    expect(asked.read).toBeGreaterThanOrEqual(2 * MODULES);
    expect(stores).toHaveLength(SERVICES);
  });

  test('after an edit of the Compose file no source file, and no folder but its own', async () => {
    const { lint, type } = editor(project());
    const before = await lint();
    type('/w/compose.yaml', compose('  cache:\n    image: redis:7\n'));
    const { asked, stores } = await lint();
    expect(asked).toMatchObject({ list: TOP, read: 0 });
    expect(stores).toEqual(before.stores);
  });

  test('after an edit of the Compose file everything, where nobody watches', async () => {
    const { lint, type } = editor(project(), []);
    const before = await lint();
    type('/w/compose.yaml', compose('  cache:\n    image: redis:7\n'));
    const { asked, stores } = await lint();
    expect(asked.list).toBe(FOLDERS + TOP);
    expect(asked.read).toBeGreaterThanOrEqual(2 * MODULES);
    expect(stores).toEqual(before.stores);
  });

  test('after an edit of a file beside the contexts nothing of them', async () => {
    const { lint, type } = editor(project());
    await lint();
    type('/w/notes.md', 'none of it');
    expect((await lint()).asked).toMatchObject({ list: TOP, read: 0 });
  });

  test('after an edit of one source file no other, and what it says now is found', async () => {
    const { lint, type } = editor(project());
    await lint();
    type('/w/app1/src/m3.py', module(3));
    const { asked, stores } = await lint();
    // The folders down to it, and no other text.
    expect(asked).toMatchObject({ list: 3, read: 0 });
    expect(stores.filter((store) => store.endsWith('/data/3.db'))).toEqual(
      ['app1', 'app3', 'app5'].map((app) => `${app} /data/3.db`),
    );
  });

  test('a service that is built otherwise is read anew, the others are not', async () => {
    const { lint, type } = editor(project());
    await lint();
    type('/w/compose.yaml', compose('  late:\n    build: { context: ./app0, args: { A: b } }\n'));
    const { asked, stores } = await lint();
    expect(asked).toMatchObject({ list: TOP, read: 0 });
    expect(stores).toContain('late /data/0.db');
  });

  test('after an edit of the Compose file what builds a service once, for whatever is built from it', async () => {
    const { lint, type } = editor(project());
    await lint();
    type('/w/compose.yaml', compose('  cache:\n    image: redis:7\n'));
    expect((await lint()).asked).toMatchObject({ list: TOP, read: 0 });
  });

  test('a Dockerfile that changes puts the files elsewhere', async () => {
    const { lint, type } = editor(project());
    await lint();
    type('/w/app0/Dockerfile', DOCKERFILE.replace('COPY . .', 'COPY other .'));
    expect((await lint()).stores).toEqual(['app1', 'app3', 'app5'].map((app) => `${app} /data/0.db`));
  });

  test('an outcome depends on the same files when they are not read again', async () => {
    const tree = project();
    const first = editor(tree);
    const { reads } = await first.lint();
    expect(reads.has('/w/app0/src')).toBe(true);
    const again = await first.lint();
    expect(new Set(again.reads)).toEqual(new Set(reads));
  });

  test('a file that appears in a folder', async () => {
    const disk = memory(project());
    let there = false;
    const changing: Files = {
      ...disk,
      read: (file) => (file === '/w/app0/src/late.py' ? { path: file, text: module(7) } : disk.read(file)),
      list: (folder) => [
        ...disk.list(folder),
        ...(there && folder === '/w/app0/src' ? [{ name: 'late.py', kind: 'file' as const }] : []),
      ],
    };
    const linter = createLinter(trustWatched(changing));
    const found = async (): Promise<number> => {
      const { analysed } = await linter.lint({ files: ['/w/compose.yaml'] }, DEFAULT_SETTINGS);
      return analysed.services[0]!.stores.filter(({ store }) => store.path === '/data/7.db').length;
    };
    expect(await found()).toBe(0);
    there = true;
    expect(await found()).toBe(1);
    there = false;
    expect(await found()).toBe(0);
  });

  test('what changes on disk is read again when it is said', async () => {
    const tree = project();
    const disk = memory(tree);
    let now: Source = { path: '/w/app0/src/m1.py', text: 'value = 1\n' };
    const changing: Files = { ...disk, read: (file) => (file === now.path ? now : disk.read(file)) };
    const watched = trustWatched(changing);
    watched.trust(['/w']);
    const linter = createLinter(watched);
    const paths = async (): Promise<(string | null)[]> => {
      const { analysed } = await linter.lint({ files: ['/w/compose.yaml'] }, DEFAULT_SETTINGS);
      return analysed.services[0]!.stores.filter(({ store }) => store.technology === 'sqlite').map(
        ({ store }) => store.path,
      );
    };
    expect(await paths()).toEqual(['/data/0.db']);
    now = { path: now.path, text: module(1) };
    expect(await paths()).toEqual(['/data/0.db']);
    watched.forget(now.path);
    expect(await paths()).toEqual(['/data/0.db', '/data/1.db']);
  });
});

describe('what scripts are about', () => {
  const script = (name: string): Record<string, string> => ({ [name]: '#!/bin/sh\ndocker compose down -v\n' });
  const tree = { 'compose.yaml': compose(), ...script('a/run.sh'), ...script('b/run.sh') };
  const sources = (disk: ReturnType<typeof memory>) => {
    const open = new Map<string, Source>();
    const linter = createLinter(overlay(disk, open));
    const lint = async (file: string): Promise<number> => {
      const selection = { kind: 'script' as const, files: [file], root: '/w' };
      return (await linter.lint(selection, DEFAULT_SETTINGS)).findings.length;
    };
    return { open, lint };
  };

  test('is looked at once for all of them, and anew when it changes', async () => {
    const { open, lint } = sources(memory(tree));
    expect(await lint('/w/a/run.sh')).toBe(1);
    expect(await lint('/w/b/run.sh')).toBe(1);
    const text = 'services:\n  web:\n    image: nginx:1.27\n';
    open.set('/w/compose.yaml', { path: '/w/compose.yaml', text });
    const fresh = sources(memory({ ...tree, 'compose.yaml': text }));
    expect(await lint('/w/b/run.sh')).toBe(await fresh.lint('/w/b/run.sh'));
  });

  test('is not looked at for one that says nothing of containers', async () => {
    const disk = memory({ ...tree, 'a/run.sh': '#!/bin/sh\necho ready\n' });
    expect(await sources(disk).lint('/w/a/run.sh')).toBe(0);
    expect(disk.asked).toMatchObject({ read: 1, list: 0 });
  });
});
