import { describe, expect, test } from 'vitest';
import { DRAGONFLY, KEYDB, REDIS } from '../../../server/live/probes/redis.ts';
import { infoOf, peerOf, settingOf } from '../../../server/live/probes/redis-client.ts';
import { type Client, type Scripted, scripted } from './scripted.ts';

const SECRET = 'hunter2-and-more';

const INFO = {
  redis_version: '7.0.15',
  redis_mode: 'standalone',
  used_memory: '1000000',
  loading: '0',
  rdb_bgsave_in_progress: '0',
  rdb_last_bgsave_status: 'ok',
  rdb_last_load_keys_loaded: '0',
  aof_enabled: '0',
  aof_last_write_status: 'ok',
  role: 'master',
  cluster_enabled: '0',
};
const info = (more: Readonly<Record<string, string>> = {}): string =>
  `# Server\r\n${Object.entries({ ...INFO, ...more })
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')}`;
const SETTINGS = {
  dir: '/data',
  save: '3600 1 300 100 60 10000',
  appendfsync: 'everysec',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  'stop-writes-on-bgsave-error': 'yes',
};

const client = (
  told: Readonly<Record<string, string>> = {},
  settings: Readonly<Record<string, string>> = {},
  more: Client['says'] = [],
): Client => ({
  by: 'line',
  says: [
    ...more,
    [/^INFO$/, info(told)],
    ...Object.entries({ ...SETTINGS, ...settings }).map(
      ([name, value]) => [new RegExp(`^CONFIG GET ${name}$`), `${name}\n${value}\n`] as const,
    ),
  ],
});
const REFUSED: Client = { by: 'line', says: [[/.*/, 'NOAUTH Authentication required.\n']] };
const server = (one: Client, more: Scripted = {}) => scripted({ clients: { 'redis-cli': one }, ...more });

describe('read', () => {
  test('an empty server', async () => {
    const { ask } = server(client());
    expect(await REDIS.read(ask)).toEqual({
      writesTo: ['/data'],
      fingerprint: null,
      empty: true,
      count: 0,
      contents: '0 keys',
      weaknesses: [
        {
          setting: 'appendonly no',
          message: 'A crash or a kill loses what came after the last snapshot (save 3600 1 300 100 60 10000)',
          weight: 'note',
        },
      ],
      evidence: ['Redis 7.0.15'],
    });
  });

  test('keys of all databases, and what came from disk', async () => {
    const keys = { db0: 'keys=12,expires=1,avg_ttl=0', db3: 'keys=1,expires=0,avg_ttl=0,subexpiry=0' };
    const { ask } = server(client({ ...keys, rdb_last_load_keys_loaded: '5', valkey_version: '8.1.1' }));
    expect(await REDIS.read(ask)).toMatchObject({
      empty: false,
      count: 13,
      contents: '13 keys',
      evidence: ['Valkey 8.1.1', 'It read 5 keys from disk when it started'],
    });
  });

  test.each([
    ['nothing is saved', {}, { save: '' }, ['save "", appendonly no'], 'risk'],
    ['the log alone', { aof_enabled: '1' }, { save: '' }, [], null],
    ['the log without fsync', { aof_enabled: '1' }, { appendfsync: 'no' }, ['appendfsync no'], 'note'],
    [
      'a cache',
      {},
      { save: '', maxmemory: '100', 'maxmemory-policy': 'allkeys-lru' },
      ['save "", appendonly no', 'maxmemory-policy allkeys-lru'],
      'note',
    ],
    [
      'a snapshot that failed',
      { rdb_last_bgsave_status: 'err' },
      {},
      ['appendonly no', 'rdb_last_bgsave_status err'],
      'risk',
    ],
  ])('%s', async (_, told, settings, expected, worst) => {
    const { weaknesses } = await REDIS.read(server(client(told, settings)).ask);
    expect(weaknesses.map(({ setting }) => setting)).toEqual(expected);
    expect(weaknesses.some(({ weight }) => weight === 'risk')).toBe(worst === 'risk');
  });

  test('without CONFIG, the directory is that of the process', async () => {
    const renamed: Client = client({}, {}, [
      [/^CONFIG/, "ERR unknown command 'CONFIG', with args beginning with: 'GET'\n"],
    ]);
    expect(await REDIS.read(server(renamed, { cwd: '/elsewhere' }).ask)).toMatchObject({
      writesTo: ['/elsewhere'],
      count: 0,
      evidence: ['Redis 7.0.15', 'CONFIG is not allowed; its directory is the one that the process is in'],
    });
    expect((await REDIS.read(server(renamed).ask)).writesTo).toEqual([]);
  });

  test.each([
    ['a sentinel', client({ redis_mode: 'sentinel' }), 'it is a sentinel, which holds no data'],
    ['one that loads', client({ loading: '1' }), 'the server is still reading its data'],
    [
      'one that refuses',
      { by: 'line', says: [[/.*/, 'Could not connect to Redis at 127.0.0.1:6379: Connection refused']] } as Client,
      'Could not connect to Redis at 127.0.0.1:6379: Connection refused',
    ],
    ['one that wants a password', REFUSED, 'the server wants a password, and the container has none that can be used'],
  ])('%s is not asked', async (_, one, reason) => {
    await expect(REDIS.read(server(one).ask)).rejects.toThrow(reason);
  });

  test('where it writes is known without a password', async () => {
    expect(await REDIS.read(server(REFUSED, { cwd: '/data' }).ask)).toMatchObject({
      writesTo: ['/data'],
      count: null,
      empty: null,
    });
  });

  test('no client', async () => {
    await expect(REDIS.read(scripted({}).ask)).rejects.toThrow('there is no redis-cli in the container');
  });

  test('the clients of its kin', async () => {
    const { ask } = scripted({ clients: { 'keydb-cli': client({ redis_version: '6.3.4' }) } });
    expect(await KEYDB.read(ask)).toMatchObject({ count: 0, evidence: ['Redis 6.3.4'] });
    const dragonfly = {
      by: 'line',
      says: [
        [/^INFO$/, 'dragonfly_version:df-v1.14.1\nrole:master\ndb0:keys=2,expires=0\n'],
        [/^CONFIG GET dir$/, 'dir\n/data\n'],
        [/^CONFIG/, ''],
      ],
    } as Client;
    expect(await DRAGONFLY.read(server(dragonfly).ask)).toMatchObject({
      count: 2,
      evidence: ['Dragonfly 1.14.1'],
      weaknesses: [],
    });
  });
});

describe('the password', () => {
  const ways: readonly (readonly [string, Scripted])[] = [
    ['in a variable', { env: { REDIS_PASSWORD: SECRET } }],
    ['in the variable of the client', { env: { REDISCLI_AUTH: SECRET } }],
    [
      'in a variable that the command names',
      { env: { OWN: SECRET }, command: ['sh', '-c', 'redis-server --requirepass "$OWN"'] },
    ],
    ['in the arguments of Redis Stack', { env: { REDIS_ARGS: `--save 60 1 --requirepass ${SECRET}` } }],
  ];
  test.each(ways)('%s', async (_, more) => {
    const { ask, argvs, noted } = server(client(), more);
    await REDIS.read(ask);
    expect(noted().map(({ env }) => env.REDISCLI_AUTH)).toEqual([SECRET]);
    expect(JSON.stringify([argvs, noted().map(({ argv }) => argv)])).not.toContain(SECRET);
  });

  test('written into the command is not used', async () => {
    const { ask, argvs } = server(REFUSED, { command: ['redis-server', '--requirepass', SECRET] });
    await expect(REDIS.read(ask)).rejects.toThrow('wants a password');
    expect(JSON.stringify(argvs)).not.toContain(SECRET);
  });

  test('the command is read for more', () => {
    expect(peerOf(['redis-server', '/etc/redis.conf', '--port', '7000'])).toEqual({
      port: '7000',
      configuration: '/etc/redis.conf',
      variable: undefined,
    });
    expect(peerOf(['redis-server', '--port', '$(evil)']).port).toBeUndefined();
    expect(peerOf(['sh', '-c', "redis-server --requirepass '${A_B}'"]).variable).toBe('A_B');
  });

  test('a port is given on', async () => {
    const { ask, noted } = server(client(), { command: ['redis-server', '--port', '7000'] });
    await REDIS.read(ask);
    expect(noted()[0]!.argv).toEqual(['-p', '7000']);
  });
});

describe('planting', () => {
  const planting = REDIS.planting!;
  const lines = (noted: ReturnType<typeof scripted>['noted']): string[] =>
    noted().flatMap(({ asked }) => asked.filter((line) => !/^(ECHO|INFO|CONFIG)/.test(line)));

  test.each([
    ['a replica', { role: 'slave' }, {}, 'it is a replica'],
    ['a cluster', { cluster_enabled: '1' }, {}, 'it is a part of a cluster'],
    ['a failed snapshot', { rdb_last_bgsave_status: 'err' }, {}, 'its last snapshot failed'],
    ['much data', { used_memory: String(9e9) }, {}, 'a snapshot of so much data would be a burden'],
    ['a full disk', {}, { free: 100 }, 'the disk that holds /data is full'],
    ['nothing', {}, {}, null],
  ])('is refused for %s', async (_, told, more, reason) => {
    expect(await planting.refusal!(server(client(told), more).ask)).toBe(reason);
  });

  test('is saved by a snapshot, and so is the removal', async () => {
    const { ask, noted } = server(
      client({}, {}, [
        [/^SET/, 'OK'],
        [/^BGSAVE/, 'Background saving started'],
        [/^DEL/, '0'],
      ]),
    );
    await planting.plant(ask, 'abc');
    await planting.remove(ask, 'abc');
    expect(lines(noted)).toEqual(['SET persist_probe_abc abc EX 86400', 'BGSAVE', 'DEL persist_probe_abc', 'BGSAVE']);
  });

  test('is in the log where there is one', async () => {
    const { ask, noted } = server(
      client({ aof_enabled: '1' }, {}, [
        [/^SET/, 'OK'],
        [/^WAITAOF/, '1\n0'],
      ]),
    );
    await planting.plant(ask, 'abc');
    expect(lines(noted)).toEqual(['SET persist_probe_abc abc EX 86400', 'WAITAOF 1 0 3000']);
  });

  test('nothing is saved for a server that saves nothing', async () => {
    const { ask, noted } = server(client({}, { save: '' }, [[/^SET/, 'OK']]));
    await planting.plant(ask, 'abc');
    expect(lines(noted)).toEqual(['SET persist_probe_abc abc EX 86400']);
  });

  test.each([
    [
      'OOM command not allowed',
      [[/^SET/, 'OOM command not allowed when used memory > maxmemory']],
      'SET was answered with OOM',
    ],
    [
      'a fork that fails',
      [
        [/^SET/, 'OK'],
        [/^BGSAVE/, "ERR Can't BGSAVE"],
      ],
      'BGSAVE was answered with ERR',
    ],
  ] as const)('%s', async (_, says, reason) => {
    await expect(planting.plant(server(client({}, {}, says)).ask, 'abc')).rejects.toThrow(reason);
  });

  test('is found by its value', async () => {
    expect(await planting.find(server(client({}, {}, [[/^GET persist_probe_abc$/, 'abc']])).ask, 'abc')).toBe(true);
    expect(await planting.find(server(client({}, {}, [[/^GET/, '']])).ask, 'abc')).toBe(false);
  });
});

test('what INFO and CONFIG say', () => {
  expect([...infoOf(['# Server', 'a:b:c', '', 'nonsense'])]).toEqual([['a', 'b:c']]);
  expect(settingOf('save', ['save', ''])).toBe('');
  expect(settingOf('save', ['ERR unknown command'])).toBeUndefined();
  expect(settingOf('save', [])).toBeUndefined();
});
