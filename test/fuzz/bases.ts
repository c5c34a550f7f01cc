/** The projects that edits start from. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { FILES } from '../syntax/typing-files.ts';

export interface Base {
  readonly name: string;
  /** File name to text; `compose.yaml` is the one that is linted. */
  readonly files: Readonly<Record<string, string>>;
}

const SOURCE = 'import os, sqlite3\nDB = os.environ.get("DB", "/app/data/app.db")\nconn = sqlite3.connect(DB)\n';

const BUILT: Base = {
  name: 'built',
  files: {
    'compose.yaml':
      'name: ${NAME:-shop}\nservices:\n  app:\n    build:\n      context: .\n      args: [V=1]\n    env_file: .env\n    environment:\n      DB: ${DB}\n    volumes: ["./src:/src"]\n  db:\n    image: postgres:${PG:-16}\n    env_file:\n      - path: .env\n        required: false\n    volumes: ["${DATA:-data}:/var/lib/postgresql/data"]\nvolumes: {data: }\n',
    Dockerfile:
      'FROM python:3.12\nARG V\nWORKDIR /app\nCOPY app.py .\nENV DB=/app/data/app.db\nVOLUME /app/cache\nCMD ["python", "app.py"]\n',
    '.env': 'DB=/app/data/app.db\nPG=15\nexport DATA="data"\n# end\nMULTI="a\nb"\n',
    'app.py': SOURCE,
  },
};

const OVERRIDDEN: Base = {
  name: 'overridden',
  files: {
    'compose.yaml':
      'include:\n  - path: more.yaml\nservices:\n  db:\n    extends: {file: base.yaml, service: db}\n    ports: !reset []\n',
    'base.yaml': 'services:\n  db:\n    image: mysql:8\n    volumes: [data:/var/lib/mysql]\nvolumes:\n  data:\n',
    'more.yaml': 'services:\n  cache:\n    image: redis:7\n    command: redis-server --appendonly yes\n',
  },
};

export function bases(): Base[] {
  const own = Object.entries(FILES).map(([name, text]): Base => ({ name, files: { 'compose.yaml': text } }));
  return [BUILT, OVERRIDDEN, ...own, ...corpus()];
}

/** Compose files below PERSISTENCE_CORPUS. */
function corpus(): Base[] {
  const folder = process.env.PERSISTENCE_CORPUS;
  if (!folder) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), 'utf8') }))
    .filter(({ text }) => /^services:/m.test(text) && text.length < 30_000)
    .map(({ name, text }): Base => ({ name, files: { 'compose.yaml': text } }));
}
