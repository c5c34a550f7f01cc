/** Which words start a server: its program, its image's entrypoint, and what stands in front of them. */
import * as path from 'node:path';
import type { Family } from '../catalogue/model.ts';
import { programWords } from '../syntax/programs.ts';
import type { Word } from './command.ts';

const INIT = /^(?:tini|tini-static|docker-init|dumb-init|catatonit|gosu|su-exec)$/;
/** Programs that are server and client in one: which, the word behind tells. */
const BOTH = new Set(
  (
    'vault bao consul ollama minio cockroach surreal registry kc.sh clickhouse rpk redpanda dgraph influxdb3 emqx neo4j chroma ' +
    'grafana milvus pulsar solr zkServer.sh'
  ).split(' '),
);
const SERVES = /^(?:server|serve|start\S*|run|agent|console|foreground|standalone|alpha|zero|broker|demo|redpanda)$/;
/** Words by which a server looks at something, or prepares it, and ends. */
const ENDS =
  /^(?:-V|--?version|--?help|--test|--check\S*|--initialize\S*|--bootstrap|--single|--dry-run|--shutdown|--sentinel|--test-memory|status|stop)$/;
/** What an application's own work is called; a script of such a name that nobody can read is no server. */
const TASK = /backup|dump|cron|restore|migrat|import|export|init|setup|seed|test|wait|health|archive|sync|load|check/i;
/** As the entrypoint of an image these names say that something comes first, and the server may well come behind it. */
const FIRST = /init|setup|wait|load|check/gi;
/** Subcommands and generic words are no programs. */
const NO_PROGRAM = new Set(['server', 'serve', 'start', 'start-dev', 'start-single-node', 'demo', 'run', 'agent']);

/** One of its programs, and no subcommand. */
export const isServer = (name: string, { serverCommands }: Family): boolean =>
  serverCommands.includes(name) && !NO_PROGRAM.has(name);

/** What becomes another program, or starts it and looks after it. */
export function behindInit(all: readonly Word[]): readonly Word[] {
  let words = programWords(all);
  while (words[0] && INIT.test(path.posix.basename(words[0].text))) {
    const own = /^(?:gosu|su-exec)$/.test(path.posix.basename(words[0].text)) ? 2 : 1;
    const next = words.findIndex(({ text }, i) => i >= own && !text.startsWith('-'));
    words = next < 0 ? [] : programWords(words.slice(next));
  }
  if (path.posix.basename(words[0]?.text ?? '') === 'start-stop-daemon') {
    const flag = words.findIndex(({ text }) => /^(?:-x|-a|--exec|--startas)$/.test(text));
    words = flag < 0 ? [] : words.slice(flag + 1);
  }
  // `$(which redis-server)`: the program by its place.
  const which = /^\$\((?:which|command -v) ([\w.-]+)\)$/.exec(words[0]?.text ?? '')?.[1];
  return which === undefined ? words : [{ ...words[0]!, text: which }, ...words.slice(1)];
}

/** The image's own entrypoint, which starts what it is told. */
export const isEntrypoint = (name: string, { serverCommands }: Family): boolean =>
  /entrypoint/.test(name) && serverCommands.includes(name);

/** Told by its words: it looks at something and ends. */
export const ends = (words: readonly Word[]): boolean => words.some(({ text }) => ENDS.test(text));

/** Stands for a server among the words of an entrypoint: `server`, `start`. */
export const isSubcommand = (text: string, { serverCommands }: Family): boolean =>
  NO_PROGRAM.has(text) && serverCommands.includes(text);

/** The program is run as the server, and not as its client. */
export const isServing = (name: string, words: readonly Word[]): boolean =>
  !ends(words) &&
  !(
    BOTH.has(name) &&
    words[1] !== undefined &&
    !words[1].text.startsWith('-') &&
    !words.some(({ text }) => SERVES.test(text))
  );

/** A text that cannot be read to its end begins a line with the server, or runs what it is given. */
export const names = (text: string, { serverCommands }: Family): boolean =>
  /exec\s+"?\$[@*{]/.test(text) ||
  serverCommands.some(
    (name) =>
      !NO_PROGRAM.has(name) &&
      new RegExp(
        `^[ \\t]*(?:exec[ \\t]+)?(?:(?:gosu|su-exec)[ \\t]+\\S+[ \\t]+)?(?:/\\S*/)?${escaped(name)}(?:\\s|$)`,
        'm',
      ).test(text),
  );

const escaped = (text: string): string => text.replace(/[^\w]/g, '\\$&');

/** By its name it does some work for the server, and is none. */
export const isTaskByName = (words: readonly Word[]): boolean =>
  words.some(({ text, from }) => {
    const name = path.posix.basename(text);
    return TASK.test(from === 'dockerfile' ? name.replace(FIRST, '') : name);
  });
