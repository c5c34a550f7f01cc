import { describe } from 'vitest';
import { table } from './scanning.ts';

const VECTORS = 'from langchain_community.vectorstores import';

describe('LangChain and LlamaIndex in Python: catches', () => {
  table('py', [
    ['Annoy', `${VECTORS} Annoy\nAnnoy.from_texts(t, e).save_local("data/annoy")`, ['annoy /app/data/annoy']],
    [
      'SQLiteVec',
      `${VECTORS} SQLiteVec\nSQLiteVec(table="t", connection=None, embedding=e, db_file="data/vec.db")`,
      ['sqlite /app/data/vec.db'],
    ],
    [
      'SQLiteVec, a connection',
      `${VECTORS} SQLiteVec\nc = SQLiteVec.create_connection(db_file="/data/vec.db")`,
      ['sqlite /data/vec.db'],
    ],
    [
      'SQLiteVec of texts, in its own file',
      'from langchain_community.vectorstores.sqlitevec import SQLiteVec\nSQLiteVec.from_texts(texts=t, embedding=e, table="t")',
      ['sqlite /app/vec.db'],
    ],
    [
      'SQLiteVSS',
      `${VECTORS} SQLiteVSS\nSQLiteVSS.from_documents(d, e, table="t", db_file="/data/vss.db")`,
      ['sqlite /data/vss.db'],
    ],
    [
      'chats in a file',
      'from langchain_community.chat_message_histories import FileChatMessageHistory\nFileChatMessageHistory("chats/a.json")',
      ['langchain /app/chats/a.json'],
    ],
    [
      'records of an index',
      'from langchain.indexes import SQLRecordManager, index\nSQLRecordManager("n", db_url="sqlite:///records.sql")',
      ['sqlite /app/records.sql'],
    ],
    [
      'what a graph remembers',
      'from langgraph.store.sqlite.aio import AsyncSqliteStore\nasync def run():\n    async with AsyncSqliteStore.from_conn_string("data/memory.sqlite") as store: pass',
      ['sqlite /app/data/memory.sqlite'],
    ],
    [
      'an index that is loaded and saved',
      'from llama_index.core import StorageContext, load_index_from_storage\ni = load_index_from_storage(StorageContext.from_defaults(persist_dir="/data/i"))\ni.storage_context.persist(persist_dir="/data/i")',
      ['llamaindex /data/i (read only)', 'llamaindex /data/i'],
    ],
    [
      'a simple vector store',
      'from llama_index.core.vector_stores import SimpleVectorStore\ns = SimpleVectorStore()\ns.persist(persist_path="/data/v.json")',
      ['llamaindex /data/v.json'],
    ],
    [
      'chats of LlamaIndex',
      'from llama_index.core.storage.chat_store import SimpleChatStore\ns = SimpleChatStore()\ns.persist()',
      ['llamaindex /app/chat_store.json'],
    ],
    [
      'chats of LlamaIndex in SQLite',
      'from llama_index.storage.chat_store.sqlite import SQLiteChatStore\nSQLiteChatStore.from_uri(uri="sqlite+aiosqlite:///chat.db")',
      ['sqlite /app/chat.db'],
    ],
    [
      'Chroma of LlamaIndex',
      'from llama_index.vector_stores.chroma import ChromaVectorStore\nChromaVectorStore.from_params("c", persist_dir="./chroma_db")',
      ['chroma /app/chroma_db'],
    ],
    [
      'LanceDB of LlamaIndex',
      'from llama_index.vector_stores.lancedb import LanceDBVectorStore\nLanceDBVectorStore(uri="./lance", table_name="t")',
      ['lancedb /app/lance'],
    ],
    [
      'Milvus Lite of LlamaIndex',
      'from llama_index.vector_stores.milvus import MilvusVectorStore\nMilvusVectorStore(uri="./milvus.db", dim=3)',
      ['milvus /app/milvus.db'],
    ],
    [
      'DuckDB of LlamaIndex',
      'from llama_index.vector_stores.duckdb import DuckDBVectorStore\nDuckDBVectorStore("pg.duckdb", persist_dir="./persist/")',
      ['duckdb /app/persist'],
    ],
  ]);
});

describe('LangChain and LlamaIndex in Python: catches not', () => {
  table('py', [
    ['Annoy, never saved', `${VECTORS} Annoy\nAnnoy.from_texts(t, e)`, []],
    ['SQLiteVec in memory', `${VECTORS} SQLiteVec\nSQLiteVec.create_connection(db_file=":memory:")`, []],
    ['SQLiteVec on a connection', `${VECTORS} SQLiteVec\nSQLiteVec(table="t", connection=c, embedding=e)`, []],
    ['another class of that name', 'from store import SQLiteVec\nSQLiteVec.from_texts(texts=t, embedding=e)', []],
    [
      'chats in memory',
      'from langchain_community.chat_message_histories import ChatMessageHistory\nChatMessageHistory()',
      [],
    ],
    [
      'a buffer',
      'from langchain.memory import ConversationBufferMemory\nConversationBufferMemory(return_messages=True)',
      [],
    ],
    ['a cache', 'from langchain_community.cache import SQLiteCache\nSQLiteCache(database_path=".langchain.db")', []],
    [
      'records elsewhere',
      'from langchain.indexes import SQLRecordManager\nSQLRecordManager("n", db_url="postgresql://db/x")',
      [],
    ],
    ['records on an engine', 'from langchain.indexes import SQLRecordManager\nSQLRecordManager("n", engine=e)', []],
    [
      'what a graph remembers in memory',
      'from langgraph.store.sqlite import SqliteStore\nSqliteStore.from_conn_string(":memory:")',
      [],
    ],
    ['another store of a graph', 'from langgraph.store.memory import InMemoryStore\nInMemoryStore()', []],
    [
      'an index that is only loaded',
      'from llama_index.core import StorageContext\nStorageContext.from_defaults(persist_dir="/data/i")',
      ['llamaindex /data/i (read only)'],
    ],
    [
      'a storage context without a folder',
      'from llama_index.core import StorageContext\nStorageContext.from_defaults()',
      [],
    ],
    [
      'a simple vector store that is not saved',
      'from llama_index.core.vector_stores import SimpleVectorStore\nSimpleVectorStore()',
      [],
    ],
    ['another persist', 'from llama_index.core.vector_stores import SimpleVectorStore\nsession.persist("/data/x")', []],
    [
      'chats elsewhere',
      'from llama_index.storage.chat_store.sqlite import SQLiteChatStore\nSQLiteChatStore.from_uri(uri="sqlite+aiosqlite:///:memory:")',
      [],
    ],
    [
      'a Chroma server',
      'from llama_index.vector_stores.chroma import ChromaVectorStore\nChromaVectorStore.from_params("c", host="chroma", port="8000")',
      [],
    ],
    [
      'Chroma of a client',
      'from llama_index.vector_stores.chroma import ChromaVectorStore\nChromaVectorStore(chroma_collection=c)',
      [],
    ],
    [
      'LanceDB in a bucket',
      'from llama_index.vector_stores.lancedb import LanceDBVectorStore\nLanceDBVectorStore(uri="s3://b/lance")',
      [],
    ],
    [
      'LanceDB without a folder',
      'from llama_index.vector_stores.lancedb import LanceDBVectorStore\nLanceDBVectorStore(connection=c)',
      [],
    ],
    [
      'a Milvus server',
      'from llama_index.vector_stores.milvus import MilvusVectorStore\nMilvusVectorStore(uri="http://milvus:19530")',
      [],
    ],
    [
      'DuckDB in memory',
      'from llama_index.vector_stores.duckdb import DuckDBVectorStore\nDuckDBVectorStore(persist_dir="./persist")',
      [],
    ],
    [
      'DuckDB in memory by name',
      'from llama_index.vector_stores.duckdb import DuckDBVectorStore\nDuckDBVectorStore(":memory:", persist_dir="./persist")',
      [],
    ],
  ]);
});

const HNSW = "import { HNSWLib } from '@langchain/community/vectorstores/hnswlib';\n";

describe('LangChain and Mastra in JavaScript: catches', () => {
  table('ts', [
    [
      'HNSWLib',
      `${HNSW}const s = await HNSWLib.fromDocuments(d, e);\nawait s.save('data/hnsw');`,
      ['hnswlib /app/data/hnsw'],
    ],
    [
      'hnswlib-node',
      "import { HierarchicalNSW } from 'hnswlib-node';\nconst i = new HierarchicalNSW('l2', 3);\ni.writeIndexSync('/data/i.dat');",
      ['hnswlib /data/i.dat'],
    ],
    [
      'LanceDB',
      "import { LanceDB } from '@langchain/community/vectorstores/lancedb';\nawait LanceDB.fromDocuments(d, e, { uri: './lance' });",
      ['lancedb /app/lance'],
    ],
    [
      'chats in a file',
      "import { FileSystemChatMessageHistory } from '@langchain/community/stores/message/file_system';\nnew FileSystemChatMessageHistory({ sessionId, filePath: 'chats.json' });",
      ['langchain /app/chats.json'],
    ],
    [
      'records of an index',
      "import { SQLiteRecordManager } from '@langchain/community/indexes/sqlite';\nnew SQLiteRecordManager('n', { tableName: 't', localPath: './records.db' });",
      ['sqlite /app/records.db'],
    ],
    [
      'Mastra',
      "import { LibSQLStore, LibSQLVector } from '@mastra/libsql';\nnew LibSQLStore({ url: 'file:./mastra.db' });\nnew LibSQLVector({ connectionUrl: 'file:/data/v.db' });",
      ['sqlite /app/mastra.db', 'sqlite /data/v.db'],
    ],
    [
      'Mastra with DuckDB',
      "import { DuckDBVector } from '@mastra/duckdb';\nnew DuckDBVector({ path: './v.duckdb' });",
      ['duckdb /app/v.duckdb'],
    ],
  ]);
});

describe('LangChain and Mastra in JavaScript: catches not', () => {
  table('ts', [
    ['HNSWLib, never saved', `${HNSW}await HNSWLib.fromDocuments(d, e);`, []],
    ['HNSWLib, only loaded', `${HNSW}await HNSWLib.load('data/hnsw', e);`, ['hnswlib /app/data/hnsw (read only)']],
    ['another save', `${HNSW}await user.save('data/hnsw');`, []],
    ['an index in memory', "import { HierarchicalNSW } from 'hnswlib-node';\nnew HierarchicalNSW('l2', 3);", []],
    [
      'an index that is read',
      "import { HierarchicalNSW } from 'hnswlib-node';\nnew HierarchicalNSW('l2', 3).readIndexSync('/data/i.dat');",
      [],
    ],
    [
      'LanceDB on a table',
      "import { LanceDB } from '@langchain/community/vectorstores/lancedb';\nnew LanceDB(e, { table });",
      [],
    ],
    [
      'LanceDB in a bucket',
      "import { LanceDB } from '@langchain/community/vectorstores/lancedb';\nLanceDB.fromDocuments(d, e, { uri: 's3://b/lance' });",
      [],
    ],
    [
      'chats in a folder of its own choice',
      "import { FileSystemChatMessageHistory } from '@langchain/community/stores/message/file_system';\nnew FileSystemChatMessageHistory({ sessionId });",
      [],
    ],
    [
      'records in memory',
      "import { SQLiteRecordManager } from '@langchain/community/indexes/sqlite';\nnew SQLiteRecordManager('n', { tableName: 't', localPath: ':memory:' });",
      [],
    ],
    ['Mastra in memory', "import { LibSQLStore } from '@mastra/libsql';\nnew LibSQLStore({ url: ':memory:' });", []],
    [
      'Mastra elsewhere',
      "import { LibSQLStore } from '@mastra/libsql';\nnew LibSQLStore({ url: 'libsql://x.turso.io' });",
      [],
    ],
    [
      'Mastra with DuckDB in memory',
      "import { DuckDBVector } from '@mastra/duckdb';\nnew DuckDBVector({ path: ':memory:' });",
      [],
    ],
    ['types alone', "import type { LibSQLStore } from '@mastra/libsql';\nlet s: LibSQLStore;", []],
    ['another package', "import { LibSQLStore } from './store';\nnew LibSQLStore({ url: 'file:a.db' });", []],
  ]);
});
