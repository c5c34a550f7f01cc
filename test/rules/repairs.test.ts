/** What the fixes of some cases do, and how their steps bring the data along: nothing is buried, mixed or left behind. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
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
  const { findings } = await lintFolder(folder);
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
  ['mount-inside-managed-dir', 'the folder that a variable names', ['Mount it at /mnt/data']],
  [
    'data-outside-mount',
    'PGDATA outside the volume',
    ['Keep it in /var/lib/postgresql/data/pgdata, below the mount', 'Add the named volume db_pgdata for /pgdata'],
  ],
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
    expect(steps[0]).toContain('docker run --rm -v shop_pg:/old:ro alpine cat /old/PG_VERSION');
    expect(steps[1]).toContain('pg_dumpall');
    expect(steps.join('\n')).not.toContain('cp -a');
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
      "See that it is empty once the mount point is gone: docker run --rm -v shop_postgres_data:/to alpine sh -c 'rmdir /to/data; ls -A /to'. What is listed is an older copy of the data: do not copy over it, keep the two apart",
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
