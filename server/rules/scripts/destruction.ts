/** Commands that remove volumes: which ones, in words, and what of the project is in them. */

import { listingOf } from '../../scripts/listings.ts';
import type { Command, Script, Word } from '../../scripts/model.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { type About, aboutOf, type Call, flagIn, serviceNamed } from './about.ts';
import { isListing } from './readings.ts';
import { type Held, heldInAnonymous, heldInExternal, heldInNamed, namesOf } from './volumes.ts';

export interface Destruction {
  readonly message: string;
  /** The flag that does it, where it is one alone. */
  readonly flag?: Word;
  readonly held: readonly Held[];
  /** Of this project for certain, or of every project on the machine. */
  readonly sure: boolean;
  /** Engines of today spare volumes that have a name. */
  readonly mild?: boolean;
  /** Without the flag the data would be left behind as well: `down` forgets volumes without a name. */
  readonly spared?: boolean;
}

/** Null: nothing is removed that counts, or it cannot be told. */
export function destructionOf(
  call: Call,
  command: Command,
  script: Script,
  analysed: AnalysedProject,
): Destruction | null {
  if (call.compose) {
    const about = aboutOf(call, command, script, analysed);
    return about === 'test' ? null : byCompose(call, about, analysed);
  }
  return byEngine(call, command, script, analysed);
}

function byCompose(call: Call, about: About, analysed: AnalysedProject): Destruction | null {
  const { program, verb, args } = call;
  if (verb === 'down') {
    const flag = flagIn(args, 'v', '--volumes');
    if (!flag) return null;
    const what = `${program} down ${flag.text}`;
    if (about === 'unknown')
      return {
        message: `${what} deletes the named volumes of the project, with all that is in them`,
        flag,
        held: [],
        sure: false,
      };
    const held = [...heldInNamed(analysed), ...heldInAnonymous(analysed)];
    return held.length === 0
      ? null
      : {
          message: `${what} deletes the volumes too: ${namesOf(held)} is gone for good`,
          flag,
          held,
          sure: true,
          ...(held.every(({ volume }) => volume === undefined) ? { spared: true as const } : {}),
        };
  }
  const flag =
    verb === 'up'
      ? flagIn(args, 'V', '--renew-anon-volumes')
      : verb === 'rm'
        ? flagIn(args, 'v', '--volumes')
        : undefined;
  if (!flag || about !== 'this') return null;
  const names = args.filter(({ text }) => !text.startsWith('-'));
  const held = heldInAnonymous(analysed).filter(
    ({ analysed: one }) => names.length === 0 || names.some((name) => serviceNamed(name, analysed) === one),
  );
  if (held.length === 0) return null;
  const how = verb === 'up' ? 'begins with empty anonymous volumes' : 'deletes the anonymous volumes';
  return { message: `${program} ${verb} ${flag.text} ${how}: ${namesOf(held)} is gone`, flag, held, sure: true };
}

const ALL_UNUSED = 'every volume that no container uses at that moment, of all projects on this machine';
const ANONYMOUS =
  'every unused volume without a name (before Docker 23 the named ones too), of all projects on this machine';

function byEngine(call: Call, command: Command, script: Script, analysed: AnalysedProject): Destruction | null {
  const { program, engine, verb, args } = call;
  const shown = (flags: string): string => `${program} ${verb}${flags}`;
  const anonymous = (): readonly Held[] => heldInAnonymous(analysed);
  if (verb === 'volume rm') return ofNames(call, command, analysed);
  if (verb === 'rm') return script.kind === 'markdown' ? null : ofContainers(call, command);
  if (verb === 'volume prune') {
    const all = flagIn(args, 'a', '--all') ?? args.find(({ text }) => text === 'all=1' || text === 'all=true');
    // https://docs.podman.io/en/v6.0.1/markdown/podman-volume-prune.1.html; up to 5.7 there is no --all.
    if (engine === 'podman' && !all)
      return {
        message: `${shown('')} deletes ${ALL_UNUSED}, named ones too (Podman 6 spares those)`,
        held: [],
        sure: true,
      };
    return all
      ? { message: `${shown(' --all')} deletes ${ALL_UNUSED}, named ones too`, held: [], sure: true }
      : { message: `${shown('')} deletes ${ANONYMOUS}`, held: anonymous(), sure: true, mild: true };
  }
  if (verb === 'system prune') {
    const flag = flagIn(args, null, '--volumes');
    if (!flag) return null;
    if (engine === 'podman')
      return { message: `${shown(' --volumes')} deletes ${ALL_UNUSED}`, flag, held: [], sure: true };
    return { message: `${shown(' --volumes')} deletes ${ANONYMOUS}`, flag, held: anonymous(), sure: true, mild: true };
  }
  if (verb === 'system reset' && engine === 'podman')
    return { message: `${shown('')} deletes all containers, images and volumes of this user`, held: [], sure: true };
  return null;
}

function ofNames({ program, args }: Call, command: Command, analysed: AnalysedProject): Destruction | null {
  const what = `${program} volume rm`;
  const listed = args.find((word) => /\bvolume ls\b/.test(textOf(word.span)));
  const list = listed ? textOf(listed.span) : pipedText(command);
  // A label or a name says which ones are meant.
  if (/\bvolume ls\b/.test(list) && !/\b(label|name)=|grep/.test(list))
    return { message: `${what} of a list of volumes deletes those of other projects too`, held: [], sure: true };
  const names = args.filter(({ text, told }) => told && !text.startsWith('-')).map(({ text }) => text);
  const held = [...heldInNamed(analysed), ...heldInExternal(analysed)].filter(
    ({ volume }) => volume !== undefined && names.includes(volume),
  );
  if (held.length > 0) return { message: `${what} deletes ${namesOf(held)}`, held, sure: true };
  // A name alone says nothing of what is in it.
  return null;
}

/** Something of this name is in a list that was not chosen from, and in no other. */
const ANY = 'a container of another project';

/** `docker rm -f $(docker ps -aq)`. */
function ofContainers({ program, args }: Call, command: Command): Destruction | null {
  const isAll = ({ each }: Word): boolean =>
    each !== undefined && isListing(each.values) && each.values.of === 'containers' && each.values.picks(ANY);
  const piped = listingOf(pipedText(command));
  if (!args.some(isAll) && !(piped?.of === 'containers' && piped.picks(ANY))) return null;
  const volumes = flagIn(args, 'v', '--volumes') ? ', with their volumes that have no name' : '';
  return {
    message: `${program} rm of all that ${program} ps lists deletes the containers of every project on this machine${volumes}: what they keep in no volume is gone`,
    held: [],
    sure: false,
  };
}

const pipedText = ({ pipedFrom }: Command): string =>
  pipedFrom ? pipedFrom.words.map(({ text }) => text).join(' ') : '';
