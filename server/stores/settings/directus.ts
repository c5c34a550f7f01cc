/** Directus in an image of one's own: its database and its files, as the environment says. */
import { literal } from '../source/expressions.ts';
import type { SourceStore } from '../source/model.ts';
import { type Application, type SettingsReader, said, uploads } from './application.ts';

const MANIFEST = /"directus"\s*:/;

export const directus: SettingsReader = (application) => {
  const manifest = application.root && application.file(`${application.root}/package.json`);
  if (!manifest || !MANIFEST.test(manifest.text)) return [];
  const start = manifest.text.search(MANIFEST);
  const place = { by: 'Directus', source: manifest, start, end: start + MANIFEST.exec(manifest.text)![0].length - 1 };
  return [...database(application, place), ...files(application, place)];
};

type Place = Pick<Parameters<typeof said>[0], 'by' | 'source' | 'start' | 'end'>;

function database({ environment }: Application, place: Place): SourceStore[] {
  if (environment('DB_CLIENT') !== 'sqlite3' || environment('DB_CONNECTION_STRING') !== undefined) return [];
  const name = environment('DB_FILENAME');
  if (name === undefined || name === null) return [];
  return [said({ ...place, path: { kind: 'env', name: 'DB_FILENAME' } }, { technology: 'sqlite', form: 'file' })];
}

/** `STORAGE_LOCATIONS` is `local` unless it says otherwise, and that is `./uploads`. */
function files({ environment }: Application, place: Place): SourceStore[] {
  const locations = environment('STORAGE_LOCATIONS');
  if (environment('DB_CLIENT') === undefined || locations === null) return [];
  return (locations ?? 'local').split(',').flatMap((one) => {
    const location = one.trim().toLowerCase();
    const name = `STORAGE_${location.toUpperCase()}`;
    // Only the first of its places has a driver and a folder without a word about it.
    const driver = environment(`${name}_DRIVER`);
    if ((driver === undefined && location === 'local' ? 'local' : driver) !== 'local') return [];
    const fallback = location === 'local' ? { fallback: literal('./uploads') } : {};
    return [uploads({ ...place, path: { kind: 'env', name: `${name}_ROOT`, ...fallback } })];
  });
}
