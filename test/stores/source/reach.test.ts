/** Which files are imported by what is started: they stand in /repo and are copied to /app. */
import { describe, expect, it } from 'vitest';
import { type Reach, reachedBy } from '../../../server/stores/source/reach/reach.ts';
import { analysed } from '../analysing.ts';
import { type Files, sourcesOf } from './scanning.ts';

type Environment = Readonly<Record<string, string | null>>;

function reach(
  files: Files,
  command: string | readonly string[],
  environment: Environment = {},
): Promise<Reach | null> {
  return reachedBy({
    placement: new Map(Object.keys(files).map((name) => [`/app/${name}`, `/repo/${name}`])),
    sources: sourcesOf(files),
    argv: typeof command === 'string' ? command.split(' ') : command,
    workdir: '/app',
    environment: (name) => environment[name],
  });
}

const CODE = /\.(?:py|[mc]?[jt]s|[jt]sx)$/;

/** Code that is not reached, in order; null where nothing can be said. */
async function left(
  files: Files,
  command: string | readonly string[],
  environment?: Environment,
): Promise<string[] | null> {
  const reached = await reach(files, command, environment);
  return (
    reached &&
    Object.keys(files)
      .filter((name) => CODE.test(name) && !reached.files.has(`/repo/${name}`))
      .sort()
  );
}

type Case = readonly [
  title: string,
  command: string | readonly string[],
  files: Files,
  left: readonly string[] | null,
  environment?: Environment,
];

const table = (cases: readonly Case[]): void => {
  for (const [title, command, files, expected, environment] of cases)
    it(title, async () => expect(await left(files, command, environment)).toEqual(expected));
};

const SHELL = ['/bin/sh', '-c'];
/** What is imported, and what is not. */
const TWO = { 'store.py': '', 'tool.py': '' };
const MAIN = { 'main.py': 'import store', ...TWO };
const SERVER = { 'server.js': "require('./store')", 'store.js': '', 'tool.js': '' };

describe('what is started', () => {
  table([
    ['a file', 'python main.py', MAIN, ['tool.py']],
    ['with options', 'python3.12 -u -X dev -OO /app/main.py --port 80', MAIN, ['tool.py']],
    [
      'a module',
      'python -m shop.api',
      { 'shop/api.py': 'from . import store', 'shop/store.py': '', 'tool.py': '' },
      ['tool.py'],
    ],
    [
      'a package',
      'python -um shop',
      { 'shop/__init__.py': '', 'shop/__main__.py': 'import shop.store', 'shop/store.py': '', 'tool.py': '' },
      ['tool.py'],
    ],
    [
      'a folder',
      'python shop',
      { 'shop/__main__.py': 'import store', 'shop/store.py': '', 'tool.py': '' },
      ['tool.py'],
    ],
    ['code in the command', ['python', '-c', 'import main; main.run()'], MAIN, null],
    ['uvicorn', 'uvicorn main:app --host 0.0.0.0 --port 8000', MAIN, ['tool.py']],
    ['uvicorn as a module', 'python -m uvicorn main:app', MAIN, ['tool.py']],
    [
      'uvicorn below a folder',
      'uvicorn --app-dir src main:app',
      { 'src/main.py': 'import store', 'src/store.py': '', 'main.py': '', 'tool.py': '' },
      ['tool.py'],
    ],
    ['uvicorn with a module that is not here', 'uvicorn api:app', MAIN, null],
    [
      'gunicorn',
      ['gunicorn', '-w', '4', '-b', '0.0.0.0:8000', '-k', 'uvicorn.workers.UvicornWorker', 'main:create_app()'],
      MAIN,
      ['tool.py'],
    ],
    ['gunicorn with its settings', 'gunicorn -c conf.py', { 'conf.py': 'wsgi_app = "main:app"', ...MAIN }, ['tool.py']],
    ['gunicorn with a module that only the container knows', 'gunicorn $APP', MAIN, null],
    ['hypercorn', 'hypercorn main:app', MAIN, ['tool.py']],
    ['flask with a flag', 'flask --app main run', MAIN, ['tool.py']],
    ['flask with a variable', 'flask run --host=0.0.0.0', MAIN, ['tool.py'], { FLASK_APP: 'main.py' }],
    ['flask with a variable that nobody knows', 'flask run', MAIN, null, { FLASK_APP: null }],
    ['flask as it looks for itself', 'flask run', { 'app.py': 'import store', ...TWO }, ['tool.py']],
    ['flask with settings of its own', 'flask run', { 'app.py': 'import store', ...TWO, '.flaskenv': '' }, null],
    ['fastapi', 'fastapi run main.py --port 80', MAIN, ['tool.py']],
    [
      'fastapi, as its project says',
      'fastapi run',
      { ...MAIN, 'app.py': '', 'pyproject.toml': '[tool.fastapi]\nentrypoint = "main:app"\n' },
      ['app.py', 'tool.py'],
    ],
    [
      'streamlit, and its pages',
      'streamlit run home.py',
      { 'home.py': '', 'pages/orders.py': 'import store', ...TWO },
      ['tool.py'],
    ],
    ['celery', 'celery -A main worker -l info', MAIN, ['tool.py']],
    [
      'celery in a package',
      'celery --app=shop worker',
      { 'shop/__init__.py': '', 'shop/celery.py': 'import store', ...TWO },
      ['tool.py'],
    ],
    ['poetry', 'poetry run python main.py', MAIN, ['tool.py']],
    ['uv', 'uv run main.py', MAIN, ['tool.py']],
    [
      'a script of the project',
      'poetry run shop',
      { ...MAIN, 'pyproject.toml': '[tool.poetry.scripts]\nshop = "main:run"\n' },
      ['tool.py'],
    ],
    ['tini', 'tini -g -- python main.py', MAIN, ['tool.py']],
    ['dumb-init', 'dumb-init python main.py', MAIN, ['tool.py']],
    ['a shell', [...SHELL, 'mkdir -p data && exec python main.py'], MAIN, ['tool.py']],
    ['a shell, and two programs', [...SHELL, 'python main.py & python tool.py'], MAIN, []],
    [
      'a folder that is entered',
      [...SHELL, 'cd src && python main.py'],
      { 'src/main.py': 'import store', 'src/store.py': '', 'tool.py': '' },
      ['tool.py'],
    ],
    ['a variable of the container', [...SHELL, 'python ${SCRIPT:-tool.py}'], MAIN, ['tool.py'], { SCRIPT: 'main.py' }],
    ['a variable that nobody knows', [...SHELL, 'python $SCRIPT'], MAIN, null],
    ['a program that nobody knows', [...SHELL, 'prepare && python main.py'], MAIN, null],
    ['nothing', [], MAIN, null],
    ['a file that is not here', 'python server.py', MAIN, null],
    ['no code at all', ['nginx', '-g', 'daemon off;'], MAIN, null],
    [
      'a script',
      './start.sh',
      { ...MAIN, 'start.sh': '#!/bin/sh\nset -e\nif [ -f x ]; then echo x; fi\nexec python main.py "$@"\n' },
      ['tool.py'],
    ],
    [
      'a script that runs what it is given',
      './entrypoint.sh python main.py',
      { ...MAIN, 'entrypoint.sh': '#!/bin/bash\n./wait-for-it.sh db:5432\nexec "$@"\n' },
      ['tool.py'],
    ],
    [
      'a script that calls another',
      'sh start.sh',
      { ...MAIN, 'start.sh': 'bash serve.sh', 'serve.sh': 'python main.py' },
      ['tool.py'],
    ],
    ['a script that is not here', './start.sh', MAIN, null],
    [
      'functions of a script',
      './start.sh',
      { ...MAIN, 'start.sh': '#!/bin/sh\nserve() {\n  python main.py\n}\nserve\n' },
      ['tool.py'],
    ],
    [
      'a supervisor',
      'supervisord -c supervisord.conf',
      { ...MAIN, 'supervisord.conf': '[program:api]\ncommand=python main.py\n[program:cron]\ncommand=cron -f\n' },
      ['tool.py'],
    ],
    [
      'a supervisor that runs both',
      'supervisord -c supervisord.conf',
      {
        ...MAIN,
        'supervisord.conf': '[program:api]\ncommand=python main.py\n[program:tool]\ncommand=python tool.py\n',
      },
      [],
    ],
    ['a Procfile', 'honcho start', { ...MAIN, Procfile: 'web: python main.py\n' }, ['tool.py']],
    ['node', 'node server.js', SERVER, ['tool.js']],
    ['node with options', 'node --max-old-space-size=512 -r dotenv/config ./server', SERVER, ['tool.js']],
    ['node, a package', 'node .', { ...SERVER, 'package.json': '{"main": "server.js"}' }, ['tool.js']],
    ['node, what was compiled', 'node dist/server.js', { 'src/server.ts': '', 'src/tool.ts': '' }, null],
    [
      'npm',
      'npm start',
      { ...SERVER, 'package.json': '{"scripts": {"start": "node server.js", "tool": "node tool.js"}}' },
      ['tool.js'],
    ],
    [
      'npm, with what runs before',
      'npm run serve',
      { ...SERVER, 'package.json': '{"scripts": {"preserve": "node tool.js", "serve": "node server.js"}}' },
      [],
    ],
    [
      'a script that calls a script',
      'yarn start',
      { ...SERVER, 'package.json': '{"scripts": {"start": "yarn serve", "serve": "nodemon server.js"}}' },
      ['tool.js'],
    ],
    [
      'pnpm',
      'pnpm run dev',
      { ...SERVER, 'package.json': '{"scripts": {"dev": "cross-env NODE_ENV=x tsx watch server.js"}}' },
      ['tool.js'],
    ],
    [
      'a framework that finds its files',
      'npm start',
      { ...SERVER, 'package.json': '{"scripts": {"start": "next start"}}' },
      null,
    ],
    [
      'tsx',
      'npx tsx src/main.ts',
      { 'src/main.ts': "import { open } from './store.js';", 'src/store.ts': '', 'src/tool.ts': '' },
      ['src/tool.ts'],
    ],
    [
      'ts-node',
      'ts-node --project tsconfig.json src/main.ts',
      { 'src/main.ts': "export * from '@/store';", 'src/store.ts': '', 'src/tool.ts': '' },
      ['src/tool.ts'],
    ],
    [
      'Python and JavaScript side by side',
      [...SHELL, 'node server.js & python main.py'],
      { ...MAIN, ...SERVER },
      ['tool.js', 'tool.py'],
    ],
  ]);
});

const python = (main: string, more: Files = {}): Files => ({ 'main.py': main, ...TWO, ...more });

describe('what Python imports', () => {
  const run = 'python main.py';
  const cases: readonly (readonly [title: string, files: Files, left: readonly string[] | null])[] = [
    ['within a function', python('def run():\n    from store import open\n'), ['tool.py']],
    ['behind a colon', python('try: import store\nexcept: pass\n'), ['tool.py']],
    ['several at once', python('import os, store as s, sys\n'), ['tool.py']],
    [
      'names over several lines',
      python('from shop import (\n    a,  # (first)\n    b,\n)\n', {
        'shop/a.py': '',
        'shop/b.py': '',
        'shop/c.py': '',
      }),
      ['shop/c.py', 'store.py', 'tool.py'],
    ],
    [
      'names over lines that are continued',
      python('from shop import a, \\\n    b\n', { 'shop/a.py': '', 'shop/b.py': '' }),
      ['store.py', 'tool.py'],
    ],
    [
      'all there is',
      python('from shop import *\n', { 'shop/__init__.py': '', 'shop/a.py': '' }),
      ['store.py', 'tool.py'],
    ],
    [
      'the packages on the way',
      python('import shop.deep.a\n', {
        'shop/__init__.py': 'import store',
        'shop/deep/__init__.py': '',
        'shop/deep/a.py': '',
      }),
      ['tool.py'],
    ],
    [
      'from the folder above',
      python('import shop.deep.a\n', {
        'shop/store.py': '',
        'shop/deep/a.py': 'from .. import store',
        'shop/deep/b.py': '',
      }),
      ['shop/deep/b.py', 'store.py', 'tool.py'],
    ],
    ['one that names its file', python('import subprocess\nsubprocess.run(["python", "store.py"])\n'), ['tool.py']],
    ['one that names its module', python('uvicorn.run("store:app", reload=True)\n'), ['tool.py']],
    [
      'one that is started as a module',
      python('import subprocess, sys\nsubprocess.Popen([sys.executable, "-m", "store"])\n'),
      ['tool.py'],
    ],
    ['settings by name', python('app.config.from_object("store.Production")\n'), ['tool.py']],
    ['an import by name', python('importlib.import_module("store")\n'), ['tool.py']],
    ['an import by a name that is computed', python('importlib.import_module(f"plugins.{name}")\n'), null],
    ['all of a folder', python('for m in pkgutil.iter_modules(["plugins"]): pass\n'), null],
    ['Django', python('import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'), null],
    ['Alembic', python('from alembic import command\n'), null],
    ['tasks that are found', python('app.autodiscover_tasks()\n'), null],
    [
      'an import that leads nowhere, and a file of its name',
      python('from acme.common.store import open\n', { 'lib/store.py': '' }),
      ['tool.py'],
    ],
    [
      'a library, and a file of its name elsewhere',
      python('import sqlite3\n', { 'adapters/sqlite3.py': '' }),
      ['adapters/sqlite3.py', 'store.py', 'tool.py'],
    ],
    [
      'the nearest of two',
      { 'main.py': 'import api.app', 'api/app.py': 'import store', 'api/store.py': '', 'old/store.py': '' },
      ['old/store.py'],
    ],
    [
      'any of two where folders are added',
      {
        'main.py': 'import sys, api.app\nsys.path.append("old")',
        'api/app.py': 'import store',
        'api/store.py': '',
        'old/store.py': '',
      },
      [],
    ],
    ['only a comment', python('# import store\n"""\nsee tool.py\n"""\n'), ['store.py', 'tool.py']],
  ];
  for (const [title, files, expected] of cases) it(title, async () => expect(await left(files, run)).toEqual(expected));
  it('with folders that a variable adds', async () => {
    const files = { 'api/app.py': 'import store', 'api/store.py': '', 'lib/store.py': '' };
    expect(await left(files, 'python api/app.py', { PYTHONPATH: '/app/lib' })).toEqual([]);
    expect(await left(files, 'python api/app.py')).toEqual(['lib/store.py']);
  });
});

const script = (main: string, more: Files = {}): Files => ({
  'server.js': main,
  'store.js': '',
  'tool.js': '',
  ...more,
});

describe('what JavaScript imports', () => {
  const cases: readonly (readonly [title: string, files: Files, left: readonly string[] | null])[] = [
    ['import', script("import { open } from './store.js';"), ['tool.js']],
    ['for its effects', script("import './store';"), ['tool.js']],
    ['when it is needed', script("const store = await import(/* lazily */ './store.js');"), ['tool.js']],
    ['handed on', script("export * from './store';"), ['tool.js']],
    ['a folder', script("require('./db')", { 'db/index.js': "require('../store')" }), ['tool.js']],
    ['a name that is computed', script('require(`./routes/${name}`)'), null],
    ['a name in a variable', script('const plugin = require(file);'), null],
    ['entities that are found', script("new DataSource({ entities: ['src/**/*.entity.ts'] })"), null],
    ['a worker', script("new Worker(new URL('./store.js', import.meta.url))"), ['tool.js']],
    ['a child', script("fork(path.join(__dirname, 'store'))"), ['tool.js']],
    ['a framework', script("const next = require('next');"), null],
    [
      'a package of the same repository',
      script("import { open } from '@shop/db';", {
        'packages/db/package.json': '{ "name": "@shop/db" }',
        'packages/db/src/index.js': '',
      }),
      ['store.js', 'tool.js'],
    ],
    ['an alias that is set up elsewhere', script("import store from '@server/store';"), ['tool.js']],
    [
      'what comes with Node',
      script("import path from 'path';\nimport fs from 'node:fs';", { 'lib/path.js': '' }),
      ['lib/path.js', 'store.js', 'tool.js'],
    ],
  ];
  for (const [title, files, expected] of cases)
    it(title, async () => expect(await left(files, 'node server.js')).toEqual(expected));
});

/** The same numbers in each run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

const STORE = 'import sqlite3\nsqlite3.connect("/data/orders.db")\n';

describe('any application', () => {
  const COUNT = 12;
  const WAYS: readonly ((from: number, to: number) => string)[] = [
    (_, to) => `import shop.m${to}`,
    (_, to) => `from shop import m${to}`,
    (_, to) => `from . import m${to} as other`,
    (_, to) => `from .m${to} import run`,
    (_, to) => `def run():\n    from shop.m${to} import (\n        run,\n    )`,
    (_, to) => `if True:\n    import os, shop.m${to}`,
  ];
  const written = (edges: readonly (readonly number[])[], next: (below: number) => number): Record<string, string> => {
    const files: Record<string, string> = { 'main.py': 'import shop.m0\n' };
    for (const [from, targets] of edges.entries())
      files[`shop/m${from}.py`] = targets.map((to) => WAYS[next(WAYS.length)]!(from, to)).join('\n');
    return files;
  };
  const closure = (edges: readonly (readonly number[])[]): Set<number> => {
    const found = new Set([0]);
    for (const from of found) for (const to of edges[from]!) found.add(to);
    return found;
  };

  it('is told apart as its imports do', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const edges = Array.from({ length: COUNT }, () => Array.from({ length: next(3) }, () => next(COUNT)));
      const reached = closure(edges);
      const expected = edges.flatMap((_, i) => (reached.has(i) ? [] : `shop/m${i}.py`)).sort();
      expect(await left(written(edges, next), 'python main.py'), `seed ${seed}`).toEqual(expected);
    }
  });

  it('reaches no less with one import more', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const edges = Array.from({ length: COUNT }, () => Array.from({ length: next(3) }, () => next(COUNT)));
      const files = written(edges, next);
      const before = (await left(files, 'python main.py')) ?? [];
      const name = `shop/m${next(COUNT)}.py`;
      const after =
        (await left({ ...files, [name]: `${files[name]}\nimport shop.m${next(COUNT)}\n` }, 'python main.py')) ?? [];
      expect(after.every((one) => before.includes(one))).toBe(true);
    }
  });

  const confidence = async (files: Files): Promise<string[]> => {
    const { services } = await analysed({
      'compose.yaml': 'services:\n  web:\n    build: .\n',
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
      ...files,
    });
    return services.flatMap(({ stores }) =>
      stores.filter((one) => one.store.role === 'embedded').map((one) => one.store.confidence),
    );
  };

  it('is sure of what is imported, and of nothing that nobody imports', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const next = random(seed);
      const edges = Array.from({ length: COUNT }, () => Array.from({ length: next(2) }, () => next(COUNT)));
      const files = written(edges, next);
      const at = next(COUNT);
      files[`shop/m${at}.py`] = `${STORE}${files[`shop/m${at}.py`]}`;
      const expected = closure(edges).has(at) ? 'secondary' : 'memory';
      expect(await confidence(files), `seed ${seed}`).toEqual([expected]);
      // Whoever imports it makes it sure.
      files['main.py'] += `from shop.m${at} import run\n`;
      expect(await confidence(files), `seed ${seed}`).toEqual(['secondary']);
    }
  });

  it('says who starts it, and what is not imported', async () => {
    const { services } = await analysed({
      'compose.yaml': 'services:\n  web:\n    build: .\n',
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "src/main.py"]\n',
      'src/main.py': 'import os\n',
      'convert.py': STORE,
    });
    expect(services[0]!.stores.flatMap(({ store }) => store.evidence.map(({ note }) => note))).toEqual([
      'sqlite3.connect opens it',
      'convert.py is not imported by what is started: src/main.py',
    ]);
  });

  it('says nothing of what is opened in any case', async () => {
    expect(await confidence({ 'main.py': 'import orders', 'orders.py': STORE, 'convert.py': STORE })).toEqual([
      'secondary',
    ]);
    expect(await confidence({ 'main.py': 'import orders', 'aside.py': STORE, 'orders.py': STORE })).toEqual([
      'secondary',
    ]);
  });
});
