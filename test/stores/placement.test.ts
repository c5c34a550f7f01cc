/** What is seen of an image's files below mounts: a volume is filled with them, all else hides them. */
import { describe, expect, it } from 'vitest';
import { analysed, located } from './analysing.ts';

const IMAGE = { Dockerfile: 'FROM python:3.12-slim\nWORKDIR /code\nCOPY . .\nCMD ["python", "run.py"]\n' };
const RUN = { 'run.py': 'import sqlite3\nsqlite3.connect("users.db").execute("CREATE TABLE users (id)")\n' };

const project = (volumes: readonly (string | object)[]) => ({
  'compose.yaml': `services:\n  app:\n    build: .\n    volumes: ${JSON.stringify(volumes)}\nvolumes: { bot: {} }\n`,
  ...IMAGE,
  ...RUN,
});

const seen = async (volumes: readonly (string | object)[]): Promise<boolean> => {
  const { services } = await analysed(project(volumes));
  return services[0]!.placed.running.has('/code/run.py');
};

describe('a file of the image', () => {
  const rows: readonly (readonly [title: string, volumes: readonly (string | object)[], is: boolean])[] = [
    ['is in the volume over it', ['bot:/code'], true],
    ['is in the volume around it', ['bot:/'], true],
    ['is in a volume without a name', ['/code'], true],
    ['is in the volume below a folder of the host', ['./other:/', 'bot:/code'], true],
    [
      'is not in a volume that is not filled',
      [{ type: 'volume', source: 'bot', target: '/code', volume: { nocopy: true } }],
      false,
    ],
    [
      'is not in a part of a volume',
      [{ type: 'volume', source: 'bot', target: '/code', volume: { subpath: 'x' } }],
      false,
    ],
    ['is behind a folder of the host', ['./other:/code'], false],
    ['is behind a folder of the host in the volume', ['bot:/code', './other/run.py:/code/run.py'], false],
    ['is behind memory', [{ type: 'tmpfs', target: '/code' }], false],
  ];
  for (const [title, volumes, is] of rows) it(title, async () => expect(await seen(volumes)).toBe(is));
});

it('keeps what the code opens beside itself in the volume', async () =>
  expect(await located(project(['bot:/code']))).toEqual([
    'app sqlite /code/users.db named-volume | source run.py 1:0-1:27 | sqlite3.connect opens it',
  ]));
