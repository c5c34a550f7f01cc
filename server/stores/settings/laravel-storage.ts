/** Laravel: the disks of `config/filesystems.php` that the application's code stores files on. */
import { literal } from '../source/expressions.ts';
import type { SourceStore } from '../source/model.ts';
import { above, type SettingsReader, uploads } from './application.ts';
import { dotenvOf } from './dotenv-beside.ts';

export interface LaravelDisks {
  /** Of the default disk, and what it is without a word about it. */
  readonly variable: string;
  readonly fallback: string;
  readonly start: number;
  readonly end: number;
  /** Folders of local disks below `storage`, by the name of the disk. */
  readonly local: ReadonlyMap<string, string>;
}

export function readDisks(text: string): LaravelDisks | null {
  const chosen =
    /^[ \t]*(['"])default\1\s*=>\s*env\(\s*(['"])(FILESYSTEM_DISK|FILESYSTEM_DRIVER)\2\s*,\s*(['"])(\w+)\4\s*\)/m.exec(
      text,
    );
  if (!chosen) return null;
  const disks = text.matchAll(
    /(['"])(\w+)\1\s*=>\s*\[\s*(['"])driver\3\s*=>\s*(['"])local\4\s*,\s*(['"])root\5\s*=>\s*storage_path\(\s*(['"])([\w/-]+)\6\s*\)/g,
  );
  return {
    variable: chosen[3]!,
    fallback: chosen[5]!,
    start: chosen.index + chosen[0].search(/\S/),
    end: chosen.index + chosen[0].length,
    local: new Map([...disks].map((disk) => [disk[2]!, disk[7]!])),
  };
}

const PHP = /\/(?:app|Modules|modules|packages|src|routes)\/.*\.php$/;
/** Stores an uploaded file, or writes one, on the default disk. */
const ON_DEFAULT =
  /->store\(\s*['"][^'"]*['"]\s*\)|->storeAs\(\s*[^,()]+,\s*[^,()]+(?:\(\))?\s*\)|\bStorage::(?:put|putFile|putFileAs)\(/;
const ON_PUBLIC =
  /->store(?:As)?\([^;]{0,160}['"]public['"]\s*\)|\bStorage::disk\(\s*['"]public['"]\s*\)->(?:put|putFile|putFileAs)\(|->disk\(\s*['"]public['"]\s*\)/;
const ELSEWHERE = /disk\(\s*['"](?:s3|gcs|azure|minio|spaces|r2|cloudinary)['"]\s*\)/;

export const laravelStorage: SettingsReader = (application) =>
  application.named(/\/config\/filesystems\.php$/).flatMap((source): SourceStore[] => {
    const root = source.path.replace(/\/config\/filesystems\.php$/, '');
    const disks = readDisks(source.text);
    if (!disks || !application.file(`${root}/artisan`) || application.isHidden(source.path)) return [];
    if (application.environment('LARAVEL_STORAGE_PATH') !== undefined) return [];
    const dotenv = dotenvOf(application, `${root}/.env`);
    const set = application.environment(disks.variable);
    const chosen = set ?? (set === null || dotenv === null ? null : (dotenv.get(disks.variable) ?? disks.fallback));
    if (chosen === null || !disks.local.has(chosen) || application.mentions(PHP, ELSEWHERE)) return [];
    const used = new Set([
      ...(application.mentions(PHP, ON_DEFAULT) ? [chosen] : []),
      ...(application.mentions(PHP, ON_PUBLIC) ? ['public'] : []),
    ]);
    return [...used].flatMap((name) => {
      const folder = disks.local.get(name);
      if (folder === undefined) return [];
      const parts = [above(source.path, 2), literal(`storage/${folder}`)];
      const { start, end } = disks;
      return [uploads({ by: 'Laravel', source, start, end, path: { kind: 'join', parts, restart: false } })];
    });
  });
