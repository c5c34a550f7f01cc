import * as path from 'node:path';
import type { Command, Script, ScriptPart } from '../../scripts/model.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure } from '../kept.ts';
import type { Finding, Fix, Rule, Severity } from '../rule.ts';
import { callOf } from '../scripts/about.ts';
import { type Manner, mannerOf } from '../scripts/manner.ts';
import { ownRunOf } from '../scripts/own-images.ts';
import { isBeside, type Run, runOf, type Started, startedOf } from '../scripts/runs.ts';

/** Started for a while, to try something out. */
const SCRATCH =
  /\b(try|demo|playground|example|quick|sandbox|throwaway|ephemeral|temporary|temp|scratch|dev|develop\w*|local\w*|test\w*)\b/i;

const rule: Rule = {
  name: 'run-without-volume',
  about: 'script',
  severity: 'warning',
  summary: '`docker run` starts a database without a volume for its data.',
  rationale:
    'What no `-v` or `--mount` covers lies in the container, or in a volume without a name. With `--rm` both go as soon as the container stops; without it, the next `docker run` begins with nothing.',
  bad: '#!/bin/sh\n# start.sh\ndocker run -d --rm --name db postgres:16\n',
  good: '#!/bin/sh\n# start.sh\ndocker run -d --rm --name db -v db_data:/var/lib/postgresql/data postgres:16\n',
  fixSafety: 'migration',
  fixNote: 'A new volume is empty: what the running container holds has to be dumped first.',
  since: '0.2.0',
  references: ['https://docs.docker.com/engine/storage/volumes/'],
  *check({ script, analysed }) {
    for (const part of script?.parts ?? []) {
      for (const command of part.commands) {
        const call = callOf(command);
        if (!script || !call || call.compose || (call.verb !== 'run' && call.verb !== 'create')) continue;
        const started = startedOf(command, call);
        const run = started && (runOf(started) ?? ofOwn(started, command, part, script, analysed));
        const manner = run && mannerOf(script, part, command);
        if (!run || !manner || manner === 'test' || manner === 'told') continue;
        // In the foreground and removed at the end: somebody tries it out, and says so. For systemd that is a server.
        if (run.removed && !run.detached && script.kind !== 'systemd') continue;
        // Documentation shows how a program is started; only what goes with every stop is worth a word.
        if (script.kind === 'markdown' && !run.removed) continue;
        const said = [part.name ?? '', part.prose, run.name?.text ?? '', ...command.comments].join(' ');
        yield finding(run, severityOf(run, manner, script, said), `${call.program} ${call.verb}`);
      }
    }
  },
};

/** A database that starts with every deployment, and goes with every stop. */
function severityOf({ removed, detached, store }: Run, manner: Manner, { kind }: Script, said: string): Severity {
  const lasts =
    removed && (detached || kind === 'systemd') && manner === 'routine' && kind !== 'markdown' && !SCRATCH.test(said);
  return asSure(lasts ? 'warning' : 'info', store.confidence);
}

/** An image of the project's own, whose data Compose keeps. */
function ofOwn(
  started: Started,
  command: Command,
  part: ScriptPart,
  script: Script,
  analysed: AnalysedProject,
): Run | null {
  const found = ownRunOf(started, command, part, script, analysed);
  const { image, removed, detached, name, mounts } = started;
  if (!found || isBeside(mounts, found.one.store.path!)) return null;
  const { one, backing, named } = found;
  // What a script builds may be another variant of what the service is.
  const store = named ? one.store : { ...one.store, confidence: 'memory' as const };
  return { image, store, backing, removed, detached, name, service: found.analysed.service.name };
}

function finding(run: Run, severity: Severity, program: string): Omit<Finding, 'rule'> {
  const { store, backing, image, service } = run;
  const at = store.isFile ? path.posix.dirname(store.path!) : store.path!;
  const what = store.isFile ? `the ${store.title} database (${store.path})` : `${store.title} data`;
  const kept = service === undefined ? '' : `, which Compose keeps for ${service},`;
  return {
    severity,
    message: `${program} ${image.text}: no volume for ${at}: ${what}${kept} ${fate(run)}`,
    span: image.span,
    ...(service === undefined ? {} : { service }),
    store,
    related: store.evidence,
    // Where Compose keeps it, its own volume is meant, and not another.
    fixes: () => (backing.type === 'tmpfs' || service !== undefined ? [] : withVolume(run)),
  };
}

function fate({ backing, removed }: Run): string {
  if (backing.type === 'tmpfs') return 'is in memory, and lost at every stop';
  if (removed) return 'is deleted as soon as the container stops (--rm)';
  return backing.type === 'anonymous-volume'
    ? 'goes to an anonymous volume, which the next run does not find'
    : 'is deleted with the container, and the next run begins with nothing';
}

function withVolume({ image, store, name, removed }: Run): Fix[] {
  const { source, start } = image.span;
  if (textOf(image.span) !== image.text || !/[ \t]/.test(source.text[start - 1] ?? '')) return [];
  const volume = `${name?.told && /^[a-z0-9][\w.-]*$/i.test(name.text) ? name.text : store.technology}_data`;
  const container = name?.told ? name.text : '<container>';
  const steps = [
    removed
      ? `What ${container} holds now goes when it stops: dump it first, while it runs`
      : `What an older container holds stays in it: see where with docker inspect -f '{{range .Mounts}}{{.Name}} {{.Destination}}{{end}}' ${container}, and dump it while it runs`,
    'Apply this change',
    'Start it again with the changed command, then load the dump',
  ];
  return [
    {
      title: `Keep ${store.path} in the named volume ${volume}`,
      safety: 'migration',
      edits: [{ source, start, end: start, newText: `-v ${volume}:${store.path} ` }],
      steps,
    },
  ];
}

export default rule;
