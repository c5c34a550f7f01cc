import type { Files } from '../../files.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import { isShared } from '../../fixes/layout.ts';
import { eolNear, lineStart } from '../../fixes/lines.ts';
import type { Project } from '../../project/model.ts';
import { configurationFiles, configured } from '../../stores/configuration-file.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { flatWords } from '../../stores/words.ts';
import type { Span } from '../../syntax/source.ts';
import type { Node } from '../../syntax/tree.ts';
import { wordSpan } from '../command-words.ts';
import { isRedisLike } from '../guards.ts';
import { asSure, keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { mayHide } from '../open-words.ts';
import type { Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

interface Off {
  readonly span: Span;
  readonly written: string;
  /** The empty word of the command; none where it cannot be told apart, or a file says so. */
  readonly empty?: number;
}

/** Words that put the persistence on again, whatever else is said. */
const isOn = (words: readonly string[]): boolean => /--appendonly[ =]yes|--save[ =]"?\d/.test(words.join(' '));

/** Flags on whose values it depends whether anything is written; the first may bring all others. */
const PERSISTENCE = /^--(?:include|save|appendonly|dir|loadmodule)$/i;

function switchedOff(analysed: AnalysedService, files: Files): Off | undefined {
  const { service, argv, image } = analysed;
  const words = flatWords(argv);
  if (
    isOn(words) ||
    [...analysed.environment.keys()].some((name) => /AOF|APPENDONLY|REDIS_ARGS|EXTRA_FLAGS/.test(name))
  )
    return undefined;
  const configurations = configurationFiles(service, words, image.match?.family, files);
  if (configurations.some(({ source }) => source === null || configured(source, 'appendonly')?.value === 'yes'))
    return undefined;
  const { command } = service;
  const own = command ? flatWords(command.words) : [];
  const at = own.findIndex((word, i) => (word === '--save' && isNothing(own[i + 1])) || /^--save=("")?$/.test(word));
  if (command && at >= 0 && !mayHide(command, PERSISTENCE)) {
    const plain = own === command.words;
    return {
      span: plain ? wordSpan(service, at)! : command.span,
      written: '--save ""',
      ...(plain && own[at] === '--save' ? { empty: at + 1 } : {}),
    };
  }
  for (const { source } of configurations) {
    const line = source && /^[ \t]*save[ \t]+(""|'')[ \t]*$/m.exec(source.text);
    if (!line) continue;
    const start = line.index + line[0].search(/\S/);
    return { span: { source, start, end: line.index + line[0].trimEnd().length }, written: 'save ""' };
  }
  return undefined;
}

const isNothing = (word: string | undefined): boolean => word === '' || word === '""' || word === "''";

const rule: Rule = {
  name: 'redis-persistence-off-with-volume',
  severity: 'warning',
  summary: 'Redis has a volume, and is told to write nothing to it.',
  rationale:
    'With `--save ""` and no append-only file Redis keeps everything in memory. A volume on its data directory then looks like persistence and stays empty: each stop, restart and recreate begins with nothing. Either the volume or the setting is a mistake.',
  bad: 'services:\n  sessions:\n    image: redis:7\n    command: redis-server --save ""\n    volumes:\n      - sessions_data:/data\n\nvolumes:\n  sessions_data:\n',
  good: 'services:\n  sessions:\n    image: redis:7\n    command: redis-server --save 60 1\n    volumes:\n      - sessions_data:/data\n\nvolumes:\n  sessions_data:\n',
  fixSafety: 'migration',
  fixNote: 'What is in memory now is lost when the container is recreated: it has to be written to the volume first.',
  since: '0.2.0',
  references: ['https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/'],
  *check({ analysed: { project, services }, files }) {
    for (const analysed of services) {
      if (!isRedisLike(analysed) || analysed.image.match?.lookalike) continue;
      const kept = keptByServer(analysed)[0];
      const off = kept && switchedOff(analysed, files);
      if (!kept || !off) continue;
      const evicts = /maxmemory-policy[ =]allkeys-/.test(flatWords(analysed.argv).join(' '));
      const meant = evicts || /cache/i.test(analysed.service.name);
      yield {
        severity: meant ? 'hint' : asSure('warning', kept.store.confidence),
        message: `${off.written} and no append-only file: ${kept.store.title} writes nothing to the volume at ${kept.store.path}, and what it holds is lost at every stop and restart`,
        span: off.span,
        service: analysed.service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => snapshotsOn(project, analysed, off),
      };
    }
  },
};

/** `60 1` in place of the empty word: two words, as every version of Redis takes them. */
function snapshotsOn(project: Project, { service }: AnalysedService, { empty }: Off): Fix[] {
  const span = empty === undefined ? undefined : service.command?.spans[empty];
  if (!span || span === service.command?.span) return [];
  const list = service.declarations.findLast(({ node }) => node?.entries.has('command'))?.node?.entries.get('command');
  if (!service.unit && (!list || list.inherited || list.alias || isShared(span.source, span.start, span.end)))
    return [];
  const runs = runsOf(project);
  const steps = [
    `Write what is in memory to the volume: ${runs.exec(project, service, 'redis-cli SAVE')} (keydb-cli, valkey-cli)`,
    `Apply this change, then: ${runs.up(project, service)}. It reads that snapshot and writes new ones`,
  ];
  const edits = [replaceSpan(span, list ? words(list.value, span) : '60 1')];
  return [{ title: 'Let it write snapshots to the volume (--save 60 1)', safety: 'migration', edits, steps }];
}

function words(command: Node, { source, start }: Span): string {
  if (command.kind !== 'seq') return '60 1';
  if (command.flow) return '"60", "1"';
  const line = lineStart(source.text, start);
  return `"60"${eolNear(source, start)}${/^[ ]*-[ ]+/.exec(source.text.slice(line))?.[0] ?? '- '}"1"`;
}

export default rule;
