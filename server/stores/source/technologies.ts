/** What applications keep data in by themselves, in the words of messages. */

/** `vectors`: an index that is searched by likeness. `uploads`: a folder of files that users hand over. */
export type TechnologyClass = 'database' | 'vectors' | 'uploads';

const row = (title: string, is: TechnologyClass = 'database') => ({ title, class: is }) as const;

export const TECHNOLOGIES = {
  sqlite: row('SQLite'),
  badger: row('Badger'),
  bolt: row('bbolt'),
  buntdb: row('BuntDB'),
  dbm: row('dbm'),
  derby: row('Derby'),
  duckdb: row('DuckDB'),
  enmap: row('Enmap'),
  fjall: row('Fjall'),
  h2: row('H2'),
  hsqldb: row('HSQLDB'),
  langchain: row('LangChain'),
  leveldb: row('LevelDB'),
  lmdb: row('LMDB'),
  lowdb: row('lowdb'),
  mapdb: row('MapDB'),
  nedb: row('NeDB'),
  pebble: row('Pebble'),
  pickledb: row('pickleDB'),
  pocketbase: row('PocketBase'),
  redb: row('redb'),
  rocksdb: row('RocksDB'),
  shelve: row('shelve'),
  sled: row('sled'),
  tinydb: row('TinyDB'),
  zodb: row('ZODB'),
  annoy: row('Annoy', 'vectors'),
  chroma: row('Chroma', 'vectors'),
  faiss: row('FAISS', 'vectors'),
  hnswlib: row('HNSWLib', 'vectors'),
  lancedb: row('LanceDB', 'vectors'),
  llamaindex: row('LlamaIndex', 'vectors'),
  milvus: row('Milvus Lite', 'vectors'),
  qdrant: row('Qdrant', 'vectors'),
  uploads: row('Uploads', 'uploads'),
} as const;

export type Technology = keyof typeof TECHNOLOGIES;

export const titleOf = (technology: Technology): string => TECHNOLOGIES[technology].title;

/** Undefined for what no application embeds. */
export const classOf = (technology: string): TechnologyClass | undefined =>
  Object.hasOwn(TECHNOLOGIES, technology) ? TECHNOLOGIES[technology as Technology].class : undefined;
