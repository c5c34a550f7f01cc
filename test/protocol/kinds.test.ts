/** Documents besides Compose files: a Dockerfile alone, a script, a unit. */
import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { FileChangeType } from 'vscode-languageserver/node';
import { brief, PULL, PUSH, start, stopAll, type TestClient } from './client.ts';

afterEach(stopAll);

const DATABASE = `SQLite format 3\0${'\0'.repeat(100)}`;
const COMPOSE =
  'name: shop\nservices:\n  db:\n    image: postgres:16\n    volumes: [data:/var/lib/postgresql/data]\nvolumes: {data: }\n';

async function findings(client: TestClient, name: string): Promise<string[]> {
  await client.open(name, undefined, 'plaintext');
  return (await client.diagnostics(name)).map(brief);
}

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

const titled = (actions: readonly CodeAction[], title: string): CodeAction => {
  const action = actions.find((one) => one.title === title);
  if (!action) throw new Error(`not among ${actions.map((one) => one.title).join(', ')}`);
  return action;
};

describe('a Dockerfile that no project builds', () => {
  const FILES = { 'tool/Dockerfile': 'FROM scratch\nCOPY shop.db /data/\n', 'tool/shop.db': DATABASE };

  test('is looked at by itself', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    expect((await findings(client, 'tool/Dockerfile')).map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
      'database-copied-into-image 2 1:5-1:12',
    ]);
  });

  test('is left to the project once there is one', async () => {
    const client = await start({ capabilities: PULL, files: FILES });
    await client.open('tool/Dockerfile', undefined, 'dockerfile');
    expect(await client.pullItems('tool/Dockerfile')).toHaveLength(1);
    client.write('compose.yaml', 'services:\n  a:\n    build: tool\n    volumes: [data:/data]\nvolumes:\n  data:\n');
    await client.watched('compose.yaml', FileChangeType.Created);
    const [one, ...more] = await client.pullItems('tool/Dockerfile');
    expect(more).toEqual([]);
    expect(one?.message).toContain('it lies below /data, where a mount hides it');
  });
});

describe('a script', () => {
  const FILES = { 'compose.yaml': COMPOSE, 'deploy.sh': '#!/bin/sh\nset -e\ndocker compose down -v\n' };
  test('is told what its commands delete, with the project around it in mind', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    expect(await findings(client, 'deploy.sh')).toEqual([
      'destructive-volume-command 2 2:20-2:22 docker compose down -v deletes the volumes too: PostgreSQL data (volume shop_data) is gone for good',
    ]);
  });

  test('is known by its first line, where its name has no suffix', async () => {
    const files = { ...FILES, 'bin/deploy': FILES['deploy.sh'], 'bin/notes': 'docker compose down -v\n' };
    const client = await start({ capabilities: PUSH, files });
    expect(await findings(client, 'bin/deploy')).toEqual([
      'destructive-volume-command 2 2:20-2:22 docker compose down -v deletes the volumes too: PostgreSQL data (volume shop_data) is gone for good',
    ]);
    expect(await findings(client, 'bin/notes')).toEqual([]);
  });

  test('its fix leaves the rest of the line alone', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    await findings(client, 'deploy.sh');
    const fix = titled(await client.actions('deploy.sh', WHOLE), 'Keep the volumes: leave out -v');
    await client.apply(fix.edit!);
    expect(client.text('deploy.sh')).toBe('#!/bin/sh\nset -e\ndocker compose down\n');
  });

  test('a line is silenced by a comment above it', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    await findings(client, 'deploy.sh');
    const fix = titled(await client.actions('deploy.sh', WHOLE), 'Disable destructive-volume-command for this line');
    await client.apply(fix.edit!);
    expect(client.text('deploy.sh')).toBe(
      '#!/bin/sh\nset -e\n# persistence-ignore destructive-volume-command\ndocker compose down -v\n',
    );
    await client.until(() => client.latest('deploy.sh')?.length === 0);
  });

  test('and a file below its first line', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    await findings(client, 'deploy.sh');
    const fix = titled(await client.actions('deploy.sh', WHOLE), 'Disable destructive-volume-command for this file');
    await client.apply(fix.edit!);
    expect(client.text('deploy.sh')).toMatch(
      /^#!\/bin\/sh\n# persistence-ignore-file destructive-volume-command\nset -e\n/,
    );
    await client.until(() => client.latest('deploy.sh')?.length === 0);
  });
});

describe('a unit', () => {
  const FILES = { 'units/db.container': '[Container]\nImage=docker.io/library/postgres:16\nStopTimeout=90\n' };
  const FINDING =
    'quadlet-anonymous-volume 1 0:0-0:11 no volume for /var/lib/postgresql/data: PostgreSQL data goes to an anonymous ' +
    'volume, which Quadlet removes with the container every time the unit stops (restart, update, reboot)';

  test('is told what every stop deletes', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    expect(await findings(client, 'units/db.container')).toEqual([FINDING]);
  });

  test('its fix makes the unit of the volume, and the finding is gone', async () => {
    const client = await start({ capabilities: PUSH, files: FILES });
    await findings(client, 'units/db.container');
    const actions = await client.actions('units/db.container', WHOLE);
    await client.apply(titled(actions, 'Add the named volume db-data for /var/lib/postgresql/data').edit!);
    expect(client.text('units/db.container')).toContain('Volume=db-data.volume:/var/lib/postgresql/data\n');
    expect(client.text('units/db-data.volume')).toBe('[Volume]\n');
    await client.watched('units/db-data.volume', FileChangeType.Created);
    await client.until(() => client.latest('units/db.container')?.length === 0);
  });

  test('a volume that comes into the folder is seen', async () => {
    const files = { 'units/db.container': `${FILES['units/db.container']}Volume=db.volume:/var/lib/postgresql/data\n` };
    const client = await start({ capabilities: PUSH, files });
    expect((await findings(client, 'units/db.container'))[0]).toContain('unresolved-reference 3');
    client.write('units/db.volume', '[Volume]\n');
    await client.watched('units/db.volume', FileChangeType.Created);
    await client.until(() => client.latest('units/db.container')?.length === 0);
  });
});
