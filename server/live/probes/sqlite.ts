/** SQLite has no server to ask: its files are copied out of the container and read here, with what is in their logs. */
import { isWithin } from '../../survival/backing.ts';
import { type Database, readDatabase } from '../sqlite/database.ts';
import { databasesIn } from '../sqlite/folder.ts';
import { type OpenFiles, openFiles } from '../sqlite/open-files.ts';
import { toldOf } from '../sqlite/told.ts';
import { MARKER } from './file.ts';
import { type Ask, type Probe, type Told, Unable } from './probe.ts';

/** Read; there are applications with one for each of their users. */
const MOST = 8;

async function read(ask: Ask): Promise<Told> {
  const open = await openFiles(ask);
  const { paths, evidence } = await candidates(ask, open);
  const databases: Database[] = [];
  const problems: Unable[] = [];
  for (const path of paths.slice(0, MOST)) {
    try {
      const database = await readDatabase(ask, path);
      if (database) databases.push(database);
    } catch (error) {
      if (!(error instanceof Unable)) throw error;
      problems.push(error);
    }
  }
  // Half of an answer would be taken for the whole.
  if (problems[0]) throw problems[0];
  // Another store of the same service may be what was deleted.
  const deleted = open.deleted.filter(
    (file) => ask.path === null || databases.length === 0 || isWithin(file, ask.path),
  );
  if (databases.length === 0 && deleted.length === 0)
    throw new Unable(ask.path === null ? 'no database is open' : `there is no SQLite database at ${ask.path}`);
  const left = paths.length - MOST;
  const more = left > 0 ? [`${left} more databases were not read`] : [];
  return toldOf(databases, ask.container.mounts, deleted, left > 0, [...evidence, ...more]);
}

/** The file itself; or all in the folder; or, where there is neither, what the processes have open. */
async function candidates(
  { path: at, archive, stat }: Ask,
  open: OpenFiles,
): Promise<{ paths: readonly string[]; evidence: readonly string[] }> {
  const there = at === null ? null : await stat(at);
  if (at !== null && there && there.kind !== 'directory') return { paths: [at], evidence: [] };
  const kept = open.databases.filter((file) => !open.deleted.includes(file));
  if (at !== null && there) {
    const { found, complete } = await databasesIn({ archive }, at);
    const inside = kept.filter((file) => isWithin(file, at));
    const evidence = complete ? [] : [`Not everything in ${at} was looked at`];
    const paths = [...new Set([...inside, ...found])];
    if (paths.length > 0) return { paths, evidence };
  }
  const evidence = kept.map((file) => `A process of the container has ${file} open`);
  return { paths: kept, evidence };
}

export const SQLITE: Probe = { technologies: ['sqlite'], proven: true, read, planting: MARKER };
