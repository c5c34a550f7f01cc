/** The calls that open a store, as data: what they are called, and where they take the path. */
import type { PathForm, Technology, UrlDialect } from './model.ts';

/** An argument by place or name, and properties of it: `0.connection.filename`, `settings.persist_directory`. */
type ArgumentPath = string;

export interface Constructor {
  readonly technology: Technology;
  readonly form: PathForm;
  readonly dialect?: UrlDialect;
  /** Where the path may stand, the first that is given. */
  readonly path: readonly ArgumentPath[];
  /** The path when none is given; without one, nothing is stored then. */
  readonly default?: string;
  /** All must hold, or the call opens no such store. */
  readonly when?: readonly (readonly [ArgumentPath, RegExp])[];
  /** Any of these opens it for reading only; `always` for calls that never write. */
  readonly readOnly?: readonly (readonly [ArgumentPath, RegExp])[] | 'always';
  /** With this argument true, the path is a `file:` URI. */
  readonly uri?: ArgumentPath;
  /** May be handed something else than a path: a path that cannot be told is not one. */
  readonly unsure?: boolean;
}

type Row = Constructor & {
  /** Modules, each of which has all the members; separated by spaces. */
  readonly modules: string;
  /** `()` stands for the result of a call; `*` for the module itself. */
  readonly members: string;
};

const TRUE = /^true$/i;

/** Every way to come by an object of LangChain's class. */
const made = (name: string, ways: string): string[] => [
  `${name}()`,
  ...ways.split(' ').map((way) => `${name}.${way}()`),
];

const FAISS_OBJECTS = made(
  'FAISS',
  'from_documents from_texts from_embeddings load_local afrom_documents afrom_texts afrom_embeddings',
);
const FAISS_STORE_OBJECTS = made('FaissStore', 'fromTexts fromDocuments fromIndex load loadFromPython');
const FAISS_NODE_OBJECTS = ['Index', 'IndexFlat', 'IndexFlatL2', 'IndexFlatIP', 'IndexHNSW'].flatMap((name) =>
  made(name, 'read fromFactory'),
);

const LANGCHAIN_CHROMA =
  'langchain_chroma langchain_chroma.vectorstores langchain_community.vectorstores ' +
  'langchain_community.vectorstores.chroma langchain.vectorstores langchain.vectorstores.chroma';
const LANGCHAIN_FAISS =
  'langchain_community.vectorstores langchain_community.vectorstores.faiss ' +
  'langchain.vectorstores langchain.vectorstores.faiss';

const url = { technology: 'sqlite', form: 'url' } as const;
const file = { technology: 'sqlite', form: 'file' } as const;
const directory = (technology: Technology) => ({ technology, form: 'directory' }) as const;
const chroma = directory('chroma');
const faiss = directory('faiss');

const PYTHON: readonly Row[] = [
  { modules: 'chromadb', members: 'PersistentClient', ...chroma, path: ['0', 'path'], default: './chroma' },
  {
    modules: 'chromadb',
    members: 'Client',
    ...chroma,
    path: ['0.persist_directory', 'settings.persist_directory'],
    default: './chroma',
    when: [['0|settings.is_persistent', TRUE]],
  },
  {
    // Before 0.4 this is how a client was made persistent.
    modules: 'chromadb',
    members: 'Client',
    ...chroma,
    path: ['0.persist_directory', 'settings.persist_directory'],
    default: '.chroma',
    when: [['0|settings.chroma_db_impl', /duckdb\+parquet/]],
  },
  { modules: LANGCHAIN_CHROMA, members: 'Chroma', ...chroma, path: ['2', 'persist_directory'] },
  {
    modules: LANGCHAIN_CHROMA,
    members: 'Chroma.from_documents Chroma.afrom_documents',
    ...chroma,
    path: ['4', 'persist_directory'],
  },
  {
    modules: LANGCHAIN_CHROMA,
    members: 'Chroma.from_texts Chroma.afrom_texts',
    ...chroma,
    path: ['5', 'persist_directory'],
  },
  {
    modules: LANGCHAIN_CHROMA,
    members: 'Chroma Chroma.from_documents Chroma.from_texts',
    ...chroma,
    path: ['client_settings.persist_directory'],
    when: [['client_settings.is_persistent', TRUE]],
  },
  {
    modules: 'sqlite3 sqlite3.dbapi2 pysqlite3 pysqlite3.dbapi2',
    members: 'connect Connection',
    ...file,
    path: ['0', 'database'],
    uri: 'uri',
  },
  { modules: 'aiosqlite', members: 'connect', ...file, path: ['0', 'database'], uri: 'uri' },
  { modules: 'sqlite_utils sqlite_utils.db', members: 'Database', ...file, path: ['0', 'filename_or_conn'], unsure: true },
  {
    modules: 'sqlalchemy sqlalchemy.engine sqlmodel sqlalchemy.ext.asyncio sqlmodel.ext.asyncio',
    members: 'create_engine create_async_engine',
    ...url,
    dialect: 'sqlalchemy',
    path: ['0', 'url'],
  },
  { modules: 'databases', members: 'Database', ...url, dialect: 'sqlalchemy', path: ['0', 'url'] },
  { modules: 'dataset', members: 'connect', ...url, dialect: 'sqlalchemy', path: ['0', 'url'] },
  { modules: 'playhouse.db_url', members: 'connect', ...url, dialect: 'sqlalchemy', path: ['0', 'url'] },
  {
    modules: 'langchain_community.utilities langchain_community.utilities.sql_database langchain.utilities langchain.sql_database',
    members: 'SQLDatabase.from_uri',
    ...url,
    dialect: 'sqlalchemy',
    path: ['0', 'database_uri'],
  },
  {
    modules: 'apscheduler.jobstores.sqlalchemy',
    members: 'SQLAlchemyJobStore',
    ...url,
    dialect: 'sqlalchemy',
    path: ['0', 'url'],
  },
  { modules: 'tortoise', members: 'Tortoise.init run_async', ...url, dialect: 'sqlx', path: ['2', 'db_url'] },
  {
    modules: 'langgraph.checkpoint.sqlite langgraph.checkpoint.sqlite.aio',
    members: 'SqliteSaver.from_conn_string AsyncSqliteSaver.from_conn_string',
    ...file,
    path: ['0', 'conn_string'],
  },
  {
    modules: 'peewee playhouse.sqlite_ext playhouse.pool playhouse.sqliteq playhouse.apsw_ext playhouse.sqlcipher_ext',
    members:
      'SqliteDatabase SqliteExtDatabase PooledSqliteDatabase PooledSqliteExtDatabase SqliteQueueDatabase APSWDatabase ' +
      'SqliteDatabase().init SqliteExtDatabase().init PooledSqliteDatabase().init SqliteQueueDatabase().init',
    ...file,
    path: ['0', 'database'],
  },
  {
    modules: LANGCHAIN_FAISS,
    members: FAISS_OBJECTS.map((name) => `${name}.save_local`).join(' '),
    ...faiss,
    path: ['0', 'folder_path'],
  },
  {
    modules: LANGCHAIN_FAISS,
    members: 'FAISS.load_local',
    ...faiss,
    path: ['0', 'folder_path'],
    readOnly: 'always',
  },
  { modules: 'faiss', members: 'write_index write_index_binary', technology: 'faiss', form: 'file', path: ['1', 'fname'] },
  {
    modules: 'faiss',
    members: 'read_index read_index_binary',
    technology: 'faiss',
    form: 'file',
    path: ['0', 'fname'],
    readOnly: 'always',
  },
  { modules: 'lancedb', members: 'connect connect_async', ...directory('lancedb'), path: ['0', 'uri'] },
  { modules: 'qdrant_client', members: 'QdrantClient AsyncQdrantClient', ...directory('qdrant'), path: ['10', 'path'] },
  {
    modules: 'langchain_qdrant langchain_qdrant.qdrant langchain_community.vectorstores langchain.vectorstores',
    members:
      'Qdrant.from_documents Qdrant.from_texts QdrantVectorStore.from_documents QdrantVectorStore.from_texts ' +
      'QdrantVectorStore.from_existing_collection',
    ...directory('qdrant'),
    path: ['path'],
  },
];

const JAVASCRIPT: readonly Row[] = [
  {
    modules: 'better-sqlite3 better-sqlite3-multiple-ciphers',
    members: '* Database',
    ...file,
    path: ['0'],
    readOnly: [['1.readonly', TRUE]],
  },
  {
    modules: 'node:sqlite',
    members: 'DatabaseSync',
    ...file,
    path: ['0'],
    readOnly: [['1.readOnly', TRUE]],
  },
  { modules: 'bun:sqlite', members: '* Database', ...file, path: ['0'], readOnly: [['1.readonly', TRUE]] },
  { modules: 'sqlite3', members: 'Database cached.Database', ...file, path: ['0'] },
  { modules: 'sqlite', members: 'open *.open', ...file, path: ['0.filename'] },
  { modules: 'libsql', members: '*', ...url, dialect: 'plain', path: ['0'] },
  {
    modules: '@libsql/client @libsql/client/node @libsql/client/sqlite3',
    members: 'createClient',
    ...url,
    dialect: 'plain',
    path: ['0.url'],
  },
  {
    modules: 'drizzle-orm/libsql drizzle-orm/libsql/node drizzle-orm/libsql/sqlite3',
    members: 'drizzle',
    ...url,
    dialect: 'plain',
    path: ['0.connection.url', '0.connection', '0'],
    unsure: true,
  },
  {
    modules: 'drizzle-orm/better-sqlite3 drizzle-orm/bun-sqlite',
    members: 'drizzle',
    ...file,
    path: ['0.connection.source', '0.connection', '0'],
    unsure: true,
  },
  {
    modules: '@prisma/adapter-better-sqlite3 @prisma/adapter-libsql',
    members: 'PrismaBetterSQLite3 PrismaBetterSqlite3 PrismaLibSQL PrismaLibSql',
    ...url,
    dialect: 'plain',
    path: ['0.url'],
  },
  {
    modules: 'sequelize sequelize-typescript @sequelize/core',
    members: '* Sequelize',
    ...file,
    path: ['0.storage', '1.storage', '3.storage'],
    when: [['0|1|3.dialect', /^sqlite$/]],
  },
  { modules: 'sequelize sequelize-typescript', members: '* Sequelize', ...url, dialect: 'sqlx', path: ['0'], unsure: true },
  {
    modules: 'typeorm',
    members: 'DataSource createConnection',
    ...file,
    path: ['0.database'],
    when: [['0.type', /^(?:better-)?sqlite3?$/]],
  },
  {
    modules: '@nestjs/typeorm',
    members: 'TypeOrmModule.forRoot',
    ...file,
    path: ['0.database'],
    when: [['0.type', /^(?:better-)?sqlite3?$/]],
  },
  {
    modules: 'knex',
    members: '* knex',
    ...file,
    path: ['0.connection.filename', '0.connection'],
    when: [['0.client', /^(?:better-)?sqlite3?$/]],
  },
  {
    modules: '@langchain/langgraph-checkpoint-sqlite',
    members: 'SqliteSaver.fromConnString',
    ...file,
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
