/** What the fixes make of Dockerfiles and entrypoints, letter by letter, and that the builder still reads them. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { applyEdits } from '../../server/fixes/edits.ts';
import { parseDockerfile } from '../../server/syntax/dockerfile.ts';
import { layOut, readCases } from './cases.ts';
import { lintFolder } from './linting.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

/** The first fix of the first finding of a rule in one of its cases: title, and the files that it changes. */
async function repaired(rule: string, name: string): Promise<{ title: string; texts: Record<string, string> }> {
  const one = readCases(rule).find((other) => other.name === name);
  if (!one) throw new Error(`${rule} has no case "${name}"`);
  const folder = layOut(one);
  folders.push(folder);
  const { findings } = await lintFolder(folder);
  const fix = findings.find((finding) => finding.rule === rule)?.fixes()[0];
  if (!fix) throw new Error(`${rule} offers nothing for "${name}"`);
  const texts: Record<string, string> = {};
  for (const source of new Set(fix.edits.map((edit) => edit.source))) {
    const text = applyEdits(
      source.text,
      fix.edits.filter((edit) => edit.source === source),
    );
    texts[path.posix.relative(folder, source.path)] = text;
    if (source.path.endsWith('Dockerfile')) expect(parseDockerfile({ ...source, text }).problems).toEqual([]);
  }
  return { title: fix.title, texts };
}

const REPAIRS: readonly (readonly [rule: string, name: string, title: string, file: string, text: string])[] = [
  [
    'write-after-volume',
    'the owner is changed behind the declaration',
    'Declare the volume /data behind the last step that writes to it',
    'Dockerfile',
    'FROM debian:12-slim\nRUN useradd app \\\n    && mkdir -p /data/index \\\n    && chown -R app /data\n# where it all lies\nVOLUME /data\nUSER app\nCMD ["/usr/bin/server"]\n',
  ],
  [
    'signal-swallowing-entrypoint',
    'a script that starts Redis and waits for it',
    'Let the shell become redis-server: exec',
    'start.sh',
    '#!/bin/sh\nset -e\nsysctl -w vm.overcommit_memory=1 || true\nexec redis-server --appendonly yes\n',
  ],
  [
    'signal-swallowing-entrypoint',
    'the shell form on Debian 12',
    'Let the shell become gunicorn: exec',
    'Dockerfile',
    'FROM python:3.12-slim-bookworm\nWORKDIR /app\nCOPY . .\nCMD exec gunicorn shop.wsgi \\\n    --bind 0.0.0.0:8000\n',
  ],
  [
    'destructive-entrypoint',
    'flush in the entrypoint',
    'Run it only where RESET_DB is 1',
    'entrypoint.sh',
    '#!/bin/sh\nif [ "$DATABASE" = "postgres" ]; then\n  while ! nc -z $SQL_HOST 5432; do sleep 0.1; done\nfi\n\nif [ "${RESET_DB:-}" = 1 ]; then python manage.py flush --no-input; fi\npython manage.py migrate\n\nexec "$@"\n',
  ],
  [
    'database-made-by-build',
    'a migration on SQLite',
    'Run python manage.py migrate when the container starts, not when the image is built',
    'Dockerfile',
    'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["sh", "-c", "python manage.py migrate && exec gunicorn shop.wsgi"]\n',
  ],
  [
    'data-directory-not-owned',
    'the volume is mounted where the image has nothing',
    'Make /app/data in the image and give it to node',
    'Dockerfile',
    'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node package.json ./\nRUN npm ci\nRUN mkdir -p /app/data && chown -R node /app/data\n# never as root\nUSER node\nCMD ["node", "server.js"]\n',
  ],
  [
    'data-directory-not-owned',
    'made by root, declared as VOLUME, and not given away',
    'Make /data in the image and give it to 1000:1000',
    'Dockerfile',
    'FROM python:3.12-slim\nRUN mkdir -p /data\nRUN mkdir -p /data && chown -R 1000:1000 /data\nVOLUME /data\nUSER 1000:1000\n',
  ],
];

for (const [rule, name, title, file, text] of REPAIRS) {
  test(`${rule}: ${name}`, async () => {
    expect(await repaired(rule, name)).toEqual({ title, texts: { [file]: text } });
  });
}
