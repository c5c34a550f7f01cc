import * as path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { commitAll } from '../git.ts';
import { brief, start, stopAll, type TestClient } from './client.ts';

afterEach(stopAll);

const compose = (volume: string): string => `services:
  web:
    image: mysql:8.4
    stop_grace_period: 1m
    volumes:
      - ${volume}:/var/lib/mysql
volumes:
  ${volume}:
    name: shop-${volume}
`;

const CHANGED =
  'volume-identity-changed 2 5:8-5:11 at the last commit MySQL data of web was in shop-old, now it is looked for in shop-new: unless it is copied there, the next `up` starts without it';

const commit = (client: TestClient): void => commitAll(path.dirname(client.path('compose.yaml')));

test('what git remembers is read aside, and its finding is pushed when it is there', async () => {
  const client = await start({ files: { 'compose.yaml': compose('old') } });
  commit(client);
  await client.open('compose.yaml', compose('new'));
  await client.diagnostics('compose.yaml');
  const found = await client.until(() =>
    client.latest('compose.yaml')?.find(({ code }) => code === 'volume-identity-changed'),
  );
  expect(brief(found)).toBe(CHANGED);

  await client.change('compose.yaml', compose('old'));
  expect(await client.diagnostics('compose.yaml')).toEqual([]);
});
