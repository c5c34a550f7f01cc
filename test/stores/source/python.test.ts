import { describe } from 'vitest';
import { table } from './scanning.ts';

describe('Python: catches', () => {
  table('py', [
    ['chroma client', 'import chromadb\nc = chromadb.PersistentClient(path="./db")', ['chroma /app/db']],
    ['chroma client without a path', 'import chromadb\nc = chromadb.PersistentClient()', ['chroma /app/chroma']],
    ['chroma client by position', 'from chromadb import PersistentClient as P\nP("/data/c")', ['chroma /data/c']],
    [
      'chroma settings that persist',
      'import chromadb\nfrom chromadb.config import Settings\nchromadb.Client(Settings(persist_directory="db", is_persistent=True))',
      ['chroma /app/db'],
    ],
    [
      'chroma settings kept in a variable',
      'import chromadb\nfrom chromadb.config import Settings\ns = Settings(is_persistent=True, persist_directory="/d")\nchromadb.Client(settings=s)',
      ['chroma /d'],
    ],
    [
      'chroma before 0.4',
      'import chromadb\nfrom chromadb.config import Settings\nchromadb.Client(Settings(chroma_db_impl="duckdb+parquet", persist_directory="db"))',
      ['chroma /app/db'],
    ],
    [
      'langchain chroma',
      'from langchain_chroma import Chroma\nChroma(embedding_function=e, persist_directory="store")',
      ['chroma /app/store'],
    ],
    [
      'langchain chroma from documents',
      'from langchain_community.vectorstores import Chroma\ndb = Chroma.from_documents(docs, e, persist_directory="store")',
      ['chroma /app/store'],
    ],
    [
      'langchain chroma from texts, older package',
      'from langchain.vectorstores.chroma import Chroma\nChroma.from_texts(t, e, persist_directory=f"{root}/x")\n',
      ['chroma ? `root` is not set in the code'],
    ],
    [
      'either of two packages',
      'try:\n    from langchain_chroma import Chroma\nexcept ImportError:\n    from langchain_community.vectorstores import Chroma\nChroma("c", e, "db")',
      ['chroma /app/db'],
    ],
    ['sqlite3', 'import sqlite3\nconn = sqlite3.connect("app.db")', ['sqlite /app/app.db']],
    ['sqlite3 by an alias', 'import sqlite3 as sq\nsq.connect(database="/data/a.db")', ['sqlite /data/a.db']],
    ['sqlite3 in a with', 'from sqlite3 import connect\nwith connect("a.db") as c: pass', ['sqlite /app/a.db']],
    [
      'sqlite3 URI',
      'import sqlite3\nsqlite3.connect("file:data/a.db?cache=shared", uri=True)',
      ['sqlite /app/data/a.db'],
    ],
    [
      'sqlite3 URI for reading',
      'import sqlite3\np = "/d/a.db"\nsqlite3.connect(f"file:{p}?mode=ro", uri=True)',
      ['sqlite /d/a.db (read only)'],
    ],
    [
      'aiosqlite',
      'import aiosqlite\nasync def f():\n    async with aiosqlite.connect("a.db") as db:\n        await db.execute("")',
      ['sqlite /app/a.db'],
    ],
    [
      'SQLAlchemy, relative',
      'from sqlalchemy import create_engine\ne = create_engine("sqlite:///data/app.db")',
      ['sqlite /app/data/app.db'],
    ],
    [
      'SQLAlchemy, absolute',
      'import sqlalchemy as sa\ne = sa.create_engine("sqlite:////data/app.db")',
      ['sqlite /data/app.db'],
    ],
    [
      'SQLAlchemy, asynchronous',
      'from sqlalchemy.ext.asyncio import create_async_engine\ncreate_async_engine("sqlite+aiosqlite:///./app.db")',
      ['sqlite /app/app.db'],
    ],
    [
      'SQLAlchemy, path put into the URL',
      'import os\nfrom sqlalchemy import create_engine\nbase = os.path.abspath(os.path.dirname(__file__))\ncreate_engine("sqlite:///" + os.path.join(base, "app.db"))',
      ['sqlite /app/app.db'],
    ],
    [
      'SQLAlchemy, URL from parts',
      'from sqlalchemy.engine import URL, create_engine\ncreate_engine(URL.create(drivername="sqlite", database="x.db"))',
      ['sqlite /app/x.db'],
    ],
    [
      'SQLModel',
      'from sqlmodel import create_engine\nname = "database.db"\nurl = f"sqlite:///{name}"\nengine = create_engine(url, echo=True)',
      ['sqlite /app/database.db'],
    ],
    ['databases', 'from databases import Database\nDatabase("sqlite+aiosqlite:///e.db")', ['sqlite /app/e.db']],
    [
      'peewee',
      'from peewee import *\nimport peewee\ndb = peewee.SqliteDatabase("my.db", pragmas={"x": 1})',
      ['sqlite /app/my.db'],
    ],
    [
      'peewee, opened later',
      'from peewee import SqliteDatabase\ndb = SqliteDatabase(None)\ndb.init("/data/my.db")',
      ['sqlite /data/my.db'],
    ],
    [
      'tortoise strips sqlite://',
      'from tortoise import Tortoise\nasync def i():\n    await Tortoise.init(db_url="sqlite://db.sqlite3", modules={})',
      ['sqlite /app/db.sqlite3'],
    ],
    [
      'faiss of langchain',
      'from langchain_community.vectorstores import FAISS\nvs = FAISS.from_documents(d, e)\nvs.save_local("faiss_index")',
      ['faiss /app/faiss_index'],
    ],
    [
      'faiss kept by an object',
      'from langchain.vectorstores import FAISS\nclass S:\n    def __init__(self):\n        self.vs = None\n    def build(self, d):\n        self.vs = FAISS.from_texts(d, e)\n    def save(self):\n        self.vs.save_local("/idx")',
      ['faiss /idx'],
    ],
    [
      'faiss given by a function',
      'from langchain_community.vectorstores import FAISS\ndef build():\n    return FAISS.from_texts([], e)\nbuild().save_local("i")',
      ['faiss /app/i'],
    ],
    [
      'faiss known by its annotation',
      'from langchain_community.vectorstores import FAISS\ndef save(store: FAISS):\n    store.save_local("i")',
      ['faiss /app/i'],
    ],
    [
      'faiss that is loaded',
      'from langchain_community.vectorstores import FAISS\nFAISS.load_local("i", e)',
      ['faiss /app/i (read only)'],
    ],
    ['faiss index', 'import faiss\nfaiss.write_index(index, "/data/x.index")', ['faiss /data/x.index']],
    ['lancedb', 'import lancedb\ndb = lancedb.connect("data/lance")', ['lancedb /app/data/lance']],
    [
      'lancedb, asynchronous',
      'import lancedb\nasync def f():\n    return await lancedb.connect_async("l")',
      ['lancedb /app/l'],
    ],
    ['qdrant', 'from qdrant_client import QdrantClient\nQdrantClient(path="qd")', ['qdrant /app/qd']],
    [
      'Flask-SQLAlchemy: relative to the instance folder',
      'from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\napp.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"',
      ['sqlite /app/instance/site.db'],
    ],
    [
      'Flask: the configuration says',
      {
        'flaskr/__init__.py':
          'import os\nfrom flask import Flask\ndef create_app():\n    app = Flask(__name__, instance_relative_config=True)\n    app.config.from_mapping(SECRET_KEY="dev", DATABASE=os.path.join(app.instance_path, "flaskr.sqlite"))\n    return app',
        'flaskr/db.py':
          'import sqlite3\nfrom flask import current_app, g\ndef get_db():\n    g.db = sqlite3.connect(current_app.config["DATABASE"], detect_types=1)',
      },
      ['sqlite /app/instance/flaskr.sqlite'],
    ],
    [
      'Django',
      {
        'shop/settings.py':
          "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nDATABASES = {\n  'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}\n}",
      },
      ['sqlite /app/db.sqlite3'],
    ],
    [
      'Django with a URL',
      'import dj_database_url\nDATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3")}',
      ['sqlite /data/x.db'],
      { DATABASE_URL: 'sqlite:////data/x.db' },
    ],
  ]);
});

describe('Python: catches not', () => {
  table('py', [
    ['a name that is not imported', 'chromadb.PersistentClient(path="x")', []],
    ['another class of the name', 'from mine import PersistentClient, Chroma\nPersistentClient("chroma")', []],
    ['a method of the name', 'import chromadb\nself.PersistentClient(path="x")', []],
    [
      'commented code',
      'import chromadb\n# chromadb.PersistentClient(path="x")\n"""\nchromadb.PersistentClient("y")\n"""',
      [],
    ],
    ['chroma in memory', 'import chromadb\nchromadb.Client()\nchromadb.EphemeralClient()', []],
    ['chroma server', 'import chromadb\nchromadb.HttpClient(host="c", port=8000)', []],
    [
      'chroma settings that do not persist',
      'import chromadb\nfrom chromadb.config import Settings\nchromadb.Client(Settings(persist_directory="db"))',
      ['chroma in memory'],
    ],
    ['langchain chroma in memory', 'from langchain_chroma import Chroma\nChroma.from_documents(d, e)', []],
    ['langchain chroma with None', 'from langchain_chroma import Chroma\nChroma("a", e, persist_directory=None)', []],
    ['sqlite in memory', 'import sqlite3\nsqlite3.connect(":memory:")\nsqlite3.connect("")', []],
    [
      'SQLAlchemy in memory',
      'from sqlalchemy import create_engine\ncreate_engine("sqlite://")\ncreate_engine("sqlite:///:memory:")',
      [],
    ],
    ['another database', 'from sqlalchemy import create_engine\ncreate_engine("postgresql://db/x")', []],
    [
      'another database, put together',
      'from sqlalchemy import create_engine\ncreate_engine(f"mysql://{u}:{p}@db/x")\ncreate_engine(url())',
      [],
    ],
    ['lancedb elsewhere', 'import lancedb\nlancedb.connect("s3://b/x")\nlancedb.connect("db://x")', []],
    [
      'qdrant server',
      'from qdrant_client import QdrantClient\nQdrantClient(url="http://q")\nQdrantClient(":memory:")',
      [],
    ],
    ['peewee, not opened', 'from peewee import SqliteDatabase\nSqliteDatabase(None)', []],
    ['a file database of another kind', 'import unqlite\nimport sqlite3\nunqlite.UnQLite("x.udb")', []],
    [
      'type checking',
      'import typing\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sqlite3\n    sqlite3.connect("a")\nif typing.TYPE_CHECKING:\n    import sqlite3\n    sqlite3.connect("b")',
      [],
    ],
    ['after a return', 'import sqlite3\ndef f():\n    return 1\n    sqlite3.connect("a.db")', []],
    [
      'tests',
      {
        'tests/x.py': 'import sqlite3\nsqlite3.connect("a")',
        'src/test_x.py': 'import sqlite3\nsqlite3.connect("b")',
        'conftest.py': 'import sqlite3\nsqlite3.connect("c")',
      },
      [],
    ],
    [
      'examples and migrations',
      {
        'examples/x.py': 'import sqlite3\nsqlite3.connect("a")',
        'alembic/env.py': 'from sqlalchemy import create_engine\ncreate_engine("sqlite:///a")',
      },
      [],
    ],
    ['a text', 'import sqlite3\nprint("sqlite3.connect(\'a.db\')")', []],
    ['a shadowed module', 'import sqlite3\ndef f(sqlite3):\n    sqlite3.connect("a.db")', []],
    [
      'Django with a server in production',
      'if DEBUG:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}\nelse:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}}',
      [],
    ],
  ]);
});
