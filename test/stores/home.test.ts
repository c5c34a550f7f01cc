/** Data below the home directory of whoever the container runs as. */
import { expect, test } from 'vitest';
import { loadProject } from '../../server/project/load.ts';
import { analyseProject } from '../../server/stores/analyse.ts';
import { CATALOGUE } from '../catalogue/families.ts';
import { memory } from '../lint/memory.ts';

async function stored(app: string, files: Record<string, string> = {}): Promise<string | null | undefined> {
  const all = memory({ 'compose.yaml': `services:\n  app:\n${app.replace(/^/gm, '    ')}\n`, ...files });
  const project = loadProject(all, { files: ['/w/compose.yaml'], shell: {} });
  const { services } = await analyseProject(project, { catalogue: CATALOGUE, files: all });
  return services[0]?.stores.find(({ store }) => store.role === 'server')?.store.path;
}

const N8N = 'image: n8nio/n8n:1.80.0';

test.each([
  ['nobody says anything', '', '/home/node/.n8n'],
  ['root', 'user: root', '/root/.n8n'],
  ['root by number, with a group', 'user: "0:0"', '/root/.n8n'],
  ['the usual user by name', 'user: node', '/home/node/.n8n'],
  ['the usual user by number', 'user: "1000:1000"', '/home/node/.n8n'],
  ['somebody unknown', 'user: "1001"', null],
  ['a variable that is not set', 'user: "${UID}"', null],
  ['root, and a home directory', 'user: root\nenvironment:\n  HOME: /home/node', '/home/node/.n8n'],
  ['root, and a folder', 'user: root\nenvironment:\n  N8N_USER_FOLDER: /data', '/data/.n8n'],
  ['root, who starts it as somebody else', 'user: root\nentrypoint: sh -c "chown node /d; su node -c n8n"', null],
  ['root, and a script', 'user: root\nentrypoint: /start.sh', null],
])('%s', async (_, more, path) => {
  expect(await stored(`${N8N}\n${more}`)).toBe(path);
});

test('before 1.0 the entrypoint started it as node in any case', async () => {
  expect(await stored('image: n8nio/n8n:0.230.0\nuser: root')).toBe('/home/node/.n8n');
});

test('the last USER of a Dockerfile counts', async () => {
  const built = (steps: string) => stored('build: .', { Dockerfile: `FROM n8nio/n8n:1.80.0\n${steps}\n` });
  expect(await built('USER root')).toBe('/root/.n8n');
  expect(await built('USER root\nRUN apk add git\nUSER node')).toBe('/home/node/.n8n');
  expect(await built('USER root\nENV HOME=/srv')).toBe('/srv/.n8n');
});

test('of Ollama it is root who is usual', async () => {
  expect(await stored('image: ollama/ollama\nuser: root')).toBe('/root/.ollama');
  expect(await stored('image: ollama/ollama\nuser: "1000"')).toBe(null);
});
