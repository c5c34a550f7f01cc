/** What is to be backed up and is not there: no file of the repository, and nothing that a service shares with the host. */
import * as path from 'node:path';
import { type Command, type Script, UNKNOWN, type Word } from '../../scripts/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { BackingType } from '../../survival/words.ts';
import { textOf } from '../../syntax/source.ts';
import type { RuleContext } from '../rule.ts';
import { startsOf } from './about.ts';
import { isDatabase } from './places.ts';

/** Kinds of files that are run beside the project. What documentation and CI name may lie elsewhere. */
const BESIDE: ReadonlySet<Script['kind']> = new Set(['shell', 'makefile', 'justfile', 'taskfile', 'package-json']);

/** Names of what holds data, as a file or as a folder. */
const DATA_NAME =
  /\.(sqlite3?|db3?)$|(^|\/)(data|db|databases?|storage|sqlite|pg_?data|postgres(ql)?|mysql|mariadb|mongo(db)?)(\/\*?)?$/i;

const IN_VOLUMES: ReadonlySet<BackingType> = new Set(['named-volume', 'external-volume'] satisfies BackingType[]);

export interface Kept {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
}

/** The databases of the project, all in volumes of the engine, where `word` names something that is not there; else none. */
export function keptInstead(
  word: Word,
  command: Command,
  script: Script,
  { analysed, files }: RuleContext,
  earlier: readonly Command[],
): readonly Kept[] {
  const { project, services } = analysed;
  const text = word.text.replace(/^(\.\/)+/, '');
  if (!BESIDE.has(script.kind) || command.within.length > 0 || !word.told || text.includes(UNKNOWN)) return [];
  if (/^[/~.-]|:|\$/.test(text) || !DATA_NAME.test(text) || isMade(text, earlier)) return [];
  const segments = text.replace(/\/+$/, '').split('/');
  const pattern = segments.findIndex((segment) => /[*?[{]/.test(segment));
  // What stands in front of a pattern has to be there.
  const at = segments.slice(0, pattern < 0 ? undefined : pattern).join('/');
  if (at === '') return [];
  const places = startsOf(script, project.directory).map((start) =>
    path.posix.resolve(start, command.folder ?? '', at),
  );
  if (places.some((place) => files.kind(place) !== 'missing')) return [];
  const shared = [...project.services, ...project.inactive].flatMap(({ mounts }) =>
    mounts.flatMap(({ type, source }) => (type === 'bind' && source !== undefined ? [source] : [])),
  );
  if (places.some((place) => shared.some((source) => isWithin(place, source) || isWithin(source, place)))) return [];
  const kept = services.flatMap((service) =>
    service.stores.filter((one) => isDatabase(one, service)).map((one) => ({ analysed: service, one })),
  );
  const told = kept.every(({ one }) => IN_VOLUMES.has(one.backing.type) && one.store.confidence !== 'memory');
  return told ? kept : [];
}

/** A command before it names the place: `mkdir -p data`, `docker cp app:/data data`, `pg_dump > db/shop.sql`. */
function isMade(text: string, earlier: readonly Command[]): boolean {
  const [first] = text.split('/');
  return earlier.some((command) =>
    textOf(command.span)
      .split(/[\s"'=<>:;|&()]+/)
      .some((one) => one.split('/').includes(first!)),
  );
}
