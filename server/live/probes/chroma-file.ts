/** Chroma without a server, in a program's own process: its SQLite file tells what is in it. */
import * as path from 'node:path';
import { queryDatabase } from '../sqlite/database.ts';
import { partsOf } from './fingerprint.ts';
import { counted, isPlanted, openFiles, openIn } from './http.ts';
import { type Ask, type Told, Unable } from './probe.ts';

const NAME = 'chroma.sqlite3';

interface Content {
  readonly ids: readonly string[];
  readonly records: number;
}

/** Null: it has not been made yet. @throws Unable */
export const contentOf = (ask: Ask, file: string): Promise<Content | null> =>
  queryDatabase(ask, file, (sql) => {
    const own = sql.rows('SELECT id, name FROM collections').filter(([, name]) => !isPlanted(String(name)));
    const ids = own.map(([id]) => String(id));
    // Each record is in the segment of its metadata once; its vector may be elsewhere.
    const counts = sql.rows(
      'SELECT s.collection, count(*) FROM embeddings e JOIN segments s ON s.id = e.segment_id GROUP BY s.collection',
    );
    const known = new Set(ids);
    const records = counts.reduce((sum, [id, count]) => sum + (known.has(String(id)) ? Number(count) : 0), 0);
    return { ids, records };
  });

/** @throws Unable */
export async function readEmbedded(ask: Ask): Promise<Told> {
  const open = openIn(await openFiles(ask), /^(.*)\/chroma\.sqlite3$/);
  const folder = open ?? ask.path;
  if (folder === null) throw new Unable('no process of the container has a Chroma database open');
  const content = await contentOf(ask, path.posix.join(folder, NAME));
  if (!content) throw new Unable(`there is no ${NAME} in ${folder}`);
  const { ids, records } = content;
  return {
    writesTo: [folder],
    fingerprint: partsOf(ids),
    empty: records === 0,
    count: records,
    contents: `${counted(ids.length, 'collection')}, ${counted(records, 'record')}`,
    weaknesses: [],
    evidence: [
      open === undefined ? `${NAME} is in ${folder}` : `a process of the container has ${folder}/${NAME} open`,
      `its tables hold ${counted(records, 'record')}`,
    ],
  };
}
