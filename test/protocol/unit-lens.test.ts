import { afterEach, expect, test } from 'vitest';
import { PUSH, start, stopAll } from './client.ts';

afterEach(stopAll);

const LENSES = {
  ...PUSH,
  textDocument: { ...PUSH.textDocument, codeLens: {} },
  workspace: { ...PUSH.workspace, codeLens: { refreshSupport: true } },
};

const FILES = {
  'db.container': '[Unit]\nDescription=The database\n\n[Container]\nImage=docker.io/library/postgres:16\n',
  'web.container': '[Container]\nImage=docker.io/library/nginx:1.27\n',
  'db.volume': '[Volume]\n',
};

test('stand over the folder of a unit, and over the unit where it keeps data', async () => {
  const client = await start({ capabilities: LENSES, files: FILES });
  for (const name of Object.keys(FILES)) await client.open(name);
  expect(await client.lenses('db.container')).toEqual([
    '0:0 Verify persistence of all units in the folder',
    '3:0 Verify persistence db',
  ]);
  expect(await client.lenses('web.container')).toEqual(['0:0 Verify persistence of all units in the folder']);
  expect(await client.lenses('db.volume')).toEqual([]);
});

test('a drill is for what Compose starts', async () => {
  const client = await start({ capabilities: LENSES, files: FILES });
  await client.open('db.container');
  const argument = { uri: client.uri('db.container'), level: 'drill' };
  await expect(
    client.request('workspace/executeCommand', { command: 'composePersistence.verify', arguments: [argument] }),
  ).rejects.toThrow('A drill starts a copy of the project with Compose, which cannot be done with units.');
});
