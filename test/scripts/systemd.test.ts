import { expect, test } from 'vitest';
import { scriptKind } from '../../server/scripts/names.ts';
import { read } from './listing.ts';

const commands = async (text: string): Promise<string[]> => {
  const script = await read('/w/db.service', text);
  return (script?.parts ?? []).flatMap(({ name, commands: all }) =>
    all.map(({ words }) => `${name}: ${words.map((word) => word.text).join(' ')}`),
  );
};

test('a unit of systemd: what it runs, with its prefixes and over several lines', async () => {
  expect(
    await commands(
      [
        '[Service]',
        'Environment=NAME=db',
        'ExecStartPre=-/usr/bin/docker rm -f db',
        'ExecStart=/usr/bin/docker run --rm \\',
        '  --name db \\',
        '  -v db_data:/var/lib/postgresql/data postgres:16',
        'ExecStop=@+/usr/bin/docker stop db',
        'ExecReload=',
        '# ExecStart=/usr/bin/docker volume rm db_data',
      ].join('\n'),
    ),
  ).toEqual([
    'ExecStartPre: /usr/bin/docker rm -f db',
    'ExecStart: /usr/bin/docker run --rm --name db -v db_data:/var/lib/postgresql/data postgres:16',
    'ExecStop: /usr/bin/docker stop db',
  ]);
});

test('a unit that ends in a backslash, or in nothing', async () => {
  expect(await commands('[Service]\nExecStart=docker run --rm postgres:16 \\')).toEqual([
    'ExecStart: docker run --rm postgres:16',
  ]);
  expect(await commands('')).toEqual([]);
});

test('what is called like a unit', () => {
  expect(['a.service', 'etc/b@.service', 'c.service.ts', 'd.timer'].map((name) => scriptKind(`/w/${name}`))).toEqual([
    'systemd',
    'systemd',
    null,
    null,
  ]);
});
