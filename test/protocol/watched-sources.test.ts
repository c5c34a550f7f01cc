/**
 * What an editor tells, or does not tell, of changes on disk: whatever it is, after an edit the server says what one says
 * that has only just been started. PERSISTENCE_WATCHED: how many changes; PERSISTENCE_SEED: other ones.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { seeded } from '../fuzz/edits.ts';
import { ChangingTree, FILES } from './changing-tree.ts';
import { brief, type ClientOptions, PULL, start, stopAll, type TestClient } from './client.ts';

afterEach(stopAll);

const CHANGES = Number(process.env.PERSISTENCE_WATCHED ?? 25);
const SEED = Number(process.env.PERSISTENCE_SEED ?? 1);

const WITHOUT = { ...PULL, workspace: { ...PULL.workspace, didChangeWatchedFiles: { dynamicRegistration: false } } };
const WATCHES = { initializationOptions: { watches: true }, watcherExclude: { '**/unwatched/**': true } };
const NEVER = 1_000_000;

/** Random names of files and folders change what is found in the Compose file; an edit makes it look. */
async function edit(client: TestClient, n: number): Promise<void> {
  await client.change('compose.yaml', `${FILES['compose.yaml']}# ${n}\n`);
}

const found = async (client: TestClient): Promise<string[]> =>
  (await client.pullItems('compose.yaml')).map(
    (diagnostic) =>
      `${brief(diagnostic)} ${diagnostic.relatedInformation?.map(({ message, location }) => message + location.uri)}`,
  );

/** What a server says that is started now, with the same documents open. */
async function fresh(client: TestClient): Promise<string[]> {
  const other = await start({ capabilities: PULL, root: client.root });
  try {
    for (const name of client.openNames()) await other.open(name, client.text(name), 'yaml');
    return await found(other);
  } finally {
    await other.stop();
  }
}

async function opened(options: ClientOptions): Promise<TestClient> {
  const client = await start({ capabilities: PULL, files: FILES, ...options });
  await client.open('compose.yaml');
  if (client.registers) await client.until(() => client.registered.includes('workspace/didChangeWatchedFiles'));
  await found(client);
  return client;
}

describe.each([
  ['tells of all changes', WATCHES, true],
  ['tells of some', {}, true],
  ['tells of none, and does not say that it would', {}, false],
  ['cannot watch', { capabilities: WITHOUT }, false],
] as const)('an editor that %s', (_name, options, tells) => {
  test.each([SEED, SEED + 1])(`${CHANGES} changes, seed %i`, { timeout: 60_000 + CHANGES * 2000 }, async (seed) => {
    const client = await opened({ ...options, server: { reviewPause: NEVER } });
    const tree = new ChangingTree(client, seeded(seed));
    const done: string[] = [];
    try {
      await tree.begin(tells);
      for (let n = 0; n < CHANGES; n++) {
        done.push(await tree.change(tells));
        await edit(client, n);
        expect(await found(client), done.join(', ')).toEqual(await fresh(client));
      }
    } finally {
      tree.remove();
    }
  });
});

describe('an editor that says it tells, and does not', () => {
  test('is found out when nobody types, and not believed again', { timeout: 60_000 }, async () => {
    const client = await opened({ ...WATCHES, server: { reviewPause: 50 } });
    const isFoundOut = (): boolean => client.logged.some((line) => line.includes('main.py changed: from now on'));
    let n = 0;
    // What changes before it is believed, or while nothing is remembered, is seen at once.
    for (; !isFoundOut(); n++) {
      await edit(client, -n);
      await found(client);
      client.write('one/main.py', `import sqlite3\nsqlite3.connect("/data/unseen${n}.db")\n`);
      await edit(client, n);
      await client.until(isFoundOut, 1000).catch(() => undefined);
    }
    expect((await found(client)).join('\n')).toContain(`/data/unseen${n - 1}.db`);
    client.write('one/main.py', 'import sqlite3\nsqlite3.connect("/data/again.db")\n');
    await edit(client, n);
    expect((await found(client)).join('\n')).toContain('/data/again.db');
  });
});
