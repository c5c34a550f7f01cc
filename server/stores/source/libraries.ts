/** Names that an import always means the library by, whatever files of the same name an application has. */

const PYTHON =
  'os sys pathlib tempfile sqlite3 pysqlite3 chromadb langchain langchain_chroma langchain_community langchain_qdrant ' +
  'aiosqlite sqlalchemy sqlmodel peewee playhouse faiss lancedb qdrant_client sqlite_utils ' +
  'tortoise langgraph apscheduler pydantic pydantic_settings dataclasses decouple starlette flask flask_sqlalchemy ' +
  'django typing enum functools duckdb tinydb shelve dbm pickledb lmdb plyvel rocksdict sqlitedict llama_index pymilvus mlflow ZODB';

const libraries: ReadonlySet<string> = new Set(PYTHON.split(' '));

/** A file `vectors/chromadb.py` beside the importing one is not what `import chromadb` finds. */
export const isPythonLibrary = (dotted: string): boolean => libraries.has(dotted.split('.', 1)[0]!);
