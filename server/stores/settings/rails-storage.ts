/** Active Storage of Rails: the service that the running environment chooses, where it keeps files on disk. */
import { isMap, isScalar, parseDocument } from 'yaml';
import { literal } from '../source/expressions.ts';
import type { PathExpression } from '../source/model.ts';
import { above, type SettingsReader, uploads } from './application.ts';

/** `config.active_storage.service = :local`; null where none or several are chosen, or Ruby decides. */
export function readService(
  text: string,
): { readonly name: string; readonly variable?: string; readonly start: number; readonly end: number } | null {
  const found = [...text.matchAll(/^[ \t]*config\.active_storage\.service[ \t]*=[ \t]*(.+?)[ \t]*(?:#.*)?$/gm)];
  const [one] = found;
  if (!one || found.length > 1) return null;
  const value =
    /^(?::|["'])(\w+)["']?$/.exec(one[1]!) ??
    /^ENV\.fetch\(\s*["'](?<variable>\w+)["']\s*,\s*["':](\w+)["']?\s*\)(?:\.to_sym)?$/.exec(one[1]!);
  if (!value) return null;
  const start = one.index + one[0].search(/\S/);
  const { variable } = value.groups ?? {};
  return { name: value.at(-1)!, ...(variable ? { variable } : {}), start, end: one.index + one[0].length };
}

/** The folder of a service on disk, `Rails.root` being what the root is counted from; null for all other services. */
export function readDisk(text: string, name: string): { readonly inRoot: boolean; readonly folder: string } | null {
  const plain = text
    .replace(/<%#[\s\S]*?%>/g, '')
    .replace(/<%=\s*Rails\.root\.join\(\s*((?:["'][^"'<>]*["']\s*,?\s*)+)\)\s*%>/g, (_, parts: string) =>
      ['RAILS_ROOT', ...[...parts.matchAll(/["']([^"']*)["']/g)].map((part) => part[1]!)].join('/'),
    );
  const document = parseDocument(plain, { strict: false });
  const service = document.errors.length === 0 ? document.get(name, true) : null;
  if (!isMap(service)) return null;
  const value = (key: string): string => {
    const node = service.get(key, true);
    return isScalar(node) ? String(node.value) : '';
  };
  const root = value('root');
  if (value('service') !== 'Disk' || root === '' || root.includes('<%')) return null;
  const inRoot = root.startsWith('RAILS_ROOT/');
  return { inRoot, folder: inRoot ? root.slice('RAILS_ROOT/'.length) : root };
}

export const railsStorage: SettingsReader = (application) =>
  application.named(/\/config\/storage\.yml$/).flatMap((source) => {
    const root = source.path.replace(/\/config\/storage\.yml$/, '');
    const environment = application.environment('RAILS_ENV') ?? application.environment('RACK_ENV');
    if (!environment || environment === 'test' || application.isHidden(source.path)) return [];
    const settings = application.file(`${root}/config/environments/${environment}.rb`);
    const service = settings && readService(settings.text);
    // Every new application has the setting: only its tables tell that files are kept.
    const tables = application.file(`${root}/db/schema.rb`) ?? application.file(`${root}/db/structure.sql`);
    if (!service || !/\bactive_storage_attachments\b/.test(tables?.text ?? '')) return [];
    const set = service.variable === undefined ? undefined : application.environment(service.variable);
    const disk = set === null ? null : readDisk(source.text, set ?? service.name);
    if (!disk) return [];
    const path: PathExpression = disk.inRoot
      ? { kind: 'join', parts: [above(source.path, 2), literal(disk.folder)], restart: false }
      : literal(disk.folder);
    return [uploads({ by: 'Active Storage', source: settings, start: service.start, end: service.end, path })];
  });
