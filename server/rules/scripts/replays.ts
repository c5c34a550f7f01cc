/** Dumps that are read into a server which is not empty. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { Command, Script, ScriptPart } from '../../scripts/model.ts';
import { scriptKind } from '../../scripts/names.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { flagIn, serviceNamed, valuesOf } from './about.ts';

export interface Replay {
  readonly service: AnalysedService;
  readonly message: string;
}

/** Null: it asks for an empty place, makes one, or it cannot be told. */
export function replayOf(
  command: Command,
  part: ScriptPart,
  script: Script,
  analysed: AnalysedProject,
  files: Files,
): Replay | null {
  // In documentation what stands around it says what it is for.
  const inner = command.within.at(-1);
  if (script.kind === 'markdown' || !inner || (inner.kind !== 'service' && inner.kind !== 'container')) return null;
  const service = serviceNamed(inner.name, analysed);
  if (!service || !isRestore(command, part, script)) return null;
  const program = path.posix.basename(command.words[0].text);
  const { id } = service.image.match?.family ?? { id: '' };
  const { name } = service.service;
  if (program === 'psql' && /postgres|postgis|pgvector|timescale/.test(id) && readsDump(command)) {
    if (flagIn(command.words, '1', '--single-transaction') || makesRoom(script, files, analysed, ROOM_OF_POSTGRES))
      return null;
    return {
      service,
      message: `psql goes on after an error and ends well: where ${name} still has its tables, their rows stay, and what the backup says of them fails unseen; empty the database first (dropdb and createdb, or a dump with --clean) and add -v ON_ERROR_STOP=1`,
    };
  }
  if (program === 'mongorestore' && /mongo/.test(id)) {
    if (command.words.some(({ text }) => /^--(drop|dryRun|nsFrom|nsTo)\b/.test(text))) return null;
    if (makesRoom(script, files, analysed, ROOM_OF_MONGO)) return null;
    return {
      service,
      message: `mongorestore without --drop leaves what is in ${name}: documents whose _id is there already are not replaced, and those that came later stay`,
    };
  }
  return null;
}

const RESTORE = /restor|recover|roll-?back/i;

/** By the name of the script, of its part, or of an option that was given. */
const isRestore = ({ conditions }: Command, { name }: ScriptPart, { source }: Script): boolean =>
  [
    path.posix.basename(source.path),
    name ?? '',
    ...conditions.filter(({ kind }) => kind === 'case').map(({ text }) => text),
  ].some((text) => RESTORE.test(text));

const READS =
  /^(cat|gunzip|zcat|gzip|pigz|unpigz|bunzip2|bzcat|xz|xzcat|unxz|zstd|zstdcat|unzstd|pv|gpg2?|age|openssl)$/;
/** What is run once to make or to change tables. */
const NO_DUMP = /schema|init|seed|migrat|fixture|setup|role|global|grant|extension/i;

/** From a file or a pipe, and no single command. */
function readsDump(command: Command): boolean {
  if (valuesOf(command.words, ['-c', '--command', '-l']).length > 0) return false;
  const by = command.within.at(-1)?.by;
  const [file] = valuesOf(command.words, ['-f', '--file']);
  const input = file ?? [...command.redirects, ...(by?.redirects ?? [])].find(({ op }) => op === '<')?.target;
  if (input) return !NO_DUMP.test(textOf(input.span));
  const from = command.pipedFrom ?? by?.pipedFrom;
  return (
    from !== undefined &&
    from !== null &&
    READS.test(path.posix.basename(from.words[0].text)) &&
    !NO_DUMP.test(textOf(from.span))
  );
}

const EMPTIES = 'down\\b[^\\n]*\\s(-v|--volumes)\\b|volume\\s+(rm|remove)\\b|\\brm\\s+-\\w*r';
const ROOM_OF_POSTGRES = new RegExp(
  `${EMPTIES}|--clean\\b|\\bdropdb\\b|\\bcreatedb\\b|\\b(DROP|CREATE)\\s+(DATABASE|SCHEMA|TABLE|OWNED)\\b|TRUNCATE|ON_ERROR_STOP|pg_dump(all)?\\b[^\\n|>]*\\s-[a-bd-zA-Z]*c`,
  'i',
);
const ROOM_OF_MONGO = new RegExp(`${EMPTIES}|--drop\\b|dropDatabase|\\.drop\\(`, 'i');

/** Here, or in the script that makes the dump. */
const makesRoom = ({ source }: Script, files: Files, { project }: AnalysedProject, room: RegExp): boolean =>
  [source.text, ...textsBeside(source.path, project.directory, files)].some((text) =>
    room.test(text.replace(/\\\r?\n/g, ' ')),
  );

const MAX_LENGTH = 256 * 1024;
const DUMPS = /pg_dump|mongodump/;

function textsBeside(own: string, directory: string, files: Files): string[] {
  return [...new Set([path.posix.dirname(own), directory])].flatMap((folder) =>
    files.list(folder).flatMap(({ name, kind }) => {
      const file = path.posix.join(folder, name);
      if (kind !== 'file' || file === own || !scriptKind(file)) return [];
      try {
        const { text } = files.read(file);
        return text.length <= MAX_LENGTH && DUMPS.test(text) ? [text] : [];
      } catch (error) {
        if (error instanceof UnreadableFile) return [];
        throw error;
      }
    }),
  );
}
