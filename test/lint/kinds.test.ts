/** What is found besides Compose files, and what is judged where. */
import { describe, expect, test } from 'vitest';
import { discover, selectionsFor } from '../../server/lint/discover.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { lintAll } from '../../server/lint/lint-all.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { memory } from './memory.ts';

type Tree = Readonly<Record<string, string>>;

const UNIT = '[Container]\nImage=docker.io/library/postgres:16\n';
const FROM = 'FROM alpine:3.20\n';

const found = (tree: Tree, paths = ['/w']): string[] =>
  discover(memory(tree), paths, DEFAULT_SETTINGS, '/w').selections.map(
    ({ kind = 'compose', files }) => `${kind} ${files.map((file) => file.slice('/w/'.length)).join(' + ')}`,
  );

describe('by name', () => {
  test.each<[string, string | null]>([
    ['Dockerfile', 'dockerfile'],
    ['Dockerfile.dev', 'dockerfile'],
    ['api.Dockerfile', 'dockerfile'],
    ['api.dockerfile', 'dockerfile'],
    ['Containerfile', 'dockerfile'],
    ['Dockerfile.dockerignore', null],
    ['Dockerfile.j2', null],
    ['Dockerfile.md', 'script'],
    ['Dockerfiles', null],
    ['backup.sh', 'script'],
    ['Makefile', 'script'],
    ['rules.mk', 'script'],
    ['justfile', 'script'],
    ['Taskfile.yml', 'script'],
    ['package.json', 'script'],
    ['tsconfig.json', null],
    ['README.md', 'script'],
    ['.vscode/tasks.json', 'script'],
    ['.vscode/launch.json', null],
    ['.github/workflows/ci.yml', 'script'],
    ['.github/dependabot.yml', null],
    ['.gitlab-ci.yml', 'script'],
    ['Jenkinsfile', 'script'],
    ['Jenkinsfile.md', 'script'],
    ['crontab', 'script'],
    ['etc/cron.d/shop', 'script'],
    ['cron.d/shop.conf', null],
    ['values.yaml', null],
  ])('%s', (file, kind) => {
    expect(found({ [file]: FROM })).toEqual(kind === null ? [] : [`${kind} ${file}`]);
  });

  test('a file that nobody would look for is meant to be a Compose file when it is named', () => {
    expect(found({ 'stack.txt': 'services: {}\n' }, ['/w/stack.txt'])).toEqual(['compose stack.txt']);
  });
});

describe('units', () => {
  test('those of a folder are one project, with what lies over them', () => {
    const tree = {
      'q/db.container': UNIT,
      'q/db.volume': '[Volume]\n',
      'q/db.container.d/10.conf': UNIT,
      'x.volume': '',
    };
    expect(found(tree)).toEqual(['quadlet q/db.container + q/db.volume']);
  });

  test.each([
    ['a volume by itself', { 'db.volume': '[Volume]\n' }],
    [
      'the same suffix in another program',
      { 'app.container': '{"container": true}\n', 'x.pod': 'Pod::Spec.new do |s|\n' },
    ],
  ])('%s is none', (_, tree) => {
    expect(found(tree)).toEqual([]);
  });

  test('any of them leads to all', () => {
    const files = memory({ 'q/db.container': UNIT, 'q/db.volume': '[Volume]\n', 'q/db.container.d/10.conf': '' });
    for (const name of ['db.volume', 'db.container', 'db.container.d/10.conf'])
      expect(selectionsFor(files, `/w/q/${name}`, DEFAULT_SETTINGS, '/w')).toEqual([
        { kind: 'quadlet', files: ['/w/q/db.container', '/w/q/db.volume'], root: '/w' },
      ]);
  });
});

describe('scripts without a suffix', () => {
  const COMPOSE = 'services:\n  db:\n    image: postgres:16\n';
  const SCRIPT = '#!/usr/bin/env bash\ndocker compose stop\n';

  test('in the folder of a project and where its scripts lie', () => {
    expect(
      found({
        'shop/compose.yaml': COMPOSE,
        'shop/backup': SCRIPT,
        'shop/bin/reset': '#!/bin/sh -e\n',
        'shop/scripts/deploy': SCRIPT,
      }),
    ).toEqual([
      'compose shop/compose.yaml',
      'script shop/backup',
      'script shop/bin/reset',
      'script shop/scripts/deploy',
    ]);
  });

  test('and nowhere else: without a project, in other folders, in other languages, in large files', () => {
    expect(
      found({
        'shop/compose.yaml': COMPOSE,
        'shop/src/tool': SCRIPT,
        'shop/bin/deep/tool': SCRIPT,
        'shop/bin/manage': '#!/usr/bin/env python3\n',
        'shop/bin/notes': 'docker compose down -v\n',
        'shop/bin/huge': SCRIPT + '#'.repeat(70_000),
        'shop/bin/tool.bak': SCRIPT,
        'other/bin/tool': SCRIPT,
        'shop/ignored/compose.yaml': COMPOSE,
        'shop/ignored/tool': SCRIPT,
        'shop/.gitignore': 'ignored/\n',
      }),
    ).toEqual(['compose shop/compose.yaml']);
  });

  test('one that is named is a script', () => {
    expect(found({ 'tool/backup': SCRIPT }, ['/w/tool/backup'])).toEqual(['script tool/backup']);
  });
});

describe('order', () => {
  test('projects, units, Dockerfiles, scripts', () => {
    expect(
      found({ 'a.sh': '', Dockerfile: FROM, 'db.container': UNIT, 'compose.yaml': 'services: {a: {image: b}}\n' }),
    ).toEqual(['compose compose.yaml', 'quadlet db.container', 'dockerfile Dockerfile', 'script a.sh']);
  });

  test('a Dockerfile that a project builds is judged with it alone', async () => {
    const files = memory({
      'compose.yaml': 'services:\n  app:\n    build: ./app\n',
      'app/Dockerfile': FROM,
      'tool/Dockerfile': FROM,
    });
    const { selections } = discover(files, ['/w'], DEFAULT_SETTINGS, '/w');
    const judged = await lintAll(createLinter(files), selections, DEFAULT_SETTINGS);
    expect(judged.map(({ selection }) => selection.files)).toEqual([['/w/compose.yaml'], ['/w/tool/Dockerfile']]);
  });
});
