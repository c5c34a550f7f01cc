/** A variable that names a directory, and data that lies in a folder of it. */
import { expect, test } from 'vitest';
import { loadProject } from '../../server/project/load.ts';
import { analyseProject } from '../../server/stores/analyse.ts';
import { memory } from '../lint/memory.ts';
import { CATALOGUE } from './families.ts';

async function paths(image: string, environment: string): Promise<(string | null)[]> {
  const text = `services:\n  app:\n    image: ${image}\n    environment:\n      ${environment}\n`;
  const files = memory({ 'compose.yaml': text });
  const project = loadProject(files, { files: ['/w/compose.yaml'], shell: {} });
  const { services } = await analyseProject(project, { catalogue: CATALOGUE, files, runtime: 'compose' });
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
