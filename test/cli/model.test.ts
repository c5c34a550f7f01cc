import { describe, expect, it } from 'vitest';
import { cli, folder } from './helpers.ts';

const COMPOSE = `name: shop
services:
  db:
    image: postgres:\${TAG:-16}
    command: postgres -c "max_connections=3"
    user: 1000:1000
    environment: { PASSWORD: 'pa$$s', EMPTY: }
    volumes:
      - db_data:/var/lib/postgresql/data/
      - ./conf:/conf:ro
      - /anonymous
      - { type: tmpfs, target: /t, tmpfs: { size: 64m } }
      - { type: volume, source: db_data, target: /again, volume: { nocopy: true } }
      - { type: bind, source: ./q, target: /q, bind: { create_host_path: false } }
    tmpfs: /run:size=1m
    stop_grace_period: 90s
  app:
    build: { context: ./app, target: prod, args: { A: 1, UNSET: } }
    depends_on: [db]
    links: ['db:database']
  debug:
    image: busybox
    profiles: [debug]
    volumes: [debug_data:/x]
volumes:
  db_data: { driver: local, driver_opts: { type: nfs, o: addr=x, device: ':/x' } }
  debug_data:
  unused:
`;

const model = async (cwd: string, ...argv: string[]) => {
  const { code, out, err } = await cli(cwd, ['model', ...argv], { env: { HOME: '/home/me' } });
  return { code, err, json: JSON.parse(out) };
};

describe('model', () => {
  it('is the contract, in the words of Compose', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE });
    const { code, json } = await model(cwd);
    expect(code).toBe(0);
    expect(json).toStrictEqual({
      schema: 1,
      name: 'shop',
      files: ['compose.yaml'],
      services: {
        app: {
          image: null,
          build: { context: `${cwd}/app`, dockerfile: 'Dockerfile', target: 'prod', args: { A: '1' } },
          command: null,
          entrypoint: null,
          environment: {},
          volumes: [],
          tmpfs: [],
          user: null,
          hostname: null,
          profiles: [],
          depends_on: { db: { condition: 'service_started', required: true } },
        },
        db: {
          image: 'postgres:16',
          build: null,
          command: ['postgres', '-c', 'max_connections=3'],
          entrypoint: null,
          environment: { PASSWORD: 'pa$$s', EMPTY: null },
          volumes: [
            { type: 'volume', source: 'db_data', target: '/var/lib/postgresql/data', read_only: false, volume: {} },
            { type: 'bind', source: `${cwd}/conf`, target: '/conf', read_only: true, bind: { create_host_path: true } },
            { type: 'volume', target: '/anonymous', read_only: false, volume: {} },
            { type: 'tmpfs', target: '/t', read_only: false, tmpfs: { size: '67108864' } },
            { type: 'volume', source: 'db_data', target: '/again', read_only: false, volume: { nocopy: true } },
            { type: 'bind', source: `${cwd}/q`, target: '/q', read_only: false, bind: {} },
          ],
          tmpfs: ['/run:size=1m'],
          user: '1000:1000',
          hostname: null,
          profiles: [],
          stop_grace_period: '1m30s',
        },
      },
      volumes: {
        db_data: {
          name: 'shop_db_data',
          external: false,
          driver: 'local',
          driver_opts: { type: 'nfs', o: 'addr=x', device: ':/x' },
        },
      },
    });
  });

  it('takes profiles, a project name, files and standard input', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE, 'b.yaml': 'services: { db: { user: root } }\n' });
    const { json } = await model(
      cwd,
      '-f',
      'compose.yaml',
      '-f',
      'b.yaml',
      '--project-name',
      'other',
      '--profile',
      'debug',
    );
    expect(json).toMatchObject({
      name: 'other',
      files: ['compose.yaml', 'b.yaml'],
      services: { db: { user: 'root' }, debug: { profiles: ['debug'] } },
      volumes: { debug_data: { name: 'other_debug_data' } },
    });
    const piped = await cli(cwd, ['model', '-f', '-'], { stdin: 'services: { a: { image: x, volumes: [./d:/d] } }\n' });
    expect(JSON.parse(piped.out)).toMatchObject({
      files: ['-'],
      services: { a: { volumes: [{ source: `${cwd}/d` }] } },
    });
  });

  it('tells what Compose would refuse, where, and exits with 2', async () => {
    const cwd = folder({
      'compose.yaml': 'services:\n  a:\n    image: x\n    volumes: [data:/d]\n    env_file: no.env\n',
    });
    const { code, json } = await model(cwd);
    expect(code).toBe(2);
    expect(json.errors).toEqual([
      {
        file: 'compose.yaml',
        range: expect.objectContaining({ start: { line: 3, character: 14 } }),
        message: expect.stringContaining('data'),
      },
      {
        file: 'compose.yaml',
        range: { start: { line: 4, character: 14 }, end: { line: 4, character: 20 } },
        message: expect.stringContaining('no.env'),
      },
    ]);
  });

  it('shows what is refused as it is written', async () => {
    const cwd = folder({ 'compose.yaml': 'services:\n  a:\n    image: x\n    hostname: "${H:x}$$"\n' });
    const { json } = await model(cwd);
    expect(json.errors).toEqual([
      { file: 'compose.yaml', range: expect.anything(), message: '"${H:x}" is not a valid variable' },
    ]);
    expect(json.services).toMatchObject({ a: { hostname: '$$' } });
  });

  it('says so when there is no file, or one that cannot be read', async () => {
    const cwd = folder();
    const gone = await model(cwd, '-f', 'gone.yaml');
    expect(gone.code).toBe(2);
    expect(gone.json.errors).toEqual([{ file: 'gone.yaml', range: expect.anything(), message: 'does not exist' }]);
    expect((await model(cwd)).json.errors).toEqual([
      { file: '.', range: expect.anything(), message: expect.stringContaining('no Compose file') },
    ]);
  });
});
