/** Folders in which services keep data, and a script that deletes them on its way. */
import * as path from 'node:path';
import type { Files } from '../../files.ts';
import type { Command, Script, ScriptPart } from '../../scripts/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, RuleContext } from '../rule.ts';
import { callOf } from './about.ts';
import { type Cleared, clearedBy, leadsTo } from './cleared.ts';
import { copyOf } from './copies.ts';
import { dumpOf } from './dumps.ts';
import { type Manner, mannerOf } from './manner.ts';
import { type Removal, removalOf } from './removals.ts';
import { before } from './stopped.ts';

type Found = Omit<Finding, 'rule'>;

export function* clearances(context: RuleContext): Iterable<Found> {
  const { script, analysed } = context;
  // What documentation tells of, people read before they do it.
  if (!script || script.kind === 'markdown' || analysed.services.length === 0) return;
  for (const part of script.parts) {
    for (const command of part.commands) {
      const removal = removalOf(command);
      const manner = removal && mannerOf(script, part, command);
      if (!removal || !manner || !isUnmeant(manner, script, part, command)) continue;
      const all = clearedBy(removal, command, part, script, analysed).filter(
        (cleared) => !isSaved(cleared, command, part, script, context),
      );
      const found = judge(all, removal, manner, command, script, context);
      if (found) yield found;
    }
  }
}

/** Puts back what was there, or begins anew on purpose. */
const RESTORES = /restor|recover|roll-?back|revert|import|replica|standby/i;
const FILLS = /restor|recover|basebackup|initdb|--initialize|pgbackrest|wal-g|barman|replica/i;

/** Run to stop, deploy or update: there nobody expects it. */
function isUnmeant(manner: Manner, script: Script, part: ScriptPart, command: Command): boolean {
  if (
    manner !== 'routine' &&
    (manner !== 'other' || !part.commands.some((one) => isBehind(one, command) && starts(one)))
  )
    return false;
  if ([part.name ?? '', path.posix.basename(script.source.path)].some((name) => RESTORES.test(name))) return false;
  // Where there is nothing yet, or nothing that could be used.
  if (command.conditions.some(({ kind, text }) => kind === 'or' || /(^|\s)(!|-z)\s|PG_VERSION/.test(text)))
    return false;
  return !part.commands.some((one) => isBehind(one, command) && FILLS.test(textOf(one.span)));
}

const isBehind = (one: Command, other: Command): boolean => one.span.start > other.span.start;

const starts = (command: Command): boolean => {
  const call = callOf(command);
  return call?.compose === true && /^(up|start|restart)$/.test(call.verb);
};

const SAVES = /backup|dump|snapshot|archive|\bsave/i;

/** What is deleted was copied, packed, moved away or dumped just before. */
function isSaved(
  { place, word }: Cleared,
  command: Command,
  part: ScriptPart,
  script: Script,
  { analysed }: RuleContext,
): boolean {
  return before(script, part, command).some((one) => {
    if (dumpOf(one) || SAVES.test(path.posix.basename(one.words[0].text))) return true;
    if (/^(make|just|task|npm|bash|sh)$/.test(one.words[0].text) && one.words.some(({ text }) => SAVES.test(text)))
      return true;
    const copy = copyOf(one);
    return (
      copy !== null &&
      copy.how !== 'unpack' &&
      copy.from.some(
        (from) => textOf(from.span) === textOf(word.span) || leadsTo(from, one, part, script, place, analysed),
      )
    );
  });
}

function judge(
  all: readonly Cleared[],
  removal: Removal,
  manner: Manner,
  command: Command,
  script: Script,
  { files, analysed }: RuleContext,
): Found | null {
  const known = all.filter(({ mount }) => mount === undefined);
  const [first] = known;
  const { how, only } = removal;
  if (first) {
    const {
      one,
      analysed: { service },
      word,
    } = first;
    const sure = manner === 'routine' && (only !== 'untracked' || files.kind(first.place.inside) === 'missing');
    const others = new Set(known.map((cleared) => cleared.one)).size - 1;
    const more = others > 0 ? ` (and ${others} more)` : '';
    return {
      severity: sure ? asSure('warning', one.store.confidence) : 'info',
      message: `${how}${ofWord(removal, textOf(word.span))} deletes ${one.store.title} data${more}, which ${service.name} keeps ${placeIn(first, analysed.project.directory)} (${one.store.path}): it is gone for good`,
      span: command.span,
      service: service.name,
      store: one.store,
      related: known.flatMap((cleared) => relatedOf(cleared.one)),
      fixes: () => [],
    };
  }
  const open = manner === 'routine' ? all.find((cleared) => isData(cleared, command, script, files)) : undefined;
  if (!open) return null;
  const {
    one,
    analysed: { service },
    word,
  } = open;
  const named = variableOf(open);
  const told = named === undefined ? '' : `, which ${named} names`;
  return {
    severity: 'info',
    message: `${how}${ofWord(removal, textOf(word.span))} deletes what ${service.name} has written to ${one.store.path}${told} (${placeIn(open, analysed.project.directory)})`,
    span: command.span,
    service: service.name,
    store: one.store,
    related: relatedOf(one),
    fixes: () => [],
  };
}

/** Of `git clean` it is the folder that it is run in. */
const ofWord = ({ only }: Removal, written: string): string =>
  only === 'untracked' ? '' : only === 'unsent' ? ` to ${written}` : ` ${written}`;

function placeIn({ place }: Cleared, directory: string): string {
  const below = path.posix.relative(directory, place.inside);
  if (place.root !== 'host') return 'in a volume';
  return `in ${below.startsWith('..') ? place.inside : below}`;
}

/** Made by a build or by hand, and laid out anew each time. */
const MADE =
  /(^|\/)(dist|build|out|output|target|public|static|assets|www|html|htdocs|sites?|webroot|node_modules|vendor|logs?|te?mp|cache|src|source|code|app|conf(ig)?s?|certs?|ssl|plugins|themes|templates|provisioning|scripts?)$/i;

const KEPT_VARIABLE = /(^|_)(UPLOADS?|MEDIA|ATTACHMENTS?|STORAGE|DATA|FILES?|DB|DATABASE)(_|$)/i;

/** A variable of the service by whose name and value the folder is one for data. */
function variableOf({ analysed, one }: Cleared): string | undefined {
  return [...analysed.environment].find(
    ([name, { value }]) => KEPT_VARIABLE.test(name) && value?.replace(/(.)\/+$/, '$1') === one.store.path,
  )?.[0];
}

/** Not in the repository, and nothing puts it there: it is the service that fills it. */
function isData(cleared: Cleared, command: Command, script: Script, files: Files): boolean {
  const { place, mount, word } = cleared;
  if (mount?.type !== 'bind' || place.root !== 'host') return false;
  if (variableOf(cleared) !== undefined) return true;
  if (files.kind(place.inside) === 'file' || files.list(place.inside).some(({ name }) => !name.startsWith('.')))
    return false;
  return !MADE.test(place.inside) && !isMadeAgain(word.text, command, script);
}

/** Something else of the script names it: `git clone`, `cp`, `unzip -d`. */
function isMadeAgain(text: string, command: Command, script: Script): boolean {
  const base = path.posix.basename(text.replace(/\/\*$/, ''));
  return script.parts.some(({ commands }) =>
    commands.some(
      (one) =>
        one !== command &&
        !/^(rm|mkdir|chmod|chown|echo|printf|test|\[+|ls|cd|docker|docker-compose|podman|podman-compose|sudo)$/.test(
          one.words[0].text,
        ) &&
        textOf(one.span)
          .split(/[\s"'=:/]+/)
          .includes(base),
    ),
  );
}
