/** JavaScript calls that open a store. */
import { type ConstructorRow, directory, objectsOf, SQLITE_FILE, SQLITE_URL, TRUE } from './constructors.ts';

const FAISS_STORE_OBJECTS = objectsOf('FaissStore', 'fromTexts fromDocuments fromIndex load loadFromPython');
const FAISS_NODE_OBJECTS = ['Index', 'IndexFlat', 'IndexFlatL2', 'IndexFlatIP', 'IndexHNSW'].flatMap((name) =>
  objectsOf(name, 'read fromFactory'),
);

const faiss = directory('faiss');

export const JAVASCRIPT_STORES: readonly ConstructorRow[] = [
  {
    modules: 'better-sqlite3 better-sqlite3-multiple-ciphers',
    members: '* Database',
    ...SQLITE_FILE,
    path: ['0'],
    readOnly: [['1.readonly', TRUE]],
  },
  {
    modules: 'node:sqlite',
    members: 'DatabaseSync',
    ...SQLITE_FILE,
    path: ['0'],
    readOnly: [['1.readOnly', TRUE]],
  },
  { modules: 'bun:sqlite', members: '* Database', ...SQLITE_FILE, path: ['0'], readOnly: [['1.readonly', TRUE]] },
  {
    modules: 'sqlite3',
    members: 'Database cached.Database',
    ...SQLITE_FILE,
    path: ['0'],
    readOnly: [['1', /OPEN_READONLY$/]],
  },
  {
    modules: 'sqlite',
    members: 'open',
    ...SQLITE_FILE,
    path: ['0.filename'],
    readOnly: [['0.mode', /OPEN_READONLY$/]],
  },
  { modules: 'libsql', members: '*', ...SQLITE_URL, dialect: 'plain', path: ['0'] },
  {
    modules: '@libsql/client @libsql/client/node @libsql/client/sqlite3',
    members: 'createClient',
    ...SQLITE_URL,
    dialect: 'plain',
    path: ['0.url'],
  },
  {
    modules: 'drizzle-orm/libsql drizzle-orm/libsql/node drizzle-orm/libsql/sqlite3',
    members: 'drizzle',
    ...SQLITE_URL,
    dialect: 'plain',
    path: ['0.connection.url', '0.connection', '0'],
    unsure: true,
  },
  {
    modules: 'drizzle-orm/better-sqlite3 drizzle-orm/bun-sqlite',
    members: 'drizzle',
    ...SQLITE_FILE,
    path: ['0.connection.source', '0.connection', '0'],
    unsure: true,
  },
  {
    modules: '@prisma/adapter-better-sqlite3 @prisma/adapter-libsql',
    members: 'PrismaBetterSQLite3 PrismaBetterSqlite3 PrismaLibSQL PrismaLibSql',
    ...SQLITE_URL,
    dialect: 'plain',
    path: ['0.url'],
  },
  {
    modules: 'sequelize sequelize-typescript @sequelize/core',
    members: '* Sequelize',
    ...SQLITE_FILE,
    path: ['0.storage', '1.storage', '3.storage'],
    when: [['0|1|3.dialect', /^sqlite$/]],
  },
  {
    modules: 'sequelize sequelize-typescript',
    members: '* Sequelize',
    ...SQLITE_URL,
    dialect: 'sqlx',
    path: ['0'],
    unsure: true,
  },
  {
    modules: 'typeorm',
    members: 'DataSource createConnection',
    ...SQLITE_FILE,
    path: ['0.database'],
    when: [['0.type', /^(?:better-)?sqlite3?$/]],
  },
  {
    modules: '@nestjs/typeorm',
    members: 'TypeOrmModule.forRoot',
    ...SQLITE_FILE,
    path: ['0.database'],
    when: [['0.type', /^(?:better-)?sqlite3?$/]],
  },
  {
    modules: 'knex',
    members: '* knex',
    ...SQLITE_FILE,
    path: ['0.connection.filename', '0.connection'],
    when: [['0.client', /^(?:better-)?sqlite3?$/]],
  },
  {
    modules: '@langchain/langgraph-checkpoint-sqlite',
    members: 'SqliteSaver.fromConnString',
    ...SQLITE_FILE,
    path: ['0'],
  },
  { modules: '@lancedb/lancedb vectordb', members: 'connect', ...directory('lancedb'), path: ['0.uri', '0'] },
  {
    modules: '@langchain/community/vectorstores/faiss langchain/vectorstores/faiss',
    members: FAISS_STORE_OBJECTS.map((name) => `${name}.save`).join(' '),
    ...faiss,
    path: ['0'],
  },
  {
    modules: '@langchain/community/vectorstores/faiss langchain/vectorstores/faiss',
    members: 'FaissStore.load FaissStore.loadFromPython',
    ...faiss,
    path: ['0'],
    readOnly: 'always',
  },
  {
    modules: 'faiss-node',
    members: FAISS_NODE_OBJECTS.map((name) => `${name}.write`).join(' '),
    technology: 'faiss',
    form: 'file',
    path: ['0'],
  },
  {
    modules: 'faiss-node',
    members: 'Index.read IndexFlatL2.read IndexFlatIP.read IndexHNSW.read',
    technology: 'faiss',
    form: 'file',
    path: ['0'],
    readOnly: 'always',
  },
];
