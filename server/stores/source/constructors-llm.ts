/** Stores of LangChain, LlamaIndex and Mastra that are not those of a database's own library. */
import { type ConstructorRow, directory, objectsOf, SQLITE_FILE, SQLITE_URL, singleFile } from './constructors.ts';

const saved = (name: string, ways: string, method: string): string =>
  objectsOf(name, ways)
    .map((made) => `${made}.${method}`)
    .join(' ');

const PYTHON_WAYS = 'from_documents from_texts from_embeddings load_local afrom_documents afrom_texts';
const SQLITE_VECTORS = 'langchain_community.vectorstores langchain_community.vectorstores.';

export const LANGCHAIN_PYTHON: readonly ConstructorRow[] = [
  {
    modules: 'langchain_community.vectorstores langchain_community.vectorstores.annoy langchain.vectorstores',
    members: saved('Annoy', PYTHON_WAYS, 'save_local'),
    ...directory('annoy'),
    path: ['0', 'folder_path'],
  },
  ...['SQLiteVec', 'SQLiteVSS'].flatMap((name): ConstructorRow[] => {
    const modules = `${SQLITE_VECTORS}${name.toLowerCase()}`;
    const file = name === 'SQLiteVec' ? 'vec.db' : 'vss.db';
    return [
      { modules, members: name, ...SQLITE_FILE, path: ['3', 'db_file'] },
      { modules, members: `${name}.create_connection`, ...SQLITE_FILE, path: ['0', 'db_file'] },
      {
        modules,
        members: `${name}.from_texts ${name}.from_documents`,
        ...SQLITE_FILE,
        path: ['db_file'],
        default: file,
      },
    ];
  }),
  {
    modules: 'langchain_community.chat_message_histories langchain_community.chat_message_histories.file',
    members: 'FileChatMessageHistory',
    ...singleFile('langchain'),
    path: ['0', 'file_path'],
  },
  {
    modules:
      'langchain.indexes langchain_classic.indexes langchain.indexes._sql_record_manager langchain_community.indexes',
    members: 'SQLRecordManager',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['db_url'],
  },
  {
    modules: 'langgraph.store.sqlite langgraph.store.sqlite.aio',
    members: 'SqliteStore.from_conn_string AsyncSqliteStore.from_conn_string',
    ...SQLITE_FILE,
    path: ['0', 'conn_string'],
  },
];

const CORE = 'llama_index.core llama_index';

export const LLAMAINDEX_PYTHON: readonly ConstructorRow[] = [
  {
    // Loaded with this, an index is saved in the same way as a new one.
    modules: CORE,
    members: 'load_index_from_storage().storage_context.persist',
    ...directory('llamaindex'),
    path: ['0', 'persist_dir'],
    default: './storage',
  },
  {
    modules: `${CORE} llama_index.core.storage`,
    members: 'StorageContext.from_defaults',
    ...directory('llamaindex'),
    path: ['persist_dir'],
    readOnly: 'always',
  },
  {
    modules: 'llama_index.core.vector_stores llama_index.core.vector_stores.simple llama_index.vector_stores',
    members: saved('SimpleVectorStore', 'from_persist_path from_persist_dir', 'persist'),
    ...singleFile('llamaindex'),
    path: ['0', 'persist_path'],
    default: './storage/vector_store.json',
  },
  {
    modules: 'llama_index.core.storage.chat_store llama_index.storage.chat_store',
    members: saved('SimpleChatStore', 'from_persist_path', 'persist'),
    ...singleFile('llamaindex'),
    path: ['0', 'persist_path'],
    default: 'chat_store.json',
  },
  {
    modules: 'llama_index.storage.chat_store.sqlite',
    members: 'SQLiteChatStore.from_uri',
    ...SQLITE_URL,
    dialect: 'sqlalchemy',
    path: ['0', 'uri'],
  },
  {
    modules: 'llama_index.vector_stores.chroma llama_index.vector_stores',
    members: 'ChromaVectorStore.from_params',
    ...directory('chroma'),
    path: ['persist_dir'],
  },
  {
    modules: 'llama_index.vector_stores.lancedb llama_index.vector_stores',
    members: 'LanceDBVectorStore',
    ...directory('lancedb'),
    path: ['uri'],
  },
  {
    modules: 'llama_index.vector_stores.milvus llama_index.vector_stores',
    members: 'MilvusVectorStore',
    ...singleFile('milvus'),
    path: ['uri'],
    when: [['uri', /\.db$/]],
  },
  {
    modules: 'llama_index.vector_stores.duckdb',
    members: 'DuckDBVectorStore',
    ...directory('duckdb'),
    path: ['persist_dir'],
    // Without a name it is kept in memory, whatever the folder.
    when: [['0|database_name', /^(?!:memory:)./]],
  },
];

const HNSWLIB = '@langchain/community/vectorstores/hnswlib langchain/vectorstores/hnswlib';

export const LANGCHAIN_JAVASCRIPT: readonly ConstructorRow[] = [
  {
    modules: HNSWLIB,
    members: saved('HNSWLib', 'fromTexts fromDocuments load', 'save'),
    ...directory('hnswlib'),
    path: ['0'],
  },
  { modules: HNSWLIB, members: 'HNSWLib.load', ...directory('hnswlib'), path: ['0'], readOnly: 'always' },
  {
    modules: 'hnswlib-node',
    members: 'HierarchicalNSW().writeIndex HierarchicalNSW().writeIndexSync',
    ...singleFile('hnswlib'),
    path: ['0'],
  },
  {
    modules: '@langchain/community/vectorstores/lancedb',
    members: 'LanceDB.fromDocuments LanceDB.fromTexts',
    ...directory('lancedb'),
    path: ['2.uri', '3.uri'],
  },
  {
    modules: '@langchain/community/stores/message/file_system',
    members: 'FileSystemChatMessageHistory',
    ...singleFile('langchain'),
    path: ['0.filePath'],
  },
  {
    modules: '@langchain/community/indexes/sqlite',
    members: 'SQLiteRecordManager',
    ...SQLITE_FILE,
    path: ['1.localPath', '1.connectionString'],
  },
  { modules: '@mastra/libsql', members: 'LibSQLStore', ...SQLITE_URL, dialect: 'plain', path: ['0.url'] },
  {
    modules: '@mastra/libsql',
    members: 'LibSQLVector',
    ...SQLITE_URL,
    dialect: 'plain',
    path: ['0.connectionUrl', '0.url'],
  },
  { modules: '@mastra/duckdb', members: 'DuckDBVector', ...singleFile('duckdb'), path: ['0.path'] },
];
