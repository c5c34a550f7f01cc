/** What is decided before any guard: moved paths, volumes from elsewhere, files that are no Compose files. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { layOut } from '../rules/cases.ts';
import { lintFolder } from '../rules/linting.ts';

const LOSSES = /^(missing-volume|data-outside-mount|mount-\w[\w-]*|tmpfs-for-data|sqlite-in-writable-layer)$/;

/** `severity rule`, of the rules that tell of a loss. */
async function found(files: Readonly<Record<string, string>>): Promise<string[]> {
  const given = new Map(Object.entries(files));
  const folder = layOut({ files: given, head: new Map() });
  const { findings } = await lintFolder(folder);
  fs.rmSync(path.dirname(folder), { recursive: true });
  return findings.filter(({ rule }) => LOSSES.test(rule)).map(({ severity, rule }) => `${severity} ${rule}`);
}

const postgres = (rest: string): Record<string, string> => ({
  'compose.yaml': `services:\n  db:\n    image: postgres:18\n${rest}`,
});

test('a path that is moved below the mount', async () => {
  const mounted = '    volumes:\n      - db:/var/lib/postgresql/data\nvolumes:\n  db:\n';
  expect(await found(postgres(`    environment:\n      PGDATA: /var/lib/postgresql/data\n${mounted}`))).toEqual([]);
  expect(await found(postgres(mounted))).toEqual(['error mount-path-mismatch']);
});

test('volumes of a container that is not in the project', async () => {
  expect(await found(postgres('    volumes_from:\n      - container:old_db\n'))).toEqual([]);
  expect(await found(postgres('    volumes_from:\n      - keeper\n  keeper:\n    image: alpine:3\n'))).toEqual([
    'warning missing-volume',
  ]);
});

test('a target that is made of an unset variable', async () => {
  expect(await found(postgres('    volumes:\n      - db:${TARGET}\nvolumes:\n  db:\n'))).toEqual([]);
  expect(await found(postgres('    volumes:\n      - db:${TARGET:-/var/lib/postgresql}\nvolumes:\n  db:\n'))).toEqual(
    [],
  );
});

test('a manifest of Kubernetes, a chart, and a snippet in a document', async () => {
  const manifest = 'apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  template:\n    spec:\n      containers:\n';
  expect(
    await found({
      'k8s/db.yaml': `${manifest}        - name: db\n          image: postgres:16\n`,
      'chart/values.yaml': 'services:\n  db:\n    image: postgres:16\n',
      'README.md': '```yaml\nservices:\n  db:\n    image: postgres:16\n```\n',
      'docker-bake.hcl': 'target "db" {\n  context = "."\n}\n',
    }),
  ).toEqual([]);
});
