/** Python calls that open a store. */
import {
  type ConstructorRow,
  directory,
  objectsOf,
  SQLITE_FILE,
  SQLITE_URL,
  singleFile,
  TRUE,
} from './constructors.ts';

import { LANGCHAIN_PYTHON, LLAMAINDEX_PYTHON } from './constructors-llm.ts';

const FAISS_OBJECTS = objectsOf(
  'FAISS',
  'from_documents from_texts from_embeddings load_local afrom_documents afrom_texts afrom_embeddings',
);

const LANGCHAIN_CHROMA =
  'langchain_chroma langchain_chroma.vectorstores langchain_community.vectorstores ' +
  'langchain_community.vectorstores.chroma langchain.vectorstores langchain.vectorstores.chroma';
const LANGCHAIN_FAISS =
  'langchain_community.vectorstores langchain_community.vectorstores.faiss ' +
  'langchain.vectorstores langchain.vectorstores.faiss';

const chroma = directory('chroma');
const faiss = directory('faiss');

export const PYTHON_STORES: readonly ConstructorRow[] = [
  ...LANGCHAIN_PYTHON,
  ...LLAMAINDEX_PYTHON,
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
  {
    // Since 0.4 a folder alone does not make it persistent; with these it is told so, or is a client of a server.
    modules: 'chromadb',
    members: 'Client EphemeralClient',
    ...chroma,
    path: ['0.persist_directory', 'settings.persist_directory'],
    unless: ['is_persistent', 'chroma_db_impl', 'chroma_api_impl', 'chroma_server_host'].map(
      (name) => `0|settings.${name}`,
    ),
    inMemory: true,
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
    ...SQLITE_FILE,
    path: ['0', 'database'],
    uri: 'uri',
  },
  { modules: 'aiosqlite', members: 'connect', ...SQLITE_FILE, path: ['0', 'database'], uri: 'uri' },
  {
    // The login is kept in a file of its own; bots sign in anew by themselves.
    modules: 'telethon telethon.sync telethon.client telethon.client.telegramclient',
    members: 'TelegramClient TelegramClient.__init__',
    ...SQLITE_FILE,
    path: ['0', 'session'],
    ending: '.session',
    unlessSaid: /\.(?:start|sign_in)\(\s*bot_token\s*=/,
    unsure: true,
  },
  {
    modules: 'pyrogram pyrogram.client hydrogram hydrogram.client',
    members: 'Client Client.__init__',
    ...SQLITE_FILE,
    path: ['0', 'name', 'session_name'],
    ending: '.session',
    folder: 'workdir',
    // Older versions take the login itself in the place of the name.
    notFrom: /"name":"\w*STRING/i,
    unless: ['bot_token', 'session_string', 'in_memory', 'storage_engine'],
    unsure: true,
  },
  {
    modules: 'sqlite_utils sqlite_utils.db',
    members: 'Database',
    ...SQLITE_FILE,
    path: ['0', 'filename_or_conn'],
    unsure: true,
  },
  {
    modules: 'sqlalchemy sqlalchemy.engine sqlmodel sqlalchemy.ext.asyncio sqlmodel.ext.asyncio',
    members: 'create_engine create_async_engine',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['0', 'url'],
  },
  { modules: 'databases', members: 'Database', ...SQLITE_URL, dialect: 'sqlalchemy', path: ['0', 'url'] },
  { modules: 'dataset', members: 'connect', ...SQLITE_URL, dialect: 'sqlalchemy', path: ['0', 'url'] },
  { modules: 'playhouse.db_url', members: 'connect', ...SQLITE_URL, dialect: 'sqlalchemy', path: ['0', 'url'] },
  {
    modules:
      'langchain_community.utilities langchain_community.utilities.sql_database langchain.utilities langchain.sql_database',
    members: 'SQLDatabase.from_uri',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['0', 'database_uri'],
  },
  {
    modules: 'apscheduler.jobstores.sqlalchemy',
    members: 'SQLAlchemyJobStore',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['0', 'url'],
  },
  { modules: 'tortoise', members: 'Tortoise.init run_async', ...SQLITE_URL, dialect: 'sqlx', path: ['2', 'db_url'] },
  {
    modules: 'langgraph.checkpoint.sqlite langgraph.checkpoint.sqlite.aio',
    members: 'SqliteSaver.from_conn_string AsyncSqliteSaver.from_conn_string',
    ...SQLITE_FILE,
    path: ['0', 'conn_string'],
  },
  {
    modules: 'peewee playhouse.sqlite_ext playhouse.pool playhouse.sqliteq playhouse.apsw_ext playhouse.sqlcipher_ext',
    members:
      'SqliteDatabase SqliteExtDatabase PooledSqliteDatabase PooledSqliteExtDatabase SqliteQueueDatabase APSWDatabase ' +
      'SqliteDatabase().init SqliteExtDatabase().init PooledSqliteDatabase().init SqliteQueueDatabase().init',
    ...SQLITE_FILE,
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
  {
    modules: 'faiss',
    members: 'write_index write_index_binary',
    technology: 'faiss',
    form: 'file',
    path: ['1', 'fname'],
  },
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
  {
    modules: 'llama_index.core llama_index llama_index.core.storage llama_index.core.indices',
    members: [
      ...objectsOf('VectorStoreIndex', 'from_documents from_vector_store').map((name) => `${name}.storage_context`),
      ...objectsOf('StorageContext', 'from_defaults'),
    ]
      .map((name) => `${name}.persist`)
      .join(' '),
    ...directory('llamaindex'),
    path: ['0', 'persist_dir'],
    default: './storage',
  },
  {
    modules: 'pymilvus pymilvus.milvus_client',
    members: 'MilvusClient AsyncMilvusClient',
    ...singleFile('milvus'),
    path: ['0', 'uri'],
    when: [['0|uri', /\.db$/]],
  },
  {
    modules: 'langchain_milvus langchain_community.vectorstores',
    members: 'Milvus Milvus.from_documents Milvus.from_texts',
    ...singleFile('milvus'),
    path: ['connection_args.uri'],
    when: [['connection_args.uri', /\.db$/]],
  },
  {
    modules: 'langchain_community.vectorstores langchain_community.vectorstores.lancedb',
    members: 'LanceDB LanceDB.from_documents LanceDB.from_texts',
    ...directory('lancedb'),
    path: ['uri'],
  },
  {
    modules: 'langchain_community.chat_message_histories langchain_community.chat_message_histories.sql',
    members: 'SQLChatMessageHistory',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['1', 'connection_string', 'connection'],
  },
  {
    modules: 'duckdb',
    members: 'connect',
    ...singleFile('duckdb'),
    path: ['0', 'database'],
    readOnly: [['1|read_only', TRUE]],
  },
  { modules: 'tinydb', members: 'TinyDB', ...singleFile('tinydb'), path: ['0', 'path'] },
  {
    modules: 'shelve',
    members: 'open DbfilenameShelf',
    ...singleFile('shelve'),
    path: ['0', 'filename'],
    readOnly: [['1|flag', /^r$/]],
  },
  {
    // Without a flag it is opened for reading, and has to be there.
    modules: 'dbm dbm.gnu dbm.ndbm dbm.dumb dbm.sqlite3',
    members: 'open',
    ...singleFile('dbm'),
    path: ['0', 'file', 'filename'],
    when: [['1|flag', /^[cnw]/]],
  },
  { modules: 'pickledb', members: 'load PickleDB', ...singleFile('pickledb'), path: ['0', 'location'] },
  {
    modules: 'lmdb',
    members: 'open Environment',
    ...directory('lmdb'),
    path: ['0', 'path'],
    readOnly: [['readonly', TRUE]],
  },
  { modules: 'plyvel', members: 'DB', ...directory('leveldb'), path: ['0', 'name'] },
  {
    modules: 'rocksdict',
    members: 'Rdict',
    ...directory('rocksdb'),
    path: ['0', 'path'],
    readOnly: [['access_type', /read_only\(\)$/]],
  },
  {
    modules: 'ZODB.FileStorage ZODB.FileStorage.FileStorage',
    members: 'FileStorage',
    ...singleFile('zodb'),
    path: ['0', 'file_name'],
    readOnly: [['read_only', TRUE]],
  },
  {
    modules: 'sqlitedict',
    members: 'SqliteDict',
    ...SQLITE_FILE,
    path: ['0', 'filename'],
    readOnly: [['flag', /^r$/]],
  },
  {
    modules: 'mlflow',
    members: 'set_tracking_uri',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['0', 'uri'],
    when: [['0|uri', /^sqlite/]],
  },
];
