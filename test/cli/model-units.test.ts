import { expect, test } from 'vitest';
import { cli, folder } from './helpers.ts';

const FILES = {
  'db.container': `[Container]
Image=docker.io/library/postgres:16
Environment=POSTGRES_DB=shop PGTZ=UTC
HostName=db
StopTimeout=60
Volume=db.volume:/var/lib/postgresql/data:Z
Volume=%h/dumps:/dumps:ro
Tmpfs=/run/postgresql
`,
  'db.volume': '[Volume]\nLabel=app=shop\n',
};

const model = async (cwd: string, ...argv: string[]) => {
  const { code, out, err } = await cli(cwd, ['model', ...argv]);
  return { code, err, json: JSON.parse(out) };
};

test('a folder of units is printed as a project of Compose is', async () => {
  const cwd = folder(FILES);
  const { code, err, json } = await model(cwd);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(json.files).toEqual(['db.container', 'db.volume']);
  expect(json.services.db).toMatchObject({
    image: 'docker.io/library/postgres:16',
    environment: { POSTGRES_DB: 'shop', PGTZ: 'UTC' },
    hostname: 'db',
    stop_grace_period: '1m0s',
    volumes: [
      { type: 'volume', source: 'db', target: '/var/lib/postgresql/data' },
      { type: 'bind', source: '%h/dumps', target: '/dumps', read_only: true },
    ],
    tmpfs: ['/run/postgresql'],
  });
  expect(json.volumes).toEqual({ db: { name: 'systemd-db', external: false, labels: { app: 'shop' } } });
});

test('a unit stands for its folder, a folder for its units', async () => {
  const cwd = folder(FILES);
  const { json } = await model(cwd);
  expect((await model(cwd, 'db.container')).json).toEqual(json);
  expect((await model(cwd, '.')).json).toEqual(json);
});

test('what Quadlet leaves out is an error with its place', async () => {
  const cwd = folder({ 'db.container': '[Container]\nImage=docker.io/library/postgres:16\nVolumes=db:/x\n' });
  const { code, json } = await model(cwd);
  expect(code).toBe(2);
  expect(json.errors).toEqual([
    {
      file: 'db.container',
      range: { start: { line: 2, character: 0 }, end: { line: 2, character: 7 } },
      message: 'Quadlet knows no key Volumes in [Container], and leaves the unit out',
    },
  ]);
});

test('Compose files come first where a folder has both', async () => {
  const cwd = folder({ ...FILES, 'compose.yaml': 'name: shop\nservices:\n  web:\n    image: nginx:1.27\n' });
  expect(Object.keys((await model(cwd)).json.services)).toEqual(['web']);
});
