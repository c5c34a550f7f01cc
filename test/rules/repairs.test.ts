/** What the fixes of some cases do, and how their steps bring the data along: nothing is buried, mixed or left behind. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gitHistory } from '../../server/history/git.ts';
import type { Fix } from '../../server/rules/rule.ts';
import { layOut, readCases } from './cases.ts';
import { lintFolder } from './linting.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

/** The fixes of the first finding of a rule in one of its cases. */
async function fixesOf(rule: string, name: string): Promise<{ fixes: readonly Fix[]; folder: string }> {
  const one = readCases(rule).find((other) => other.name === name);
  if (!one) throw new Error(`${rule} has no case "${name}"`);
  const folder = layOut(one);
  folders.push(folder);
  const { findings } = await lintFolder(folder, gitHistory());
  const found = findings.find((finding) => finding.rule === rule);
  return { fixes: found?.fixes() ?? [], folder };
}

const OFFERED: readonly (readonly [rule: string, name: string, titles: readonly string[]])[] = [
  [
    'mount-below-data-dir',
    'the tables of Cassandra alone',
    ['Add the named volume cassandra_data for /var/lib/cassandra'],
  ],
  ['mount-below-data-dir', 'the files of Nextcloud alone', ['Add the named volume cloud_data for /var/www/html']],
  [
    'mount-path-mismatch',
    'PostgreSQL 18 on the path of 17: the old cluster stays in its volume',
    ['Mount the new volume db_data at /var/lib/postgresql'],
  ],
  ['mount-path-mismatch', 'PostgreSQL 18 on a folder that 17 wrote', ['Pin postgres:17-alpine']],
  [
    'mount-path-mismatch',
    'Metabase with a folder for it that it does not know of',
    ['Set MB_DB_FILE to /metabase-data/metabase.db, below the mount', 'Mount it at /metabase.db'],
  ],
  [
    'mount-path-mismatch',
    'a made-up path whose names do not speak of data',
    ['Add the named volume kuma_data for /app/data'],
  ],
  [
    'mount-path-mismatch',
    'the folder with the data beside the one with the dumps',
    ['Mount it at /var/lib/postgresql/data'],
  ],
  ['mount-inside-managed-dir', 'the folder that a variable names', ['Mount it at /mnt/data']],
  [
    'data-outside-mount',
    'PGDATA outside the volume',
    ['Keep it in /var/lib/postgresql/data/pgdata, below the mount', 'Add the named volume db_pgdata for /pgdata'],
  ],
  [
    'bind-mount-uid-mismatch',
    'a folder that two services share',
    ['Keep /home/node/.n8n in the named volume main_data, for worker as well'],
  ],
  ['bind-mount-uid-mismatch', 'a folder of which another service mounts a part', []],
  ['data-in-git', 'a folder of sources', ['Keep the data in ./db-data, apart from the sources']],
  // A volume where the data may not be at all would look safe.
  ['missing-volume', 'a build that is called like an image everybody knows', []],
  ['missing-volume', 'a build whose published image another Compose file beside it pulls', []],
  ['data-outside-mount', 'a variable in an environment file', ['Add the named volume chat_data for /tmp/webui']],
];

describe('what is offered', () => {
  for (const [rule, name, titles] of OFFERED) {
    test(`${rule}: ${name}`, async () => {
      const { fixes } = await fixesOf(rule, name);
      expect(fixes.map(({ title }) => title)).toEqual(titles);
    });
  }
});

describe('steps', () => {
  test('a new major version begins with a dump by the old one, and the old files are never copied', async () => {
    const name = 'PostgreSQL 18 on the path of 17: the old cluster stays in its volume';
    const { fixes } = await fixesOf('mount-path-mismatch', name);
    const steps = fixes[0]?.steps ?? [];
    expect(steps[1]).toContain('docker volume ls -q -f name=shop_pg');
    expect(steps[2]).toContain('docker run --rm -v shop_pg:/old:ro alpine cat /old/PG_VERSION');
    expect(steps[3]).toContain('pg_dumpall');
    expect(steps.join('\n')).not.toContain('cp -a');
  });

  for (const name of [
    'PostgreSQL 18 on the path of 17: the old cluster stays in its volume',
    'PostgreSQL 18 on a folder that 17 wrote',
    'PostgreSQL 18 on the path of 17, with a folder that is not there yet',
  ]) {
    test(`a container that was started with the wrong mount comes first: ${name}`, async () => {
      const { fixes } = await fixesOf('mount-path-mismatch', name);
      const [first = ''] = fixes[0]?.steps ?? [];
      expect(first).toContain('docker inspect -f');
      expect(first).toContain('A 64-digit name beside /var/lib/postgresql is');
      expect(first).toContain(
        'docker run --rm -v <64-digit name>:/now:ro alpine find /now -maxdepth 3 -name PG_VERSION',
      );
      expect(first).toContain('pg_dumpall');
    });
  }

  test('services that share a folder of the host go on sharing, in one volume', async () => {
    const { fixes } = await fixesOf('bind-mount-uid-mismatch', 'a folder that two services share');
    const texts = fixes[0]?.edits.map(({ newText }) => newText) ?? [];
    expect(texts.filter((text) => text === 'main_data')).toHaveLength(2);
    expect(texts.filter((text) => text.includes('main_data:'))).toHaveLength(1);
  });

  test('another database of another version is looked for in the same way, without the words of PostgreSQL', async () => {
    const { fixes } = await fixesOf('mount-path-mismatch', 'InfluxDB 2 on the path of InfluxDB 1, as a volume');
    const steps = fixes[0]?.steps ?? [];
    expect(steps[0]).toContain('A 64-digit name beside /var/lib/influxdb2 is');
    expect(steps[1]).toContain('docker volume ls -q -f name=shop_influx');
    expect(steps.join('\n')).not.toMatch(/PG_VERSION|pg_dump/);
  });

  test('the mount points of the anonymous volume go before anything is copied', async () => {
    const { fixes, folder } = await fixesOf('mount-parent-of-image-volume', 'two levels too high');
    const steps = fixes[0]?.steps ?? [];
    const emptied = steps.findIndex((step) =>
      step.includes(`rmdir ${folder}/pg/postgresql/data; rmdir ${folder}/pg/postgresql; ls -A ${folder}/pg`),
    );
    expect(emptied).toBeGreaterThan(steps.indexOf('Apply this change'));
    expect(steps.findIndex((step) => step.startsWith('Copy the old volume'))).toBe(emptied + 1);
  });

  test('a volume that is used again is looked into before anything is copied', async () => {
    const { fixes } = await fixesOf('mount-parent-of-image-volume', 'PostgreSQL mounted one level too high');
    expect(fixes[0]?.steps).toContain(
      "See that it is empty once the mount point is gone (where docker volume ls -q -f name=shop_postgres_data does not list it, it is not there yet): docker run --rm -v shop_postgres_data:/to alpine sh -c 'rmdir /to/data; ls -A /to'. What is listed is an older copy of the data: do not copy over it, keep the two apart",
    );
  });

  test('of an anonymous volume only what the new one holds is taken over', async () => {
    const name = 'WordPress, whose image declares the whole folder as a volume';
    const { fixes } = await fixesOf('missing-volume', name);
    expect(fixes[0]?.steps).toContain(
      'Copy the old volume into the new one: docker run --rm -v <64-digit name>:/from -v shop_blog_data:/to alpine cp -a /from/wp-content/. /to/',
    );
  });

  test('a variable that names the folder is changed together with the mount', async () => {
    const { fixes } = await fixesOf('mount-inside-managed-dir', 'the folder that a variable names');
    expect(fixes[0]?.edits.map(({ newText }) => newText)).toEqual(['/mnt/data', '/mnt/data']);
  });
});
