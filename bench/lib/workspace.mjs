// A large workspace on disk: services that are pulled and services that are built, source files in all build contexts.
// The same arguments give the same files.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ofServices } from './compose.mjs';

const FOLDERS = 40;

const DOCKERFILE = `FROM python:3.12-slim AS base
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
FROM base
COPY . .
ENV DATABASE_URL=sqlite:////data/app.db
VOLUME /data
CMD ["python", "-m", "app"]
`;

/** One file in fifty opens a database; the others are what code is made of. */
function source(context, n, seed) {
  const imports = `import os\nfrom app.part${n % FOLDERS} import module${(n * 7 + seed) % 50}\n`;
  const body = Array.from(
    { length: 12 },
    (_, i) => `\n\ndef step_${i}(value):\n    return value * ${(n * 31 + i * 17 + seed) % 97}\n`,
  );
  const opens =
    n % 50 === 0
      ? `\nimport sqlite3\n\nconnection = sqlite3.connect(os.path.join(os.environ.get("DATA_DIR", "/data"), "part${context}_${n}.db"))\n`
      : '';
  return imports + body.join('') + opens;
}

const built = (n, contexts) => `
  app-${n}:
    image: shop/app-${n}
    build:
      context: ./app${n % contexts}
    command: python -m app worker${n}
    environment:
      DATA_DIR: /data
    volumes:
      - app-${n}:/data
`;

/** @returns the Compose file with its text, one source file that opens a database, and how large it is */
export function makeWorkspace(folder, { services = 300, contexts = 20, files = 2000, builds = 100, seed = 1 } = {}) {
  for (let context = 0; context < contexts; context++) {
    const root = path.join(folder, `app${context}`);
    for (let part = 0; part < FOLDERS; part++) fs.mkdirSync(path.join(root, `app/part${part}`), { recursive: true });
    fs.writeFileSync(path.join(root, 'Dockerfile'), DOCKERFILE);
    fs.writeFileSync(path.join(root, 'requirements.txt'), 'sqlalchemy==2.0\n');
    for (let n = 0; n < files; n++) fs.writeFileSync(sourceFile(root, n), source(context, n, seed));
  }
  const pulled = ofServices(services - builds);
  const own = Array.from({ length: builds }, (_, n) => built(n, contexts)).join('');
  const volumes = Array.from({ length: builds }, (_, n) => `  app-${n}:\n`).join('');
  const at = pulled.lastIndexOf('\nvolumes:\n');
  const text = `${pulled.slice(0, at)}${own}${pulled.slice(at)}${pulled.endsWith('\n') ? '' : '\n'}${volumes}`;
  const compose = path.join(folder, 'compose.yaml');
  fs.writeFileSync(compose, text);
  const size = { services, contexts, sources: contexts * files };
  return { compose, source: sourceFile(path.join(folder, 'app0'), 50), text, size };
}

const sourceFile = (root, n) => path.join(root, `app/part${n % FOLDERS}/module${n}.py`);
