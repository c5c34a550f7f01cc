/** Databases that lie in a mounted folder. */
import { describe, expect, it } from 'vitest';
import { databaseFilesIn } from '../../server/stores/database-files.ts';
import { memory } from '../lint/memory.ts';
import { analysed } from './analysing.ts';

const HEADER = 'SQLite format 3\0 and more';

/** Seen from the project's folder; all files are tracked, but for those that are named as not. */
async function found(
  mounts: readonly string[],
  tree: Readonly<Record<string, string>>,
  untracked: readonly string[] = [],
): Promise<string[]> {
  const compose = `services:\n  app:\n    image: example.org/app\n    volumes: ${JSON.stringify(mounts)}\nvolumes: { data: {} }\n`;
  const { services } = await analysed({ 'compose.yaml': compose, ...tree });
  const files = memory(Object.fromEntries(Object.entries(tree).map(([name, text]) => [`shop/${name}`, text])));
  const tracked = Object.keys(tree)
    .filter((name) => !untracked.includes(name))
    .map((name) => `/w/shop/${name}`);
  return services[0]!.service.mounts.flatMap((mount) =>
    databaseFilesIn(mount, tracked, files).map((file) => file.replace('/w/shop/', '')),
  );
}

describe('a database in a mounted folder', () => {
  it('is told by what stands in it', async () =>
    expect(await found(['./:/stuff'], { 'sub/values.db': HEADER, 'more.sqlite3': HEADER })).toEqual([
      'sub/values.db',
      'more.sqlite3',
    ]));
  it('is the file that is mounted for itself', async () =>
    expect(await found(['./seed.db:/app/app.db'], { 'seed.db': HEADER })).toEqual(['seed.db']));
  it('lies in one of several folders', async () =>
    expect(await found(['./a:/a', './b:/b'], { 'a/x.db': 'text', 'b/x.db': HEADER })).toEqual(['b/x.db']));
  const none: readonly (readonly [
    string,
    readonly string[],
    Readonly<Record<string, string>>,
    (readonly string[])?,
  ])[] = [
    ['a folder that is only read', ['./:/stuff:ro'], { 'values.db': HEADER }],
    ['a folder beside it', ['./data:/stuff'], { 'values.db': HEADER, 'data-old/values.db': HEADER }],
    ['a named volume', ['data:/stuff'], { 'values.db': HEADER }],
    ['a text of that name', ['./:/stuff'], { 'values.db': 'host = db' }],
    ['an empty file', ['./:/stuff'], { 'values.sqlite': '' }],
    ['another kind of database', ['./:/stuff'], { 'values.duckdb': '12345678DUCK' }],
    ['data for tests', ['./:/stuff'], { 'tests/values.db': HEADER, 'fixtures/a.sqlite': HEADER }],
    ['data to begin with', ['./:/stuff'], { 'seeds/values.db': HEADER, 'sample.db': HEADER }],
    ['a package', ['./:/stuff'], { 'node_modules/x/values.db': HEADER }],
    ['a file that is not among those', ['./:/stuff'], { 'values.db': HEADER }, ['values.db']],
  ];
  for (const [title, mounts, tree, untracked] of none)
    it(`is not: ${title}`, async () => expect(await found(mounts, tree, untracked)).toEqual([]));
});
