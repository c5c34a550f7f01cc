// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe } from 'vitest';
import { table } from './scanning.ts';

const ts = (lines: string, path: string): string =>
  `import path from 'node:path';\nimport Database from 'better-sqlite3';\n${lines}\nnew Database(${path});\n`;

describe('TypeScript: where the path comes from', () => {
  table('ts', [
    ['environment with a default', ts('', "process.env.DB ?? './a.db'"), ['sqlite /app/a.db']],
    ['environment that is set', ts("const { DB = 'a.db', X } = process.env;", 'DB'), ['sqlite /d/x'], { DB: '/d/x' }],
    ['environment imported', ts("import { env } from 'node:process';", "env['DB'] || 'a.db'"), ['sqlite /app/a.db']],
    ['join', ts('', "path.join(process.cwd(), 'data', 'a.db')"), ['sqlite /app/data/a.db']],
    ['join does not start anew', ts('', "path.join('/a', '/b')"), ['sqlite /a/b']],
    ['resolve', ts('', "path.resolve('data', '/b', 'a.db')"), ['sqlite /b/a.db']],
    [
      'beside the file',
      {
        'src/x.js':
          "const { join } = require('path');\nconst D = require('better-sqlite3');\nnew D(join(__dirname, '..', 'a.db'));",
      },
      ['sqlite /app/a.db'],
    ],
    [
      'beside the module',
      {
        'src/x.mjs':
          "import { fileURLToPath } from 'url';\nimport D from 'better-sqlite3';\nimport { dirname, join } from 'path';\nconst __dirname = dirname(fileURLToPath(import.meta.url));\nnew D(join(__dirname, 'a.db'));",
      },
      ['sqlite /app/src/a.db'],
    ],
    [
      'by URL',
      {
        'src/x.mjs':
          "import D from 'better-sqlite3';\nimport { fileURLToPath } from 'node:url';\nnew D(fileURLToPath(new URL('../a.db', import.meta.url)));",
      },
      ['sqlite /app/a.db'],
    ],
    ['import.meta.dirname', { 'src/x.ts': ts('', '`${import.meta.dirname}/a.db`') }, ['sqlite /app/src/a.db']],
    [
      'home and temporary',
      `${ts("import os from 'os';", "path.join(os.homedir(), 'a.db')")}new Database(path.join(os.tmpdir(), 'b.db'));`,
      ['sqlite /root/a.db', 'sqlite /tmp/b.db'],
    ],
    ['assigned when missing', ts("let p = process.env.P;\np ??= 'a.db';", 'p'), ['sqlite /app/a.db']],
    ['filled in when missing', ts("let p = process.env.P;\nif (!p) { p = 'a.db'; }", 'p'), ['sqlite /app/a.db']],
    ['declared, then set', ts("let p: string;\np = 'a.db';", 'p'), ['sqlite /app/a.db']],
    [
      'set in branches',
      ts("let p;\nif (x) p = 'a.db'; else p = 'b.db';", 'p'),
      ['sqlite ? `p` is set to different values in several places'],
    ],
    [
      'blocks of their own',
      ts("{ const p = 'a.db'; new Database(p); }\n{ const p = 'b.db'; new Database(p); }", "'c'"),
      ['sqlite /app/a.db', 'sqlite /app/b.db', 'sqlite /app/c'],
    ],
    ['an object', ts("const config = { db: { file: 'a.db' } } as const;", 'config.db.file'), ['sqlite /app/a.db']],
    ['an enumeration', ts("enum P { Db = 'a.db' }", 'P.Db'), ['sqlite /app/a.db']],
    ['an arrow function', ts("const where = (n: string) => path.join('/d', n);", "where('a.db')"), ['sqlite /d/a.db']],
    [
      'a schema',
      ts(
        "import { z } from 'zod';\nconst env = z.object({ DB: z.string().default('a.db') }).parse(process.env);",
        'env.DB',
      ),
      ['sqlite /app/a.db'],
    ],
    [
      'a named schema',
      ts(
        "import { z } from 'zod';\nconst schema = z.object({ DB: z.string().default('a.db') });\nconst env = schema.parse(process.env);",
        'env.DB',
      ),
      ['sqlite /d/x'],
      { DB: '/d/x' },
    ],

    ['a condition on a variable', ts('', "process.env.D ? `${process.env.D}/a.db` : 'b.db'"), ['sqlite /app/b.db']],
    [
      'a condition on a variable that is set',
      ts('', "!process.env.D ? 'b.db' : path.join(process.env.D, 'a.db')"),
      ['sqlite /d/a.db'],
      { D: '/d' },
    ],
    [
      'one of two returns',
      ts("function where() { if (process.env.D === undefined) { return 'b.db'; } return process.env.D; }", 'where()'),
      ['sqlite /d/a.db'],
      { D: '/d/a.db' },
    ],
    [
      'a static attribute',
      ts("class C { static file; static init() { C.file = path.join('/d', 'a.db'); } }", 'C.file'),
      ['sqlite /d/a.db'],
    ],
    [
      'a checked environment',
      ts(
        "import { createEnv } from '@t3-oss/env-nextjs';\nimport { z } from 'zod';\nconst env = createEnv({ server: { DB: z.string().default('a.db') }, experimental__runtimeEnv: process.env });",
        'env.DB',
      ),
      ['sqlite /app/a.db'],
    ],
    [
      'another checked environment',
      ts(
        "import { cleanEnv, str } from 'envalid';\nconst env = cleanEnv(process.env, { DB: str({ default: 'a.db' }) });",
        'env.DB',
      ),
      ['sqlite /d/x'],
      { DB: '/d/x' },
    ],
    ['computed from itself', ts('const f = () => f();', 'f()'), ['sqlite ? the path is computed from itself']],
  ]);
});
