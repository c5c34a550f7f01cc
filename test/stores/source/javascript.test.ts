// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe } from 'vitest';
import { table } from './scanning.ts';

describe('JavaScript and TypeScript: catches', () => {
  table('ts', [
    [
      'better-sqlite3',
      "import Database from 'better-sqlite3';\nconst db = new Database('app.db');",
      ['sqlite /app/app.db'],
    ],
    [
      'better-sqlite3, required',
      {
        'a.cjs':
          "const Database = require('better-sqlite3');\nmodule.exports = Database('/data/a.db', { verbose: console.log });",
      },
      ['sqlite /data/a.db'],
    ],
    [
      'better-sqlite3, required in place',
      { 'a.js': "const db = new (require('better-sqlite3'))('a.db');" },
      ['sqlite /app/a.db'],
    ],
    [
      'better-sqlite3, imported as needed',
      "const { default: DB } = await import('better-sqlite3');\nnew DB('a.db');",
      ['sqlite /app/a.db'],
    ],
    [
      'better-sqlite3, namespace',
      "import * as Sqlite from 'better-sqlite3';\nnew Sqlite.default(`${dir}/a.db`);\nconst dir = '/d';",
      ['sqlite ? `dir` is not set in the code'],
    ],
    [
      'better-sqlite3, import equals',
      "import Database = require('better-sqlite3');\nexport const db: Database.Database = new Database('a.db');",
      ['sqlite /app/a.db'],
    ],
    [
      'better-sqlite3 for reading',
      "import Database from 'better-sqlite3';\nnew Database('a.db', { readonly: true });",
      ['sqlite /app/a.db (read only)'],
    ],
    ['node:sqlite', "import { DatabaseSync } from 'node:sqlite';\nnew DatabaseSync('a.db');", ['sqlite /app/a.db']],
    [
      'bun:sqlite',
      "import { Database } from 'bun:sqlite';\nnew Database('a.db', { create: true });",
      ['sqlite /app/a.db'],
    ],
    ['sqlite3', "import sqlite3 from 'sqlite3';\nnew sqlite3.Database('./a.db', (e) => {});", ['sqlite /app/a.db']],
    [
      'sqlite3, verbose',
      "const sqlite3 = require('sqlite3').verbose();\nnew sqlite3.Database('a.db', sqlite3.OPEN_READONLY);",
      ['sqlite /app/a.db (read only)'],
    ],
    [
      'sqlite',
      "import sqlite3 from 'sqlite3';\nimport { open } from 'sqlite';\nconst db = await open({ filename: '/tmp/a.db', driver: sqlite3.Database });",
      ['sqlite /tmp/a.db'],
    ],
    [
      'libsql',
      "import { createClient } from '@libsql/client';\ncreateClient({ url: 'file:local.db' });",
      ['sqlite /app/local.db'],
    ],
    [
      'libsql, address from outside',
      "import { createClient } from '@libsql/client';\ncreateClient({ url: process.env.DATABASE_URL!, authToken });",
      ['sqlite /data/l.db'],
      { DATABASE_URL: 'file:/data/l.db' },
    ],
    [
      'libsql, address of a server from outside',
      "import { createClient } from '@libsql/client';\ncreateClient({ url: process.env.DATABASE_URL! });",
      ['sqlite elsewhere'],
      { DATABASE_URL: 'libsql://x.turso.io' },
    ],
    [
      'drizzle on libsql',
      "import { drizzle } from 'drizzle-orm/libsql';\nconst db = drizzle({ connection: { url: 'file:a.db' } });",
      ['sqlite /app/a.db'],
    ],
    [
      'drizzle on better-sqlite3',
      "import Database from 'better-sqlite3';\nimport { drizzle } from 'drizzle-orm/better-sqlite3';\nconst sqlite = new Database('a.db');\nexport const db = drizzle(sqlite);\nexport const other = drizzle('b.db');",
      ['sqlite /app/a.db', 'sqlite /app/b.db'],
    ],
    [
      'sequelize',
      "import { Sequelize } from 'sequelize';\nnew Sequelize({ dialect: 'sqlite', storage: 'a.sqlite' });",
      ['sqlite /app/a.sqlite'],
    ],
    [
      'sequelize with names first',
      "const Sequelize = require('sequelize');\nnew Sequelize('db', 'u', 'p', { dialect: 'sqlite', storage: './a.sqlite' });",
      ['sqlite /app/a.sqlite'],
    ],
    [
      'sequelize by URL',
      "const { Sequelize } = require('sequelize');\nnew Sequelize('sqlite:data/a.db');",
      ['sqlite /app/data/a.db'],
    ],
    [
      'typeorm',
      "import { DataSource } from 'typeorm';\nexport const s = new DataSource({ type: 'better-sqlite3', database: 'a.sqlite', entities: [] });",
      ['sqlite /app/a.sqlite'],
    ],
    [
      'nest',
      "import { TypeOrmModule } from '@nestjs/typeorm';\n@Module({ imports: [TypeOrmModule.forRoot({ type: 'sqlite', database: 'a.db' })] })\nexport class AppModule {}",
      ['sqlite /app/a.db'],
    ],
    [
      'knex',
      "import knex from 'knex';\nconst k = knex({ client: 'better-sqlite3', connection: { filename: './a.db' }, useNullAsDefault: true });",
      ['sqlite /app/a.db'],
    ],
    [
      'knex, configured elsewhere',
      {
        'knexfile.js':
          "module.exports = { development: { client: 'sqlite3', connection: { filename: './dev.sqlite3' } } };",
        'db.js':
          "const knex = require('knex');\nconst config = require('./knexfile');\nmodule.exports = knex(config.development);",
      },
      ['sqlite /app/dev.sqlite3'],
    ],
    [
      'prisma adapter',
      "import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';\nnew PrismaBetterSqlite3({ url: 'file:./dev.db' });",
      ['sqlite /app/dev.db'],
    ],
    [
      'lancedb',
      "import * as lancedb from '@lancedb/lancedb';\nconst db = await lancedb.connect('data/lance');",
      ['lancedb /app/data/lance'],
    ],
    [
      'vectordb',
      "const vectordb = require('vectordb');\nasync function f() { return await vectordb.connect({ uri: '/l' }); }",
      ['lancedb /l'],
    ],
    [
      'faiss of langchain',
      "import { FaissStore } from '@langchain/community/vectorstores/faiss';\nconst store = await FaissStore.fromTexts([], [], e);\nawait store.save('./idx');\nawait FaissStore.load('./idx', e);",
      ['faiss /app/idx', 'faiss /app/idx (read only)'],
    ],
    [
      'faiss-node',
      "const { IndexFlatL2 } = require('faiss-node');\nconst index = new IndexFlatL2(2);\nindex.write('faiss.index');",
      ['faiss /app/faiss.index'],
    ],
    [
      'in a component',
      {
        'a.tsx':
          "import Database from 'better-sqlite3';\nconst db = new Database('a.db');\nexport default function Page() { return <div>{db.name}</div>; }",
      },
      ['sqlite /app/a.db'],
    ],
    [
      'an argument cast and asserted',
      "import Database from 'better-sqlite3';\nnew Database(('a.db' as string)!);",
      ['sqlite /app/a.db'],
    ],
    [
      'after a function that returns',
      "import Database from 'better-sqlite3';\nfunction f() { return g(); function g() { return new Database('a.db'); } }",
      ['sqlite /app/a.db'],
    ],
  ]);
});

describe('JavaScript and TypeScript: catches not', () => {
  table('ts', [
    [
      'a name that is not imported',
      "new Database('better-sqlite3.db'); knex({ client: 'sqlite3', connection: { filename: 'x' } });",
      [],
    ],
    ['another package', "import Database from './better-sqlite3-mock';\nnew Database('a.db');", []],
    ['a type only', "import type Database from 'better-sqlite3';\nnew Database('a.db');", []],
    [
      'in memory',
      "import Database from 'better-sqlite3';\nnew Database(':memory:'); new Database(); new Database('');",
      [],
    ],
    [
      'commented code',
      "import Database from 'better-sqlite3';\n// new Database('a.db');\n/* new Database('b.db') */",
      [],
    ],
    ['after a return', "import Database from 'better-sqlite3';\nfunction f() { return 1; new Database('a.db'); }", []],
    [
      'a server',
      "import { createClient } from '@libsql/client';\ncreateClient({ url: 'libsql://x.turso.io' }); createClient({ url });",
      [],
    ],
    [
      'another dialect',
      "import { Sequelize } from 'sequelize';\nnew Sequelize('postgres://x/y'); new Sequelize({ dialect: 'mysql', storage: 'x' });",
      [],
    ],
    [
      'another data source',
      "import { DataSource } from 'typeorm';\nnew DataSource({ type: 'postgres', database: 'x' });",
      [],
    ],
    ['another knex client', "import knex from 'knex';\nknex({ client: 'pg', connection: { filename: 'x' } });", []],
    [
      'a client that opens nothing',
      "import { ChromaClient } from 'chromadb';\nnew ChromaClient({ path: 'http://chroma:8000' });",
      [],
    ],
    ['lancedb elsewhere', "import { connect } from '@lancedb/lancedb';\nawait connect('s3://bucket/db');", []],
    [
      'tests',
      {
        'a.test.ts': "import D from 'better-sqlite3';\nnew D('a.db');",
        '__tests__/b.ts': "import D from 'better-sqlite3';\nnew D('b.db');",
        'src/c.spec.tsx': "import D from 'better-sqlite3';\nnew D('b.db');",
      },
      [],
    ],
    ['a declaration file', { 'a.d.ts': "import D from 'better-sqlite3';\nexport const d = new D('a.db');" }, []],
    [
      'a shadowed name',
      "import Database from 'better-sqlite3';\nfunction f(Database: any) { new Database('a.db'); }",
      [],
    ],
  ]);
});
