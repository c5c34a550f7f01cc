import { expect, test } from 'vitest';
import { foldersOf, MINIO } from '../../../server/live/probes/minio.ts';
import { askFor, type Setup } from './asked.ts';

const FORMAT = '{"version":"1","format":"xl-single","id":"0a1b2c3d-0000-4000-8000-000000000001","xl":{"version":"3"}}';
const read = (setup: Setup) => MINIO.read(askFor('minio', setup));
const command = ['/usr/bin/docker-entrypoint.sh', 'minio', 'server', '/data', '--console-address', ':9001'];

test.each<[readonly string[], string | undefined, string[]]>([
  [command, undefined, ['/data']],
  [['minio', 'server', '--address', ':9100', '--certs-dir=/c', '/srv/a', '/srv/b'], undefined, ['/srv/a', '/srv/b']],
  [['minio', 'server'], '/mnt/data', ['/mnt/data']],
  [['minio'], undefined, []],
])('%j', (words, volumes, expected) => {
  expect(foldersOf(words, volumes)).toEqual(expected);
});

test('buckets, by what is in its folder', async () => {
  const files = {
    '/data/.minio.sys/format.json': FORMAT,
    '/data/.minio.sys/buckets/x': '',
    '/data/papers/a.pdf/xl.meta': 'x',
    '/data/notes/b/xl.meta': 'x',
  };
  expect(await read({ command, files })).toEqual({
    writesTo: ['/data'],
    fingerprint: '0a1b2c3d-0000-4000-8000-000000000001',
    empty: false,
    count: 2,
    contents: '2 buckets',
    weaknesses: [],
    evidence: ['its command names /data'],
  });
});

test('nothing but its own', async () => {
  const files = { '/data/.minio.sys/format.json': FORMAT };
  expect(await read({ command, files })).toMatchObject({ empty: true, count: 0 });
});

test('a folder that is not its own', async () => {
  const files = { '/data/other/file': 'x' };
  expect(await read({ command, files })).toMatchObject({
    writesTo: [],
    fingerprint: null,
    evidence: ['there is no .minio.sys/format.json in /data'],
  });
});

test('what is not told', async () => {
  await expect(read({ command: ['minio'] })).rejects.toThrow(/names no folder/);
  await expect(read({ command: ['minio', 'server', 'http://minio{1...4}/data'] })).rejects.toThrow(/several disks/);
});
