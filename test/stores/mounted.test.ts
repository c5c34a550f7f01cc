/** Code that is only mounted: who runs it, and in which folder. */
import { describe, expect, it } from 'vitest';
import { workdirOf } from '../../server/stores/workdir.ts';
import { analysed, located, type Tree } from './analysing.ts';

const PYTHON = { 'read.py': 'import sqlite3\nsqlite3.connect("/srv/values.db")\n' };
const NODE = {
  'package.json': '{ "scripts": { "serve": "node server.js" } }',
  'server.js': "const Database = require('better-sqlite3');\nnew Database('/srv/values.db');\n",
};
const PHP = { 'index.php': "<?php\n$db = new SQLite3('/srv/values.db');\n" };
const RUBY = { 'app.rb': "require 'sqlite3'\nSQLite3::Database.new('/srv/values.db')\n" };
const GO = {
  'go.mod': 'module shop\n\nrequire modernc.org/sqlite v1.30.0\n',
  'main.go':
    'package main\n\nimport (\n\t"database/sql"\n\t_ "modernc.org/sqlite"\n)\n\nfunc main() {\n\tsql.Open("sqlite", "/srv/values.db")\n}\n',
};

/** The lines of a service with the folder mounted at /stuff. */
const mounted = (lines: readonly string[], files: Tree, at = '/stuff'): Tree => ({
  'compose.yaml': ['services:', '  app:', ...lines.map((line) => `    ${line}`), `    volumes: ["./:${at}"]`, ''].join(
    '\n',
  ),
  ...files,
});

const opens = async (tree: Tree): Promise<boolean> =>
  (await located(tree)).some(
    (line) => line.startsWith('app: sqlite /srv/values.db') || line.includes('/srv/values.db'),
  );

type Row = readonly [title: string, lines: readonly string[], files: Tree, at?: string];

const UNKNOWN = 'image: example.org/somebody/app:1';

describe('code that is mounted and run', () => {
  const rows: Row[] = [
    ['by its path', [UNKNOWN, 'command: python /stuff/read.py'], PYTHON],
    ['by a path that is relative to nobody knows what', [UNKNOWN, 'command: python -u ./read.py'], PYTHON],
    ['as it is', [UNKNOWN, 'command: /stuff/read.py'], PYTHON],
    ['as a module', [UNKNOWN, 'command: python -m read'], PYTHON],
    ['as an application', [UNKNOWN, 'command: uvicorn read:app'], PYTHON],
    ['for Celery', [UNKNOWN, 'command: celery -A read worker'], PYTHON],
    ['in a folder that is a package', [UNKNOWN, 'command: node --enable-source-maps /stuff'], NODE],
    ['in a folder that the package manager is told', [UNKNOWN, 'command: yarn --cwd /stuff serve'], NODE],
    ['in a folder that the server is told', [UNKNOWN, 'command: php -S 0.0.0.0:80 -t /stuff'], PHP],
    ['in a folder that the server enters', [UNKNOWN, 'command: gunicorn --chdir /stuff wsgi:app'], PYTHON],
    ['in the folder that is named', [UNKNOWN, 'working_dir: /stuff', 'command: flask run'], PYTHON],
    ['in the folder that is entered', [UNKNOWN, 'command: sh -c "cd /stuff && flask run"'], PYTHON],
    [
      'with what a bare system installs',
      ['image: alpine:3.20', 'command: sh -c "apk add python3 && python3 /stuff/read.py"'],
      PYTHON,
    ],
    ['by a script of the package', [UNKNOWN, 'command: npm run serve'], NODE],
    ['by Node.js, without an end', [UNKNOWN, 'command: node /stuff/server'], NODE],
    ['by the server of an image for PHP', ['image: php:8.3-apache'], PHP, '/var/www/html'],
    ['by the server of somebody else for PHP', ['image: webdevops/php-nginx:8.3'], PHP, '/app'],
    ['by Ruby', ['image: ruby:3.3', 'working_dir: /stuff', 'command: bundle exec rackup'], RUBY],
    ['by Go', ['image: golang:1.23', 'working_dir: /stuff', 'command: go run .'], GO],
  ];
  for (const [title, lines, files, at] of rows)
    it(title, async () => expect(await opens(mounted(lines, files, at))).toBe(true));
});

describe('code that is mounted and not run', () => {
  const rows: Row[] = [
    ['the command is not known', [UNKNOWN], PYTHON],
    ['another file is named', [UNKNOWN, 'command: python /opt/app/main.py'], PYTHON],
    ['a file of that name is read', [UNKNOWN, 'command: cat /stuff/read.py'], PYTHON],
    ['an option of another program names the folder', [UNKNOWN, 'command: serve --root /stuff'], PYTHON],
    ['a module of the image is handed the folder', [UNKNOWN, 'command: python -m bridge --config /stuff'], PYTHON],
    ['a module of the image is named', [UNKNOWN, 'command: python -m bridge --data /var/lib/bridge'], PYTHON],
    ['an application of the image is named', [UNKNOWN, 'command: gunicorn bridge.wsgi:app'], PYTHON],
    ['a script of another package is named', [UNKNOWN, 'command: npm start'], NODE],
    ['another language runs', ['image: python:3.12', 'working_dir: /stuff', 'command: python x.py'], NODE],
    [
      'another language runs, the other way round',
      ['image: node:22', 'working_dir: /stuff', 'command: node x.js'],
      PYTHON,
    ],
    ['an image for the language starts elsewhere', ['image: node:22', 'working_dir: /app', 'command: node x.js'], NODE],
    ['other software whose name has the language in it', ['image: nodered/node-red:4', 'command: npm run serve'], NODE],
    ['a server of files', ['image: nginx:1.27'], PHP, '/var/www/html'],
    ['a tool for PHP', ['image: phpmyadmin:5'], PHP, '/var/www/html/themes'],
    ['an exporter for PHP', ['image: hipages/php-fpm_exporter:2'], PHP, '/var/www/html'],
    ['a bare system', ['image: debian:12', 'working_dir: /stuff'], RUBY],
    ['a bare system that waits', ['image: ubuntu:24.04', 'working_dir: /stuff', 'command: sleep infinity'], GO],
    ['a server of data', ['image: redis:7', 'working_dir: /stuff'], GO],
    ['an image for Python beside code in Go', ['image: python:3.12', 'working_dir: /stuff'], GO],
  ];
  for (const [title, lines, files, at] of rows)
    it(title, async () => expect(await opens(mounted(lines, files, at))).toBe(false));
});

describe('the folder that a container starts in', () => {
  const rows: readonly (readonly [title: string, lines: string, dockerfile: string | null, is: string | null])[] = [
    ['of the service', `${UNKNOWN}, working_dir: /srv`, null, '/srv'],
    ['of an image that the catalogue tells it of', 'image: "golang:1.23"', null, '/go'],
    ['of an image to build on', 'image: "python:3.12"', null, '/'],
    ['of an image that serves', 'image: "php:8.3-fpm-alpine"', null, '/var/www/html'],
    ['of the Dockerfile', 'build: .', 'FROM example.org/base\nWORKDIR /app\n', '/app'],
    ['below nobody knows what', 'build: .', 'FROM example.org/base\nWORKDIR app\n', null],
    ['at the top, as the Dockerfile says', 'build: .', 'FROM example.org/base\nWORKDIR /\n', '/'],
    ['of nothing', 'build: .', 'FROM scratch\nCOPY app /app\n', '/'],
    ['of a base that is known', 'build: .', 'FROM debian:12\nRUN true\n', '/'],
    ['of a base that is not', 'build: .', 'FROM example.org/base\nRUN true\n', null],
    ['of other software that it is not known of', 'build: .', 'FROM nodered/node-red:4\nRUN true\n', null],
    ['of an image that nobody knows', UNKNOWN, null, null],
    ['of one that only looks like a known one', 'image: "example.org/somebody/python:3"', null, null],
  ];
  for (const [title, lines, dockerfile, is] of rows)
    it(title, async () => {
      const tree = {
        'compose.yaml': `services:\n  app: { ${lines.replace(UNKNOWN, 'image: "example.org/somebody/app:1"')} }\n`,
      };
      const { services } = await analysed(dockerfile === null ? tree : { ...tree, Dockerfile: dockerfile });
      expect(workdirOf(services[0]!.service, services[0]!.image)).toBe(is);
    });
});
