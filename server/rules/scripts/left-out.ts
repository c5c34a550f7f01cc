/** What a backup leaves out: data that is kept beside what it saves, and that no script for backups names. */
import * as path from 'node:path';
import { type Command, type Script, UNKNOWN } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isCache, isRedisLike } from '../guards.ts';
import { isKept } from '../kept.ts';
import type { RuleContext } from '../rule.ts';
import { serviceNamed, valuesOf } from './about.ts';
import { copyOf } from './copies.ts';
import { type Dump, dumpOf } from './dumps.ts';
import { volumeNameOf } from './volumes.ts';

export interface Kept {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
}

/** What is of use only together with what the applications know of it; an index or a queue can be filled again. */
const CATEGORIES = /^(database|vector|objectstore)$/;
const UPLOADS = /(^|[/_-])(uploads?|media|attachments|documents|user[_-]?files)([/_-]|$)/i;
const BACKUP_NAME = /backup|back-up|dump/i;
/** Programs that take everything along, or what their own settings say. */
const WHOLE = /\b(restic|borg|borgmatic|duplicity|duplicacy|kopia|rdiff-backup|rsnapshot|zfs|btrfs|volume\s+ls)\b/;

export interface Saved {
  readonly dump: Dump;
  readonly service: AnalysedService;
}

/** The dump of a service of this project; null where it may be of another. */
export function savedBy(command: Command, analysed: AnalysedProject): Saved | null {
  const dump = dumpOf(command);
  if (!dump) return null;
  const inner = command.within.findLast(({ kind }) => kind !== 'host');
  const [host] = valuesOf(command.words, ['-h', '--host']);
  const named = inner?.name ?? host ?? null;
  const service = named ? serviceNamed(named, analysed) : onlyOne(analysed.services, dump.program);
  return service ? { dump, service } : null;
}

const SERVERS: Readonly<Record<string, RegExp>> = {
  pg_dump: /postgres|postgis|pgvector|timescale/,
  pg_dumpall: /postgres|postgis|pgvector|timescale/,
  mysqldump: /mysql|mariadb|percona/,
  'mariadb-dump': /mysql|mariadb|percona/,
  mongodump: /mongo/,
};

function onlyOne(services: readonly AnalysedService[], program: string): AnalysedService | undefined {
  const all = services.filter(({ image: { match } }) => match && SERVERS[program]?.test(match.family.id));
  return all.length === 1 ? all[0] : undefined;
}

/** Empty where anything may save it after all. */
export function leftOut(script: Script, { analysed, files }: RuleContext, saved: readonly Saved[]): readonly Kept[] {
  const commands = script.parts.flatMap((part) => part.commands);
  if (commands.some(takesUnknown)) return [];
  const texts = [script.source.text, ...siblings(script, files)];
  if (texts.some((text) => WHOLE.test(text))) return [];
  return analysed.services.flatMap((service) =>
    saved.some((one) => one.service === service)
      ? []
      : service.stores
          .filter((one) => matters(one, service))
          .filter((one) => !namesOf(one, service, analysed).some((name) => texts.some((text) => text.includes(name))))
          .map((one) => ({ analysed: service, one })),
  );
}

/** Of a folder that cannot be told, or of all there is. */
function takesUnknown(command: Command): boolean {
  const copy = copyOf(command);
  if (!copy || copy.how === 'unpack') return false;
  return copy.from.some(({ text }) => text.includes(UNKNOWN) || /^[./*]*$/.test(text));
}

function siblings({ source }: Script, files: RuleContext['files']): string[] {
  const folder = path.posix.dirname(source.path);
  return files
    .list(folder)
    .filter(({ name, kind }) => kind === 'file' && BACKUP_NAME.test(name) && /\.(sh|bash|py|yml|yaml)$/.test(name))
    .flatMap(({ name }) => {
      try {
        return [files.read(path.posix.join(folder, name)).text];
      } catch {
        return [];
      }
    });
}

function matters(one: AnalysedStore, analysed: AnalysedService): boolean {
  const { store, backing } = one;
  const family = analysed.image.match?.family;
  if (store.confidence === 'memory' || analysed.service.broken || isCache(analysed) || isRedisLike(analysed))
    return false;
  if (store.role === 'server')
    return isKept(one) && family?.id === store.technology && CATEGORIES.test(family.category);
  if (store.technology !== 'files') return isKept(one);
  const volume = backing.type === 'named-volume' || backing.type === 'external-volume';
  return volume && UPLOADS.test(`${backing.source ?? ''} ${store.path ?? ''}`.replace(/\s/g, '/'));
}

function namesOf(
  { store, backing }: AnalysedStore,
  { service }: AnalysedService,
  { project }: AnalysedProject,
): string[] {
  const source = backing.source ?? '';
  const names = [
    store.path ?? '',
    path.posix.basename(store.path ?? ''),
    source,
    path.posix.basename(source),
    source === '' ? '' : volumeNameOf(source, project),
    ...(store.role === 'server' ? [service.name, service.containerName?.value ?? ''] : []),
  ];
  return names.filter((name) => name.length > 2);
}
