import { describe } from 'vitest';
import { table } from './scanning.ts';

describe('Python: catches other stores', () => {
  table('py', [
    ['duckdb', 'import duckdb\ncon = duckdb.connect("data/x.duckdb")', ['duckdb /app/data/x.duckdb']],
    ['tinydb', 'from tinydb import TinyDB\ndb = TinyDB("db.json")', ['tinydb /app/db.json']],
    ['shelve', 'import shelve\nwith shelve.open("/data/state") as s: pass', ['shelve /data/state']],
    ['lmdb', 'import lmdb\nenv = lmdb.open("/data/lm", map_size=1)', ['lmdb /data/lm']],
    ['plyvel', 'import plyvel\ndb = plyvel.DB("/data/l", create_if_missing=True)', ['leveldb /data/l']],
    ['ZODB', 'from ZODB.FileStorage import FileStorage\ns = FileStorage("Data.fs")', ['zodb /app/Data.fs']],
    ['sqlitedict', 'from sqlitedict import SqliteDict\nd = SqliteDict("a.sqlite")', ['sqlite /app/a.sqlite']],
    [
      'LlamaIndex',
      'from llama_index.core import VectorStoreIndex\nindex = VectorStoreIndex.from_documents(d)\nindex.storage_context.persist(persist_dir="/data/idx")',
      ['llamaindex /data/idx'],
    ],
    [
      'LlamaIndex without a folder',
      'from llama_index.core import StorageContext\nc = StorageContext.from_defaults()\nc.persist()',
      ['llamaindex /app/storage'],
    ],
    ['Milvus Lite', 'from pymilvus import MilvusClient\nc = MilvusClient("./milvus.db")', ['milvus /app/milvus.db']],
    [
      'chat history',
      'from langchain_community.chat_message_histories import SQLChatMessageHistory\nSQLChatMessageHistory("1", connection_string="sqlite:///chat.db")',
      ['sqlite /app/chat.db'],
    ],
    ['MLflow', 'import mlflow\nmlflow.set_tracking_uri("sqlite:///mlflow.db")', ['sqlite /app/mlflow.db']],
  ]);
});

describe('Python: catches not', () => {
  table('py', [
    ['duckdb in memory', 'import duckdb\nduckdb.connect()', []],
    ['duckdb in memory by name', 'import duckdb\nduckdb.connect(":memory:")', []],
    [
      'duckdb for reading',
      'import duckdb\nduckdb.connect("x.duckdb", read_only=True)',
      ['duckdb /app/x.duckdb (read only)'],
    ],
    ['duckdb in the cloud', 'import duckdb\nduckdb.connect(f"{token}")', ['duckdb ? `token` is not set in the code']],
    [
      'tinydb in memory',
      'from tinydb import TinyDB\nfrom tinydb.storages import MemoryStorage\nTinyDB(storage=MemoryStorage)',
      [],
    ],
    ['shelve for reading', 'import shelve\nshelve.open("s", flag="r")', ['shelve /app/s (read only)']],
    ['another open', 'import shelve\nopen("s")', []],
    ['lmdb for reading', 'import lmdb\nlmdb.open("/d", readonly=True)', ['lmdb /d (read only)']],
    ['a Milvus server', 'from pymilvus import MilvusClient\nMilvusClient("http://milvus:19530")', []],
    [
      'a Milvus server by name',
      'from pymilvus import MilvusClient\nMilvusClient(uri="http://milvus:19530", token="x")',
      [],
    ],
    [
      'an index that is not saved',
      'from llama_index.core import VectorStoreIndex\nVectorStoreIndex.from_documents(d)',
      [],
    ],
    ['another persist', 'from llama_index.core import Settings\nx.persist("a")', []],
    ['a tracking server', 'import mlflow\nmlflow.set_tracking_uri("http://mlflow:5000")', []],
    ['a tracking folder', 'import mlflow\nmlflow.set_tracking_uri("file:./mlruns")', []],
    [
      'chat history elsewhere',
      'from langchain_community.chat_message_histories import SQLChatMessageHistory\nSQLChatMessageHistory("1", "postgresql://db/x")',
      [],
    ],
    [
      'ZODB for reading',
      'from ZODB.FileStorage import FileStorage\nFileStorage("Data.fs", read_only=True)',
      ['zodb /app/Data.fs (read only)'],
    ],
    [
      'a module of the application',
      { 'main.py': 'from store import TinyDB\nTinyDB("x.json")', 'store.py': 'class TinyDB: pass' },
      [],
    ],
    ['a comment', 'import duckdb\n# duckdb.connect("x.duckdb")', []],
    ['a test', { 'test_x.py': 'import duckdb\nduckdb.connect("x.duckdb")' }, []],
    ['a migration', { 'migrations/x.py': 'import duckdb\nduckdb.connect("x.duckdb")' }, []],
    ['a text', 'import shelve\nprint("shelve.open(1)")', []],
    ['a dictionary in memory', 'from sqlitedict import SqliteDict\nSqliteDict(":memory:")', []],
    ['a temporary folder', 'import lmdb, tempfile\nlmdb.open(tempfile.mkdtemp())', ['lmdb /tmp']],
    ['an example', { 'examples/x.py': 'import plyvel\nplyvel.DB("x")' }, []],
  ]);
});

describe('JavaScript: catches other stores', () => {
  table('ts', [
    [
      'level',
      "import { Level } from 'level';\nconst db = new Level('./db', { valueEncoding: 'json' });",
      ['leveldb /app/db'],
    ],
    [
      'classic-level',
      "const { ClassicLevel } = require('classic-level');\nnew ClassicLevel('/data/l');",
      ['leveldb /data/l'],
    ],
    [
      'levelup',
      "import levelup from 'levelup';\nimport leveldown from 'leveldown';\nlevelup(leveldown('./mydb'));",
      ['leveldb /app/mydb'],
    ],
    [
      'lmdb',
      "import { open } from 'lmdb';\nconst db = open({ path: '/data/lm', compression: true });",
      ['lmdb /data/lm'],
    ],
    [
      'nedb',
      "import Datastore from '@seald-io/nedb';\nnew Datastore({ filename: 'a.db', autoload: true });",
      ['nedb /app/a.db'],
    ],
    [
      'lowdb',
      "import { JSONFilePreset } from 'lowdb/node';\nconst db = await JSONFilePreset('db.json', {});",
      ['lowdb /app/db.json'],
    ],
    [
      'lowdb of old',
      "const FileSync = require('lowdb/adapters/FileSync');\nconst a = new FileSync('db.json');",
      ['lowdb /app/db.json'],
    ],
    [
      'keyv',
      "import KeyvSqlite from '@keyv/sqlite';\nnew KeyvSqlite('sqlite:///data/k.sqlite');",
      ['sqlite /data/k.sqlite'],
    ],
    [
      'duckdb',
      "import { DuckDBInstance } from '@duckdb/node-api';\nawait DuckDBInstance.create('x.duckdb');",
      ['duckdb /app/x.duckdb'],
    ],
    [
      'LlamaIndex',
      "import { storageContextFromDefaults } from 'llamaindex';\nawait storageContextFromDefaults({ persistDir: './storage' });",
      ['llamaindex /app/storage'],
    ],
  ]);
});

describe('JavaScript: catches not', () => {
  table('ts', [
    ['nedb in memory', "import Datastore from 'nedb';\nnew Datastore();", []],
    ['nedb in memory by its options', "import Datastore from 'nedb';\nnew Datastore({ inMemoryOnly: true });", []],
    ['lowdb in memory', "import { Low, Memory } from 'lowdb';\nnew Low(new Memory(), {});", []],
    ['level in memory', "import { MemoryLevel } from 'memory-level';\nnew MemoryLevel();", []],
    [
      'duckdb in memory',
      "import { DuckDBInstance } from '@duckdb/node-api';\nawait DuckDBInstance.create(':memory:');",
      [],
    ],
    [
      'duckdb in memory without a name',
      "import { DuckDBInstance } from '@duckdb/node-api';\nawait DuckDBInstance.create();",
      [],
    ],
    [
      'lmdb for reading',
      "import { open } from 'lmdb';\nopen({ path: '/d', readOnly: true });",
      ['lmdb /d (read only)'],
    ],
    ['another Level', "import { Level } from './levels';\nnew Level('easy');", []],
    ['a type alone', "import type { Level } from 'level';\nlet x: Level;", []],
    ['a comment', "import { Level } from 'level';\n// new Level('./db');", []],
    ['a test', { 'a.test.ts': "import { Level } from 'level';\nnew Level('./db');" }, []],
    ['an example', { 'examples/a.ts': "import { Level } from 'level';\nnew Level('./db');" }, []],
    [
      'a context that is not stored',
      "import { storageContextFromDefaults } from 'llamaindex';\nawait storageContextFromDefaults({});",
      [],
    ],
    ['keyv elsewhere', "import KeyvRedis from '@keyv/redis';\nnew KeyvRedis('redis://x');", []],
    ['keyv in memory', "import KeyvSqlite from '@keyv/sqlite';\nnew KeyvSqlite('sqlite://:memory:');", []],
    ['a text', "import { Level } from 'level';\nconsole.log(\"new Level('./db')\");", []],
    ['another package', "import { JSONFile } from 'json-file';\nnew JSONFile('db.json');", []],
    ['a function of the same name', "import { open } from 'node:fs';\nopen({ path: '/data/lm' });", []],
    [
      'duckdb for reading',
      "import { DuckDBInstance } from '@duckdb/node-api';\nawait DuckDBInstance.create('x.duckdb', { access_mode: 'READ_ONLY' });",
      ['duckdb /app/x.duckdb (read only)'],
    ],
    [
      'a URL of a server',
      "import { createClient } from '@libsql/client';\ncreateClient({ url: 'libsql://x.turso.io' });",
      [],
    ],
  ]);
});
