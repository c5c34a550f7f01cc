import type { Word } from '../../scripts/model.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule, RuleContext, Severity } from '../rule.ts';
import { callOf } from '../scripts/about.ts';
import { clearances } from '../scripts/clearances.ts';
import { type Destruction, destructionOf } from '../scripts/destruction.ts';
import { type Manner, mannerOf } from '../scripts/manner.ts';
import { kindWords } from '../scripts/phrases.ts';
import { heldInNamed, namesOf } from '../scripts/volumes.ts';

const rule: Rule = {
  name: 'destructive-volume-command',
  about: 'script',
  severity: 'warning',
  summary: 'A script that stops or deploys also deletes volumes.',
  rationale:
    '`docker compose down -v` deletes every volume that the project declares; `docker volume prune --all` those of all projects that happen to be stopped. In a script that is run to stop, restart or deploy, nobody expects it to take the data along. From Docker 23 on `docker system prune --volumes` and a plain `docker volume prune` spare volumes that have a name; Podman before 6 spares none.',
  bad: '#!/bin/sh\n# stop.sh\ndocker compose down -v\n',
  good: '#!/bin/sh\n# stop.sh\ndocker compose down\n',
  fixSafety: 'both',
  fixNote:
    'Only the flag is taken out of commands that stop or deploy: what is kept can still be deleted later. Targets that are there to clean up are left alone. In documentation a step may count on the empty start, so there it is offered one by one.',
  since: '0.2.0',
  references: [
    'https://docs.docker.com/reference/cli/docker/compose/down/',
    'https://docs.docker.com/reference/cli/docker/volume/prune/',
  ],
  *check(context) {
    const { script, analysed } = context;
    if (!script) return;
    for (const part of script.parts) {
      for (const command of part.commands) {
        const call = callOf(command);
        const found = call && destructionOf(call, command, script, analysed);
        if (!found) continue;
        const manner = mannerOf(script, part, command);
        const severity = severityOf(found, manner);
        if (!severity) continue;
        const span = found.flag && isWrittenAlone(found.flag) ? found.flag.span : command.span;
        const fixes = severity === 'warning' && found.flag ? withoutFlag(found.flag, script.kind === 'markdown') : [];
        yield {
          severity,
          message: `${found.message}${kindWords(manner, part)}`,
          span,
          ...ofFirst(found),
          related: found.held.flatMap(({ one }) => relatedOf(one)),
          fixes: () => fixes,
        };
      }
    }
    yield* clearances(context);
    yield* settings(context);
  },
};

const ofFirst = ({ held: [first] }: Destruction): Pick<Finding, 'service' | 'store'> =>
  first ? { service: first.analysed.service.name, store: first.one.store } : {};

function severityOf({ held, sure, mild, spared }: Destruction, manner: Manner): Severity | null {
  if (manner === 'test' || manner === 'told') return null;
  if (manner === 'cleaning') return sure && !mild ? 'info' : null;
  if (!sure) return manner === 'routine' ? 'info' : null;
  if (manner !== 'routine' || spared || (mild && held.length === 0)) return 'info';
  // Of several stores the surest counts.
  const confidences = held.map(({ one }) => one.store.confidence);
  return confidences.length === 0 || confidences.some((one) => one !== 'memory')
    ? 'warning'
    : asSure('warning', 'memory');
}

const isWrittenAlone = ({ text, span }: Word): boolean => span.source.text.slice(span.start, span.end) === text;

/** The flag and the space in front of it; none where it is one of several letters. */
function withoutFlag(flag: Word, inText: boolean): Fix[] {
  const { source, start, end } = flag.span;
  if (!isWrittenAlone(flag) || !/^(-v|-V|--\w[\w-]*)$/.test(flag.text)) return [];
  const before = /[ \t]+$/.exec(source.text.slice(0, start))?.[0].length ?? 0;
  if (before === 0 || /[\r\n]/.test(source.text[start - before - 1] ?? '\n')) return [];
  const title = `Keep the volumes: leave out ${flag.text}`;
  const edits = [{ source, start: start - before, end, newText: '' }];
  return [inText ? { title, safety: 'migration', edits, steps: IN_TEXT } : { title, safety: 'safe', edits }];
}

/** What documentation describes is run by people, and what stands around it is written for them. */
const IN_TEXT = [
  'Read what the text around it promises: where it means an empty start, leave the command as it is and say there that the data goes',
  'Apply this change',
];

/** The editor's own "Compose Down". */
function* settings({ script, analysed }: RuleContext): Iterable<Omit<Finding, 'rule'>> {
  const held = heldInNamed(analysed);
  for (const { key, value, span } of script?.settings ?? []) {
    if (key !== 'dockerCompose.down.removeVolumes' || value !== true || held.length === 0) continue;
    yield {
      severity: 'warning',
      message: `${key}: "Compose Down" in the editor deletes the volumes too: ${namesOf(held)} is gone for good`,
      span,
      service: held[0]!.analysed.service.name,
      store: held[0]!.one.store,
      related: held.flatMap(({ one }) => relatedOf(one)),
      fixes: () => [
        {
          title: 'Keep the volumes',
          safety: 'safe',
          edits: [{ source: span.source, start: span.start, end: span.end, newText: 'false' }],
        },
      ],
    };
  }
}

export default rule;
