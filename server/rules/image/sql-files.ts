/** Files of statements that a start hands to a database: what they drop and create anew is gone each time. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { programWords } from '../../syntax/programs.ts';
import type { Command } from '../../syntax/shell.ts';
import { conditionsIn } from './conditions.ts';
import type { LocatedText } from './texts.ts';

const CLIENTS = /^(?:psql|mysql|mariadb|sqlite3|sqlcmd)$/;

/** What a command does by the file that it is given; undefined where that is nothing to worry about, or not here. */
export function dropsByFile(
  commands: readonly Command[],
  at: number,
  analysed: AnalysedService,
  files: Files,
): string | undefined {
  const words = programWords(commands[at]!.words);
  if (!CLIENTS.test(path.posix.basename(words[0]?.text ?? ''))) return undefined;
  const folder = analysed.service.workingDir?.value ?? analysed.image.workdir;
  for (const written of filesOf(commands, at)) {
    if (/[$`*]/.test(written)) continue;
    const text = textAt(path.posix.resolve(folder, written), analysed, files);
    const does = text === undefined ? undefined : dropsIn(text);
    if (does) return does;
  }
  return undefined;
}

/** `mysql < x.sql`, `psql -f x.sql`, `cat x.sql | psql`. */
function filesOf(commands: readonly Command[], at: number): string[] {
  const { words, redirections, before } = commands[at]!;
  const texts = words.map(({ text }) => text);
  const read = redirections.flatMap(({ sign, target, body }) =>
    /^\d*<$/.test(sign) && body === undefined ? target.text : [],
  );
  const named = texts.flatMap((text, i) =>
    /^(?:-\w*f|--file|-i)$/.test(text) ? (texts[i + 1] ?? []) : (/^(?:--file=|-f(?=\/))(.+)$/.exec(text)?.[1] ?? []),
  );
  const piped =
    before === '|' && commands[at - 1]?.words[0]?.text === 'cat'
      ? commands[at - 1]!.words.slice(1).map(({ text }) => text)
      : [];
  return [...read, ...named, ...piped];
}

function textAt(at: string, { placed, service }: AnalysedService, files: Files): string | undefined {
  const mounted = service.mounts.find(
    ({ type, target, source }) => type === 'bind' && target === at && source !== undefined,
  );
  const host = mounted?.source ?? placed.running.get(at);
  if (host === undefined || files.kind(host) !== 'file') return undefined;
  try {
    return files.read(host).text;
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}

const COMMENT = /^\s*(?:--|#).*$|\/\*(?!!)[\s\S]*?\*\//gm;
const DROP = /^\s*(?:\/\*!\d+\s*)?drop\s+table\s+(?:if\s+exists\s+)?(?:[\w"`[\]]+\.)?["`[]?(\w+)/gim;

function dropsIn(text: string): string | undefined {
  const plain = text.replace(COMMENT, '');
  const database = /^\s*drop\s+(?:database|schema)\s+(?:if\s+exists\s+)?["`[]?(\w+)/im.exec(plain)?.[1];
  if (database !== undefined) return `drops the database ${database}`;
  const dropped = [...plain.matchAll(DROP)]
    .filter(({ index, 1: name }) =>
      new RegExp(`\\bcreate\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(?:[\\w"\`[\\]]+\\.)?["\`[]?${name}\\b`, 'i').test(
        plain.slice(index),
      ),
    )
    .map(([, name]) => name!);
  const [first] = new Set(dropped);
  if (first === undefined) return undefined;
  const count = new Set(dropped).size;
  return count === 1 ? `drops the table ${first}` : `drops ${count} tables, ${first} among them,`;
}

/** `n=$(... || echo 0)` and `if [ "$n" = 0 ]`: empty it is, too, where nobody could be asked. */
export function doubtfulProbe({ text, commands }: LocatedText, at: number): string | undefined {
  const around = conditionsIn(text, commands).of(at);
  if (!around || around.some(({ denied }) => denied)) return undefined;
  for (const { from, to } of around) {
    for (const { words } of commands.slice(from, to)) {
      const [open, left = '', sign = '', right] = words.map((word) => word.text);
      const name = /^\$\{?(\w+)\}?$/.exec(left)?.[1];
      if (
        !/^(?:\[\[?|test)$/.test(open ?? '') ||
        name === undefined ||
        right !== '0' ||
        !/^(?:==?|-eq|-le)$/.test(sign)
      )
        continue;
      const asked = new RegExp(`(?:^|[\\s;])${name}=["']?\\$\\(.*\\|\\|\\s*echo\\s+["']?0["']?\\s*\\)`, 'm');
      if (asked.test(text)) return name;
    }
  }
  return undefined;
}
