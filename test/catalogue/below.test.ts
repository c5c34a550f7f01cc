/** A variable that names a directory, and data that lies in a folder of it; a mount on the folder in which all that counts lies. */
import { expect, test } from 'vitest';
import { loadProject } from '../../server/project/load.ts';
import { analyseProject } from '../../server/stores/analyse.ts';
import { memory } from '../lint/memory.ts';
import { CATALOGUE } from './families.ts';

const paths = (image: string, environment: string) => stored(image, `environment:\n      ${environment}`);

async function stored(image: string, attribute: string): Promise<(string | null)[]> {
  const text = `services:\n  app:\n    image: ${image}\n    ${attribute}\n`;
  const files = memory({ 'compose.yaml': text });
  const project = loadProject(files, { files: ['/w/compose.yaml'], shell: {} });
  const { services } = await analyseProject(project, { catalogue: CATALOGUE, files });
  return services.flatMap(({ stores }) => stores.map(({ store }) => store.path));
}

test('the cache of Open WebUI follows its data', async () => {
  const image = 'ghcr.io/open-webui/open-webui:main';
  // Where it lies in the data it is part of it; left behind at the default it would be a store of its own.
  expect(await paths(image, 'WEBUI_SECRET_KEY: s')).toEqual(['/app/backend/data']);
  expect(await paths(image, 'DATA_DIR: /srv/webui\n      WEBUI_SECRET_KEY: s')).toEqual(['/srv/webui']);
});

test('n8n puts its folder in the one that is named', async () => {
  expect((await paths('n8nio/n8n:1.80.0', 'N8N_USER_FOLDER: /srv'))[0]).toBe('/srv/.n8n');
});

test('n8n keeps its folder in the home directory', async () => {
  expect((await paths('n8nio/n8n:1.80.0', 'HOME: /srv'))[0]).toBe('/srv/.n8n');
  expect((await paths('n8nio/n8n:1.80.0', 'HOME: /srv\n      N8N_USER_FOLDER: /data'))[0]).toBe('/data/.n8n');
});

test.each([
  ['quay.io/keycloak/keycloak:26.0', '/opt/keycloak/data', '/opt/keycloak/data/h2'],
  ['rethinkdb:2.4', '/data', '/data/rethinkdb_data'],
  ['bitnami/mysql:8.4', '/bitnami/mysql', '/bitnami/mysql/data'],
  ['bitnami/kafka:3.9', '/bitnami/kafka', '/bitnami/kafka/data'],
  ['bitnamilegacy/zookeeper:3.9', '/bitnami/zookeeper', '/bitnami/zookeeper/data'],
  ['bitnami/postgresql:16', '/bitnami/postgresql', '/bitnami/postgresql/data'],
  ['bitnami/mongodb:7.0', '/bitnami/mongodb', '/bitnami/mongodb/data'],
])('%s keeps its data in a folder of %s: a mount there holds it', async (image, at, below) => {
  expect(await stored(image, `volumes: [./here:${below}]`)).toContain(below);
  expect(await stored(image, `volumes: [./here:${below}]`)).not.toContain(at);
  expect(await stored(image, `volumes: [./here:${at}]`)).toContain(at);
  expect(await stored(image, `volumes: [./here:${at}/import]`)).toContain(at);
});

test.each([
  ['reverse-proxy --from :8080 --to app:80', []],
  ['file-server', []],
  ['run --config /etc/caddy/Caddyfile', ['/data']],
])('caddy %s keeps %j', async (words, held) => {
  expect((await stored('caddy:2', `command: caddy ${words}`)).filter((at) => at === '/data')).toEqual(held);
});
