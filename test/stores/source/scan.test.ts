import { describe, expect, it } from 'vitest';
import { byName } from '../../../server/stores/source/constructors.ts';
import { JAVASCRIPT_STORES } from '../../../server/stores/source/constructors-javascript.ts';
import { PYTHON_STORES } from '../../../server/stores/source/constructors-python.ts';
import { mayOpenStore } from '../../../server/stores/source/openers.ts';
import { resolvePath } from '../../../server/stores/source/resolve.ts';
import { scanSources } from '../../../server/stores/source/scan.ts';
import { placeWith, scan, sourcesOf, summary, text } from './scanning.ts';

const INDEXER = `"""Vector index over the skills."""
from typing import Optional

import chromadb
from chromadb.config import Settings

from ..config import settings


class VectorIndexer:
    def __init__(self, persist_dir: Optional[str] = None, collection: str = "skills"):
        self.persist_dir = persist_dir or settings.chroma_dir
        self.client = chromadb.PersistentClient(
            path=self.persist_dir,
            settings=Settings(anonymized_telemetry=False),
        )
        self.collection = self.client.get_or_create_collection(collection)

    def get_stats(self):
        return {"total_skills": self.collection.count()}
`;

const CONFIG = `from dataclasses import dataclass


@dataclass
class Settings:
    chroma_dir: str = "vector_store/data/chroma"


settings = Settings()
`;

const API = `import os

from flask import Flask, request

app = Flask(__name__)


def ensure_index():
    try:
        from vector_store.src.vector_store.indexer import VectorIndexer

        base_dir = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        chroma_path = os.path.join(base_dir, "vector_store", "data", "chroma")
        indexer = VectorIndexer(persist_dir=chroma_path)
        if indexer.get_stats()["total_skills"] == 0:
            print("empty")
    except Exception as error:
        print(error)


ensure_index()
`;

const APP = {
  'vector_store/src/config.py': CONFIG,
  'vector_store/src/vector_store/indexer.py': INDEXER,
  'vector_store/src/vector_store/__init__.py': '',
  'web/flask_api.py': API,
};

describe('an application that keeps its index in the container', () => {
  it('is found through configuration, constructor and caller', async () => {
    const { stores, failures } = await scan(APP);
    expect(failures).toEqual([]);
    expect(stores).toHaveLength(1);
    const [store] = stores;
    expect(store).toMatchObject({
      technology: 'chroma',
      constructor_: 'chromadb.PersistentClient',
      form: 'directory',
      readOnly: false,
      file: '/repo/vector_store/src/vector_store/indexer.py',
    });
    expect(resolvePath(store!.path, placeWith())).toEqual({ path: '/app/vector_store/data/chroma' });
    expect(text(store!.pathSpan)).toBe('self.persist_dir');
    expect(store!.span.start).toBe(INDEXER.indexOf('chromadb.PersistentClient'));
    expect(store!.span.end).toBe(INDEXER.indexOf(')\n        self.collection') + 1);
    expect(store!.via.map(text)).toEqual(['VectorIndexer(persist_dir=chroma_path)']);
    expect(store!.via[0]!.source.path).toBe('/repo/web/flask_api.py');
  });

  it('keeps to its default where nobody says otherwise', async () => {
    const { 'web/flask_api.py': _, ...rest } = APP;
    const { stores } = await scan(rest);
    expect(stores.map((store) => summary(store))).toEqual(['chroma /app/vector_store/data/chroma']);
    expect(stores[0]!.via).toEqual([]);
  });
});

describe('spans', () => {
  const spans = async (name: string, code: string) =>
    (await scan({ [name]: code })).stores.map((store) => [text(store.span), text(store.pathSpan), store.constructor_]);

  it('are the call and the argument', async () => {
    expect(await spans('a.py', 'é = "😀"; import sqlite3\nx = sqlite3.connect("é.db", timeout=1)\n')).toEqual([
      ['sqlite3.connect("é.db", timeout=1)', '"é.db"', 'sqlite3.connect'],
    ]);
    expect(await spans('a.ts', "import D from 'better-sqlite3';\r\nconst d = new D('a.db');\r\n")).toEqual([
      ["new D('a.db')", "'a.db'", 'D'],
    ]);
  });

  it('are the call twice where there is no argument', async () => {
    expect(await spans('a.py', 'import chromadb\nchromadb.PersistentClient()')).toEqual([
      ['chromadb.PersistentClient()', 'chromadb.PersistentClient()', 'chromadb.PersistentClient'],
    ]);
  });

  it('are the option, or the argument that leads to it', async () => {
    const code = "import knex from 'knex';\nconst c = { client: 'sqlite3', connection: { filename: 'a.db' } };\n";
    expect(await spans('a.ts', `${code}knex(c);`)).toEqual([['knex(c)', 'c', 'knex']]);
    expect(
      await spans('a.ts', "import k from 'knex';\nk({ client: 'sqlite3', connection: { filename: 'a.db' } });"),
    ).toEqual([["k({ client: 'sqlite3', connection: { filename: 'a.db' } })", "'a.db'", 'k']]);
  });
});

describe('scanning again', () => {
  const files = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [
      `pkg${i % 40}/module${i}.py`,
      i % 100 === 0
        ? `import sqlite3\nfrom pkg1 import module1\n\n\ndef open_${i}(path="data/${i}.db"):\n    return sqlite3.connect(path)\n`
        : `import os\n\n\nclass Service${i}:\n    def __init__(self, name):\n        self.name = name\n\n    def run(self):\n        return os.path.join(self.name, "x")\n`,
    ]),
  );

  it('reads only what may open a store, and nothing twice', async () => {
    await scan({ 'warm.py': 'import sqlite3\nsqlite3.connect("a")' });
    const sources = sourcesOf(files);
    const first = await scanSources(sources, { root: '/repo' });
    const second = await scanSources([...sources], { root: '/repo' });
    expect(first.stores).toHaveLength(20);
    expect(second).toBe(first);
  });

  it('gives spans in the texts of today', async () => {
    const before = sourcesOf({ 'a.py': 'import sqlite3\nsqlite3.connect("a.db")', 'b.py': 'X = 1' });
    await scanSources(before);
    const reread = before.map((source) => ({ ...source }));
    const { stores } = await scanSources(reread);
    expect(stores[0]!.span.source).toBe(reread[0]);
    const edited = [reread[0]!, { path: '/repo/a.py', text: '\nimport sqlite3\nsqlite3.connect("b.db")' }];
    expect((await scanSources(edited.slice(1))).stores.map((store) => summary(store))).toEqual(['sqlite /app/b.db']);
  });

  it('follows an edit of another file', async () => {
    const app = { 'x.py': 'import sqlite3\nfrom config import P\nsqlite3.connect(P)', 'config.py': 'P = "a.db"' };
    expect((await scan(app)).stores.map((store) => summary(store))).toEqual(['sqlite /app/a.db']);
    const edited = { ...app, 'config.py': 'P = "b.db"' };
    expect((await scan(edited)).stores.map((store) => summary(store))).toEqual(['sqlite /app/b.db']);
  });
});

describe('files that are not read', () => {
  it('are named when they are too large', async () => {
    const large = `import sqlite3\nsqlite3.connect("a.db")\n${'# filler line of a large file\n'.repeat(40_000)}`;
    const { stores, failures } = await scan({ 'a.py': large });
    expect(stores).toEqual([]);
    expect(failures).toEqual([{ file: '/repo/a.py', message: 'is too large to be searched for stores (over 1 MB)' }]);
  });

  it('are passed over when they are bundles', async () => {
    const bundle = `const D = require('better-sqlite3');new D('a.db');${'x();'.repeat(10_000)}`;
    expect(await scan({ 'dist/bundle.js': bundle })).toEqual({ stores: [], failures: [] });
  });

  it('are of other languages', async () => {
    expect(await scan({ 'a.rb': 'sqlite3.connect("a")', 'b.md': 'sqlite' })).toEqual({ stores: [], failures: [] });
  });

  it('are none at all', async () => {
    expect(await scanSources([])).toEqual({ stores: [], failures: [] });
  });
});

describe('the tables', () => {
  it.each([
    ['python', PYTHON_STORES],
    ['javascript', JAVASCRIPT_STORES],
  ] as const)('%s: each name is one that a file is searched for', (language, rows) => {
    // Some packages have a dot in their name.
    const packages = rows.flatMap(({ modules }) => modules.split(' ')).sort((a, b) => b.length - a.length);
    for (const name of byName(rows).keys()) {
      const of = packages.find((one) => name === one || name.startsWith(`${one}.`));
      const [module, member] = [name.replace(/\.[^.]*$/, ''), name.replace(/^.*\./, '')];
      const text =
        language === 'python' ? `from ${module} import x\nx.${member}()` : `import x from '${of}';\nx.${member}()`;
      expect([name, mayOpenStore({ path: 'x', text }, language)]).toEqual([name, true]);
    }
  });
});
