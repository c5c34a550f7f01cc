// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe } from 'vitest';
import { table } from './scanning.ts';

const ts = (lines: string, path: string): string =>
  `import path from 'node:path';\nimport Database from 'better-sqlite3';\n${lines}\nnew Database(${path});\n`;

describe('TypeScript: from other files, and parameters', () => {
  const store =
    "import D from 'better-sqlite3';\nexport class Store {\n  private readonly db;\n  constructor(private readonly file: string = 'a.db') { this.db = new D(this.file); }\n}\n";
  table('ts', [
    [
      'a constant',
      { 'config.ts': "export const DB = '/d/a.db';", 'db/x.ts': ts("import { DB } from '../config';", 'DB') },
      ['sqlite /d/a.db'],
    ],
    [
      'a constant by the compiled name',
      { 'config.ts': "export const DB = '/d/a.db';", 'x.ts': ts("import { DB } from './config.js';", 'DB') },
      ['sqlite /d/a.db'],
    ],
    [
      'a default export',
      { 'config.ts': "export default { db: '/d/a.db' };", 'x.ts': ts("import config from './config';", 'config.db') },
      ['sqlite /d/a.db'],
    ],
    [
      'a namespace',
      {
        'config/index.ts': "const db = '/d/a.db';\nexport { db as file };",
        'x.ts': ts("import * as config from './config';", 'config.file'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'passed on',
      {
        'a.ts': "export const DB = '/d/a.db';",
        'b.ts': "export * from './a';",
        'c.ts': "export { DB as P } from './b';",
        'x.ts': ts("import { P } from './c';", 'P'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'an alias of the root',
      {
        'src/lib/config.ts': "export const DB = '/d/a.db';",
        'src/app/x.ts': ts("import { DB } from '@/lib/config';", 'DB'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'required',
      {
        'config.js': "module.exports = { DB: process.env.DB || '/d/a.db' };",
        'x.js': "const { DB } = require('./config');\nconst D = require('better-sqlite3');\nnew D(DB);",
      },
      ['sqlite /d/a.db'],
    ],
    [
      'exports one by one',
      {
        'config.js': "exports.DB = '/d/a.db';",
        'x.js': "const c = require('./config');\nconst D = require('better-sqlite3');\nnew D(c.DB);",
      },
      ['sqlite /d/a.db'],
    ],
    [
      'its own place stays right',
      {
        'src/paths.ts': "import path from 'path';\nexport const root = path.resolve(__dirname, '..');",
        'src/deep/x.ts': ts("import { root } from '../paths';", "path.join(root, 'a.db')"),
      },
      ['sqlite /app/a.db'],
    ],
    ['a constructor, by default', { 'store.ts': store }, ['sqlite /app/a.db']],
    [
      'a constructor, called',
      { 'store.ts': store, 'x.ts': "import { Store } from './store';\nnew Store('/d/x.db');\nnew Store('/d/y.db');" },
      ['sqlite /d/x.db', 'sqlite /d/y.db'],
    ],
    [
      'a default export, called',
      {
        'store.ts': "import D from 'better-sqlite3';\nexport default class { constructor(p: string) { new D(p); } }",
        'x.ts': "import Anything from './store';\nnew Anything('/d/x.db');",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a required class, called',
      {
        'store.js':
          "const D = require('better-sqlite3');\nclass Store { constructor(p) { this.p = p; } open() { return new D(this.p); } }\nmodule.exports = Store;",
        'x.js': "const S = require('./store');\nnew S('/d/x.db').open();",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a derived class',
      {
        'store.ts': store,
        'x.ts':
          "import { Store } from './store';\nclass Sub extends Store { constructor(d: string) { super(`${d}/x.db`); } }\nnew Sub('/d');",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'options',
      {
        'store.ts':
          "import D from 'better-sqlite3';\nexport function open({ file = 'a.db', ...rest }: Options = {}) { return new D(file, rest); }",
        'x.ts': "import { open } from './store';\nopen({ file: '/d/x.db' });\nopen();",
      },
      ['sqlite /d/x.db', 'sqlite /app/a.db'],
    ],
    [
      'options as an object',
      {
        'store.ts': "import D from 'better-sqlite3';\nexport const open = (options: Options) => new D(options.file);",
        'x.ts': "import { open } from './store';\nconst o = { file: '/d/x.db' };\nopen(o);",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a static way to make it',
      "import D from 'better-sqlite3';\nclass S { constructor(private p: string) {} static make() { return new S('/d/x.db'); } open() { return new D(this.p); } }",
      ['sqlite /d/x.db'],
    ],
    [
      'a field that is a function',
      "import D from 'better-sqlite3';\nclass S { p = '/d/x.db'; open = () => new D(this.p); }",
      ['sqlite /d/x.db'],
    ],
  ]);
});
