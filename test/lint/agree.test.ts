import { describe, expect, test } from 'vitest';
import { agreed, type Judged, lintedAs } from '../../server/lint/agree.ts';
import { discover } from '../../server/lint/discover.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { memory } from './memory.ts';

const LOSES = 'services:\n  db:\n    image: chromadb/chroma:1.0.0\n';
const KEEPS = 'services:\n  db:\n    volumes: [data:/data]\nvolumes:\n  data:\n';
const ELSE = 'services:\n  db:\n    environment: {A: b}\n';
const up = (...files: string[]): string => `docker compose ${files.map((file) => `-f ${file}`).join(' ')} up\n`;

/** `rule severity file` of what concerns missing volumes, and what is told of the sets. */
async function said(tree: Readonly<Record<string, string>>, rules = ['missing-volume']): Promise<string[]> {
  const files = memory(tree);
  const linter = createLinter(files);
  const judged: Judged[] = [];
  for (const selection of discover(files, ['/w'], DEFAULT_SETTINGS, '/w').selections)
    judged.push({ selection, outcome: await linter.lint(selection, DEFAULT_SETTINGS) });
  return agreed(judged)
    .filter(({ rule }) => rules.includes(rule))
    .map(({ severity, span, related }) => {
      const told = related.filter(({ note }) => note.startsWith('linted as')).map(({ note }) => `; ${note}`);
      return `${severity} ${span.source.path.slice('/w/'.length)}${told.join('')}`;
    });
}

describe('what projects that share a file say together', () => {
  test('all have it: it is said once, as it is', async () => {
    const tree = { 'compose.yaml': LOSES, 'compose.prod.yaml': ELSE };
    expect(await said({ ...tree, 'up.sh': up('compose.yaml', 'compose.prod.yaml') })).toEqual(['error compose.yaml']);
  });

  test('only the base alone has it: a level lower, with the set it holds for', async () => {
    const tree = { 'compose.yaml': LOSES, 'compose.prod.yaml': KEEPS };
    expect(await said({ ...tree, 'up.sh': up('compose.yaml', 'compose.prod.yaml') })).toEqual([
      'warning compose.yaml; linted as: compose.yaml; not found in compose.yaml + compose.prod.yaml',
    ]);
  });

  test('a script is softened by none that only starts it', async () => {
    const tree = {
      'compose.yaml': 'services:\n  app:\n    build: .\n    volumes: ["./db:/app/db"]\n',
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
      'main.py': 'import sqlite3\nsqlite3.connect("db/shop.db")\n',
      'backup.sh': '#!/bin/sh\ncp db/shop.db backups/\n',
      'update.sh': '#!/bin/sh\n./backup.sh\ndocker compose up -d --build\n',
    };
    expect(await said(tree, ['unsafe-live-backup'])).toEqual(['warning backup.sh']);
  });

  test('a volume that only a development or test variant mounts does not soften the loss without it', async () => {
    for (const variant of ['compose.dev.yaml', 'compose.test.yaml', 'compose.override.yaml']) {
      const found = await said({
        'compose.yaml': LOSES,
        [variant]: KEEPS,
        'up.sh': up('compose.yaml') + up('compose.yaml', variant),
      });
      expect(found).toEqual([`error compose.yaml; linted as: compose.yaml; not found in compose.yaml + ${variant}`]);
    }
  });

  test('an override that mounts it, and nothing that leaves the override out: nothing is lost', async () => {
    expect(await said({ 'compose.yaml': LOSES, 'compose.override.yaml': KEEPS })).toEqual([]);
  });

  test('a volume that only the variant declares: the base alone is refused, with it all is well', async () => {
    const tree = {
      'compose.yaml': 'services:\n  db:\n    image: example/x:1\n    volumes: [data:/data]\n',
      'compose.prod.yaml': 'volumes:\n  data:\n',
      'up.sh': up('compose.yaml', 'compose.prod.yaml'),
    };
    expect(await said(tree, ['undeclared-volume'])).toEqual([
      'warning compose.yaml; linted as: compose.yaml; not found in compose.yaml + compose.prod.yaml',
    ]);
  });

  test('a suppression that one project uses is used', async () => {
    const tree = {
      'compose.yaml': `services:\n  # persistence-ignore missing-volume\n  db:\n    image: chromadb/chroma:1.0.0\n`,
      'compose.prod.yaml': KEEPS,
    };
    const both = ['missing-volume', 'unused-suppression'];
    expect(await said({ ...tree, 'up.sh': up('compose.yaml', 'compose.prod.yaml') }, both)).toEqual([]);
    expect(await said({ 'compose.yaml': tree['compose.yaml'].replace('chromadb/chroma', 'example/x') }, both)).toEqual([
      'info compose.yaml',
    ]);
  });

  test('an included file, by the projects that include it', async () => {
    const tree = {
      'a/compose.yaml': 'include: [../db.compose.yaml]\nservices: {}\n',
      'b/compose.yaml': `include:\n  - path: [../db.compose.yaml, keeps.yaml]\nservices: {}\n`,
      'b/keeps.yaml': KEEPS,
      'db.compose.yaml': LOSES,
    };
    expect(await said(tree)).toEqual([
      'warning db.compose.yaml; linted as: a/compose.yaml; not found in b/compose.yaml',
    ]);
  });
});

test('sets are named from the folder of their first file', () => {
  expect(lintedAs({ files: ['/w/a/compose.yaml', '/w/a/compose.prod.yaml', '/w/x.yaml'] })).toBe(
    'compose.yaml + compose.prod.yaml + ../x.yaml',
  );
});
