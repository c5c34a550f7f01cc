/**
 * Notes in a SQLite database. GET /health; GET /notes: {"count", "last"}; POST /notes?count=N: adds N, each with the text
 * that was sent, in one transaction; GET /where: the file that is used.
 *
 * DATABASE_URL is a path, file:PATH or sqlite:///PATH (with four slashes an absolute one); JOURNAL_MODE and
 * WAL_AUTOCHECKPOINT are SQLite's; with KEEP_OPEN=1 the database is not closed at the end, so that its log stays.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const { DATABASE_URL = 'data/app.db', JOURNAL_MODE = 'wal', WAL_AUTOCHECKPOINT, KEEP_OPEN, PORT = 3000 } = process.env;
const file = resolve(DATABASE_URL.replace(/^(sqlite:\/\/\/|sqlite:|file:\/\/|file:)/, ''));
mkdirSync(dirname(file), { recursive: true });

const database = new DatabaseSync(file);
const journal = database.prepare(`PRAGMA journal_mode = ${JOURNAL_MODE}`).get().journal_mode;
if (WAL_AUTOCHECKPOINT !== undefined) database.exec(`PRAGMA wal_autocheckpoint = ${Number(WAL_AUTOCHECKPOINT)}`);
database.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL)');
const insert = database.prepare("INSERT INTO notes (text, at) VALUES (?, datetime('now'))");
const count = database.prepare(
  'SELECT count(*) AS count, (SELECT text FROM notes ORDER BY id DESC LIMIT 1) AS last FROM notes',
);

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://app');
  switch (`${request.method} ${pathname}`) {
    case 'GET /health':
      return { ok: true };
    case 'GET /where':
      return { file, journal, cwd: process.cwd() };
    case 'GET /notes':
      return count.get();
    case 'POST /notes': {
      let text = '';
      for await (const part of request) text += part;
      database.exec('BEGIN');
      for (let left = Number(searchParams.get('count') ?? 1); left > 0; left--) insert.run(text || 'a note');
      database.exec('COMMIT');
      return count.get();
    }
    default:
      return undefined;
  }
}

const server = createServer(async (request, response) => {
  const body = await answer(request).catch((error) => ({ error: String(error) }));
  response.writeHead(body === undefined ? 404 : 'error' in body ? 500 : 200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body ?? {})}\n`);
});
server.listen(Number(PORT), () => console.log(`notes in ${file} (${journal}), listening on ${PORT}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (KEEP_OPEN !== '1') database.close();
    process.exit(0);
  });
}
