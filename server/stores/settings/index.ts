/** The stores that the settings of frameworks name. */
import { type Files, UnreadableFile } from '../../files.ts';
import type { Service } from '../../project/model.ts';
import type { Store } from '../../survival/words.ts';
import type { Source } from '../../syntax/source.ts';
import { type CodePlace, placedStores } from '../from-source.ts';
import { environmentValue } from '../here.ts';
import type { Placed } from '../placement.ts';
import { isCounted } from '../source/counted.ts';
import { flatWords } from '../words.ts';
import type { Application, SettingsReader } from './application.ts';
import { directus } from './directus.ts';
import { dotnet } from './dotnet.ts';
import { jdbcVariables } from './jdbc-variables.ts';
import { ktor } from './ktor.ts';
import { laravel } from './laravel.ts';
import { laravelStorage } from './laravel-storage.ts';
import { mlflow } from './mlflow.ts';
import { prisma } from './prisma.ts';
import { rails } from './rails.ts';
import { railsStorage } from './rails-storage.ts';
import { spring } from './spring.ts';
import { strapi } from './strapi.ts';
import { strapiUploads } from './strapi-uploads.ts';

const READERS: readonly SettingsReader[] = [
  prisma,
  rails,
  railsStorage,
  laravel,
  laravelStorage,
  spring,
  ktor,
  strapi,
  strapiUploads,
  directus,
  dotnet,
];

/** Files that a reader may begin with: without any of them there is nothing to ask. */
const SETTINGS =
  /\/(?:schema\.prisma|appsettings\.json|config\/(?:database\.(?:yml|php|[jt]s)|storage\.yml|filesystems\.php)|application(?:-[\w-]+)?\.(?:properties|ya?ml|conf))$/;

const known = new WeakMap<Placed, readonly string[]>();

function settingsOf(placed: Placed): readonly string[] {
  let found = known.get(placed);
  if (!found) {
    found = [...new Set([...placed.running.values(), ...placed.built.values()])].filter((host) => SETTINGS.test(host));
    known.set(placed, found);
  }
  return found;
}

/** @param code the application's own sources, read */
export function storesFromSettings(
  service: Service,
  placed: Placed,
  code: readonly Source[],
  place: CodePlace,
  files: Files,
): readonly Store[] {
  const settings = settingsOf(placed);
  const isAsked = settings.length > 0 || place.environment.has('DB_CLIENT');
  const application = isAsked ? open(service, settings, placed, code, place, files) : null;
  const found = application ? READERS.flatMap((reader) => reader(application)) : [];
  return placedStores([...mlflow(service, place.argv), ...jdbcVariables(place.environment), ...found], place);
}

function open(
  service: Service,
  settings: readonly string[],
  placed: Placed,
  code: readonly Source[],
  place: CodePlace,
  files: Files,
): Application {
  const hosts = new Map([...placed.running].map(([at, host]) => [host, at]));
  const all = new Set([...hosts.keys(), ...placed.built.values()]);
  const read = (path: string): Source | null => {
    if (!all.has(path)) return null;
    try {
      return files.read(path);
    } catch (error) {
      if (error instanceof UnreadableFile) return null;
      throw error;
    }
  };
  const root = place.root ?? '';
  return {
    named: (end) =>
      settings.filter((path) => end.test(path) && isCounted(path, root)).flatMap((path) => read(path) ?? []),
    file: read,
    environment: (name) => environmentValue(name, place),
    isHidden: (path) => {
      const at = hosts.get(path) ?? targetOf(path, hosts);
      return at !== undefined && service.mounts.some((mount) => mount.target === at);
    },
    mentions: (ends, text) =>
      code.some((source) => ends.test(source.path) && isCounted(source.path, root) && text.test(source.text)),
    root,
    words: flatWords(place.argv),
    commands: place.building.commands,
  };
}

/** Where a file would stand that is not there: beside one that is. */
function targetOf(path: string, hosts: ReadonlyMap<string, string>): string | undefined {
  const folder = path.slice(0, path.lastIndexOf('/'));
  for (const [host, at] of hosts)
    if (host.startsWith(`${folder}/`) && at.endsWith(host.slice(folder.length)))
      return `${at.slice(0, at.length - (host.length - folder.length))}${path.slice(folder.length)}`;
  return undefined;
}

/** What was only suspected in the environment, and is known now from what reads the variable. */
export function settled(stores: readonly Store[]): readonly Store[] {
  const isOpen = ({ path, evidence: [first] }: Store): boolean => path === null && first.span !== undefined;
  if (!stores.some(isOpen)) return stores;
  const told = new Set(
    stores.flatMap(({ path, evidence }) =>
      path === null ? [] : evidence.flatMap(({ from, span }) => (from === 'environment' && span ? [span] : [])),
    ),
  );
  return stores.filter((store) => !isOpen(store) || !told.has(store.evidence[0].span!));
}
