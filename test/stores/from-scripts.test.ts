/** Databases that shell scripts fill with `sqlite3`: the script stands in the image at /app. */
import { describe, expect, it } from 'vitest';
import { located } from './analysing.ts';

const SERVICE = ['build: .', 'command: /app/collect.sh'];
const IMAGE = 'FROM alpine:3.20\nWORKDIR /srv\nCOPY . /app\n';

async function found(
  script: string,
  service = SERVICE,
  others: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const compose = ['services:', '  app:', ...service.map((line) => `    ${line}`), ''].join('\n');
  const lines = await located({
    'compose.yaml': compose,
    Dockerfile: IMAGE,
    'collect.sh': `#!/bin/sh\n${script}`,
    ...others,
  });
  return lines.map((line) => line.replace(/^app: /, ''));
}

const loop = (command: string, before = ''): string => `${before}while read -r line; do\n  ${command}\ndone\n`;
const INSERT = '"INSERT INTO seen VALUES (1)"';

describe('a script opens', () => {
  const rows: readonly (readonly [title: string, script: string, at: string, service?: readonly string[]])[] = [
    ['a path', loop(`sqlite3 /data/seen.db ${INSERT}`), '/data/seen.db'],
    ['a path behind options', loop(`sqlite3 -batch -separator , /data/seen.db ${INSERT}`), '/data/seen.db'],
    ['a path before options', loop(`/usr/bin/sqlite3 /data/seen.db -cmd ${INSERT} .quit`), '/data/seen.db'],
    ['a relative path', loop(`sqlite3 seen.db ${INSERT}`), '/srv/seen.db'],
    ['a path in a folder that is entered', loop(`sqlite3 seen.db ${INSERT}`, 'cd /var/seen\n'), '/var/seen/seen.db'],
    ['a path beside the script', loop(`sqlite3 seen.db ${INSERT}`, 'cd "$(dirname "$0")"\n'), '/app/seen.db'],
    ['what it sets itself', loop(`sqlite3 "$DATABASE" ${INSERT}`, 'DATABASE=/data/seen.db\n'), '/data/seen.db'],
    ['what is made of that', loop(`sqlite3 "\${DIR}/seen.db" ${INSERT}`, 'export DIR="/data"\n'), '/data/seen.db'],
    [
      'what the container is given',
      loop(`sqlite3 $SEEN_AT ${INSERT}`),
      '/var/seen',
      [...SERVICE, 'environment: { SEEN_AT: /var/seen }'],
    ],
    ['what it has where nothing is given', loop(`sqlite3 $DB ${INSERT}`, 'DB=${DB:-/data/seen.db}\n'), '/data/seen.db'],
    ['what it is piped', loop(`echo ${INSERT} | sqlite3 /data/seen.db`), '/data/seen.db'],
    ['what a file says', 'sqlite3 /data/seen.db < /app/schema.sql\nexec "$@"\n', '/data/seen.db'],
    [
      'a text that stands there',
      `sqlite3 /data/seen.db <<EOF\nCREATE TABLE seen (at);\nEOF\nexec httpd -f\n`,
      '/data/seen.db',
    ],
    [
      'through a shell',
      loop(`sqlite3 /data/seen.db ${INSERT}`),
      '/data/seen.db',
      ['build: .', 'command: ["sh", "-c", "sleep 5; /app/collect.sh"]'],
    ],
    [
      'told to a shell',
      loop(`sqlite3 /data/seen.db ${INSERT}`),
      '/data/seen.db',
      ['build: .', 'entrypoint: ["tini", "--", "sh", "-e", "/app/collect.sh"]'],
    ],
  ];
  for (const [title, script, at, service] of rows)
    it(title, async () => {
      const lines = await found(script, service as string[] | undefined);
      expect(lines.map((line) => line.split(' | ')[0])).toEqual([`app sqlite ${at} writable-layer`]);
      expect(lines[0]).toContain('| source collect.sh ');
    });
  it('in a script that it calls', async () =>
    expect(
      await found('while sleep 9; do /app/one.sh; done\n', SERVICE, {
        'one.sh': `#!/bin/bash\nsqlite3 /data/seen.db ${INSERT}\n`,
      }),
    ).toEqual(['app sqlite /data/seen.db writable-layer | source one.sh 1:0-1:51 | sqlite3 opens it']));
});

describe('a script does not keep', () => {
  const rows: readonly (readonly [title: string, script: string, service?: readonly string[]])[] = [
    ['what it copies', loop('sqlite3 /data/seen.db ".backup /copies/seen.db"')],
    ['what it prints', loop('sqlite3 /data/seen.db .dump > /copies/seen.sql')],
    ['what it looks at', loop('sqlite3 -header /data/seen.db "SELECT count(*) FROM seen" | cat')],
    ['what it looks at on the way', loop('echo "$(sqlite3 /data/seen.db "SELECT 1")"')],
    ['what it checks', loop('sqlite3 /data/seen.db "PRAGMA integrity_check"')],
    ['what it opens for reading', loop(`sqlite3 -readonly /data/seen.db ${INSERT}`)],
    ['what it holds in memory', loop(`sqlite3 :memory: ${INSERT}`)],
    ['what it is told', loop(`sqlite3 "$1" ${INSERT}`)],
    ['what it goes through', `for DB in /data/*.db; do sqlite3 "$DB" ${INSERT}; done\nexec httpd -f\n`],
    [
      'what it is in more than one place',
      loop(`sqlite3 "$DB" ${INSERT}`, 'DB=/a.db\nif [ -d /b ]; then DB=/b/b.db; fi\n'),
    ],
    ['what another program says', loop(`sqlite3 "$DB" ${INSERT}`, 'DB=$(find / -name seen.db)\n')],
    ['what lies where nobody tells', loop(`sqlite3 seen.db ${INSERT}`, 'cd "$HOME_OF_IT"\n')],
    ['a remark', loop(`# sqlite3 /data/seen.db ${INSERT}\n  sleep 1`)],
    ['what it only says', loop(`echo sqlite3 /data/seen.db ${INSERT}`)],
    ['what it installs', 'apk add sqlite3 /data/x.db\nexec httpd -f\n'],
    ['what it prepares before it ends', `mkdir -p /data\nsqlite3 /data/seen.db ${INSERT}\necho done\n`],
    ['what nobody runs', loop(`sqlite3 /data/seen.db ${INSERT}`), ['build: .', 'command: httpd -f']],
    ['what is run by hand', loop(`sqlite3 /data/seen.db ${INSERT}`), ['build: .', 'command: sleep infinity']],
    ['a script that is not whole', `while true; do sqlite3 /data/seen.db ${INSERT}\n`],
  ];
  for (const [title, script, service] of rows)
    it(title, async () => expect(await found(script, service as string[] | undefined)).toEqual([]));
});
