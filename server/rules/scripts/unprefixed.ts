/** Volumes that a script names by their key alone: on the engine the name of the project stands in front. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { Project, TopLevelVolume } from '../../project/model.ts';
import { directoryProjectName } from '../../project/name.ts';
import { type Command, type Script, type ScriptPart, UNKNOWN, type Word } from '../../scripts/model.ts';
import { scriptKind } from '../../scripts/names.ts';
import type { AnalysedProject, AnalysedStore } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure } from '../kept.ts';
import type { Finding, RuleContext } from '../rule.ts';
import { type Call, callOf, flagIn, valuesOf } from './about.ts';
import { copyOf } from './copies.ts';
import { mannerOf } from './manner.ts';
import { mountsOf } from './places.ts';
import { readingsOf } from './readings.ts';
import { listed } from './writers.ts';

type Found = Omit<Finding, 'rule'>;

export function* unprefixed(context: RuleContext): Iterable<Found> {
  const { script, analysed, files } = context;
  if (!script || analysed.services.length === 0 || analysed.project.runtime !== 'compose') return;
  const keys = prefixedIn(analysed.project);
  if (keys.size === 0 || isNamedThere(script)) return;
  for (const part of script.parts) {
    for (const command of part.commands) {
      const call = callOf(command);
      const named = call && !call.compose ? namedBy(call, command, analysed) : null;
      const volumes = named?.names.flatMap((name) => keys.get(name) ?? []) ?? [];
      if (!call || !named || volumes.length === 0) continue;
      if (mannerOf(script, part, command) === 'test' || isLookedUp(part)) continue;
      const open = volumes.filter(({ key }) => !isMade(key, script, analysed.project, files));
      if (open.length > 0) yield finding(open, named, call, command, part, script, analysed);
    }
  }
}

/** Those with a name of their own, and those of another project, are called as they are written. */
const prefixedIn = ({ volumes, name }: Project): ReadonlyMap<string, TopLevelVolume> =>
  new Map(
    [...volumes].filter(
      ([key, volume]) => !volume.external && !volume.node?.entries.has('name') && volume.name === `${name}_${key}`,
    ),
  );

interface Named {
  readonly names: readonly string[];
  readonly word: Word;
  /** It is made where it is not there. */
  readonly makes: boolean;
}

/** What `docker run -v` mounts for a while, and what `docker volume inspect` asks for. */
function namedBy({ verb, args }: Call, command: Command, analysed: AnalysedProject): Named | null {
  if (verb === 'volume inspect') {
    const word = args.find(({ text, told }) => told && !text.startsWith('-') && !/[{}]/.test(text));
    return word ? { names: [word.text], word, makes: false } : null;
  }
  if (verb !== 'run' && verb !== 'create') return null;
  // What goes on running has its own volume under this name, with or without Compose.
  if (flagIn(command.words, null, '--rm') === undefined || flagIn(command.words, 'd', '--detach')) return null;
  const mounts = mountsOf(command, (word) => readingsOf(word, analysed)).filter(
    ({ type, source }) => type === 'volume' && source !== '' && !source.includes(UNKNOWN),
  );
  const [first] = mounts;
  return first ? { names: [...new Set(mounts.map(({ source }) => source))], word: first.word, makes: true } : null;
}

/** The project is called otherwise by those who run it: what its volumes are called is not known here. */
const isNamedThere = ({ parts }: Script): boolean =>
  parts.some(({ commands }) =>
    commands.some((command) => {
      const call = callOf(command);
      const isOther = call?.compose === true && valuesOf(call.options, ['-p', '--project-name']).length > 0;
      return (
        isOther ||
        call?.verb === 'stack deploy' ||
        command.assignments.some(({ name }) => name === 'COMPOSE_PROJECT_NAME') ||
        (command.words[0].text === 'export' && /COMPOSE_PROJECT_NAME/.test(textOf(command.span)))
      );
    }),
  );

/** Who reads it looks for the name first. */
const isLookedUp = ({ prose, commands }: ScriptPart): boolean =>
  /\bvolume (ls|list)\b/.test(prose) ||
  commands.some((command) => /^volume (ls|list)$/.test(callOf(command)?.verb ?? ''));

const MAX_LENGTH = 256 * 1024;

/** `docker volume create NAME`, or a server that is started with it, in this file or beside the Compose file. */
function isMade(key: string, script: Script, project: Project, files: Files): boolean {
  const name = key.replace(/[.]/g, '\\.');
  const made = new RegExp(
    `\\bvolume\\s+create\\b[^\\n]*[\\s"'=]${name}\\b|\\b(docker|podman|nerdctl)\\s+(run|create)\\b(?:(?!--rm\\b)(?:[^\\n\\\\]|\\\\\\r?\\n))*(?:-v|--volume|source|src)[\\s=]["']?${name}[:,"']`,
  );
  const own = script.source.text;
  return made.test(own) || textsBeside(script, project, files).some((text) => made.test(text));
}

/** Scripts and documents in the project's folder and in that of the script. */
function textsBeside({ source }: Script, { directory }: Project, files: Files): string[] {
  const folders = [...new Set([directory, path.posix.dirname(source.path), path.posix.join(directory, 'scripts')])];
  return folders.flatMap((folder) =>
    files.list(folder).flatMap(({ name, kind }) => {
      const file = path.posix.join(folder, name);
      return kind === 'file' && file !== source.path && scriptKind(file) ? textIn(file, files) : [];
    }),
  );
}

function textIn(file: string, files: Files): string[] {
  try {
    const { text } = files.read(file);
    return text.length <= MAX_LENGTH ? [text] : [];
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

const BACKUP = /back-?up|restore|dump|snapshot|archive|\.tar\b|\.tgz\b/i;

function finding(
  volumes: readonly TopLevelVolume[],
  { word, makes }: Named,
  { program, verb }: Call,
  command: Command,
  part: ScriptPart,
  script: Script,
  { services, project }: AnalysedProject,
): Found {
  const keys = new Set(volumes.map(({ key }) => key));
  const held = services.flatMap((analysed) =>
    analysed.stores
      .filter(
        (one) => one.store.kind === 'essential' && one.backing.source !== undefined && keys.has(one.backing.source),
      )
      .map((one) => ({ analysed, one })),
  );
  const [first] = held;
  const copies =
    copiesIn(command, part) ||
    [path.posix.basename(script.source.path), part.name ?? '', textOf(command.span)].some((text) => BACKUP.test(text));
  const [volume, those] = volumes.length === 1 ? ['is not the volume', 'it is'] : ['are not the volumes', 'they are'];
  const real = listed(volumes.map(({ name }) => name));
  const folder =
    !project.nameSpan && project.name === directoryProjectName(project.directory) ? ', after its folder' : '';
  const of = `of the project, which Compose calls ${real}${folder}`;
  return {
    severity: makes && copies && first ? asSure('warning', surest(held.map(({ one: store }) => store))) : 'info',
    message: makes
      ? `${program} ${verb}: ${listed([...keys])} ${volume} ${of}: ${those} made anew, and empty, where there is none of that name`
      : `${program} ${verb}: ${listed([...keys])} ${volume} ${of}`,
    span: word.span,
    ...(first ? { service: first.analysed.service.name, store: first.one.store } : {}),
    related: volumes.map(({ key, span }) => ({
      from: 'configuration' as const,
      note: `${key} is declared without name:, so the name of the project is put in front`,
      span,
      confidence: 'primary' as const,
    })),
    fixes: () => [],
  };
}

const surest = (all: readonly AnalysedStore[]): AnalysedStore['store']['confidence'] | undefined =>
  all.some(({ store }) => store.confidence !== 'memory') ? undefined : 'memory';

/** What is run in the container packs, unpacks or copies. */
const copiesIn = (by: Command, { commands }: ScriptPart): boolean =>
  commands.some((one) => one.within.some((within) => within.by === by) && copyOf(one) !== null);
