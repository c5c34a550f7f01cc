import * as path from 'node:path';
import { spanOf } from '../../syntax/source.ts';
import { Mapped } from '../mapped.ts';
import { type Chunk, type ChunkReader, told } from './chunk.ts';
import { plainLines } from './lines.ts';

const FIELD = String.raw`(?:\*|\d+(?:-\d+)?|[a-z]{3}(?:-[a-z]{3})?)(?:\/\d+)?`;
const FIELDS = `${FIELD}(?:,${FIELD})*`;
const SCHEDULE = new RegExp(
  String.raw`^[ \t]*(@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly|every[ \t]+\S+)|${FIELDS}(?:[ \t]+${FIELDS}){4})[ \t]+`,
  'i',
);
const VARIABLE = /^[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*(["']?)(.*?)\2[ \t]*$/;

/** The commands of a crontab. Those of the machine (`/etc/cron.d`, `/etc/crontab`) name a user in front of each. */
export const crontab: ChunkReader = (source) => {
  const variables = new Map<string, ReturnType<typeof told>>();
  const chunks: Chunk[] = [];
  let comment = '';
  for (const { text, start, end } of plainLines(source)) {
    const remark = /^[ \t]*#+[ \t]*(.*)$/.exec(text);
    const variable = VARIABLE.exec(text);
    if (remark) comment = remark[1]!;
    else if (variable) variables.set(variable[1]!, told(variable[3]!));
    else {
      const schedule = SCHEDULE.exec(text);
      const from = schedule ? schedule[0].length + userAt(text.slice(schedule[0].length), source.path) : -1;
      if (schedule && from < text.length)
        chunks.push({
          name: null,
          span: spanOf(source, start, end),
          texts: [commandIn(Mapped.of(source, start + from, end))],
          variables: new Map(variables),
          prose: comment,
        });
      comment = '';
    }
  }
  return chunks;
};

/** How much of the line the user takes. */
function userAt(rest: string, file: string): number {
  const word = /^([a-z_][\w-]*)[ \t]+(?=\S)/.exec(rest);
  const ofMachine = /(^|\/)cron\.d\//.test(file) || path.posix.normalize(file).endsWith('/etc/crontab');
  return word && (ofMachine || word[1] === 'root') ? word[0].length : 0;
}

/** A bare `%` ends the command: what follows is what it reads. */
function commandIn(text: Mapped): Mapped {
  const end = /(?<!\\)%/.exec(text.text)?.index;
  return text.slice(0, end).replace(/\\%/g, () => '%');
}
