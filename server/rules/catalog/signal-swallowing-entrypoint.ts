import { insertExec } from '../../fixes/dockerfile-exec.ts';
import type { AnalysedService } from '../../stores/model.ts';
import type { Evidence } from '../../survival/words.ts';
import { type Data, essentialData, ofServer } from '../image/kept-data.ts';
import { oncePerPlace } from '../image/once.ts';
import { type Swallowed, shellName, swallowed } from '../image/swallowed.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule } from '../rule.ts';

/** What the server keeps; else what the application does that it runs. */
function stateOf(analysed: AnalysedService, server: string): Data | undefined {
  const own = analysed.image.match?.family.serverCommands.includes(server) ? ofServer(analysed)[0] : undefined;
  const known = essentialData(analysed).filter(({ one }) => one !== undefined);
  return known.find(({ path }) => path === own?.path) ?? own ?? known[0];
}

/** What they confirm is on the disk by then: a kill only cuts short what is under way. */
const WRITTEN_AT_ONCE: ReadonlySet<string> = new Set(['sqlite', 'pocketbase', 'bolt', 'lmdb', 'uploads']);

const isCutShort = ({ one }: Data): boolean => one !== undefined && WRITTEN_AT_ONCE.has(one.store.technology);

function harmOf(state: Data | undefined): string {
  if (!state) return 'in the middle of its work';
  return isCutShort(state)
    ? `and what is being written to ${state.path} then is cut short`
    : `before ${state.title} has written ${state.path} in order`;
}

/** A shell that waits can pass the signal on. */
const HANDED_DOWN: Evidence = {
  from: 'command',
  note: "it is passed on by: server & pid=$!; trap 'kill -TERM $pid; wait $pid' TERM; wait $pid",
  confidence: 'primary',
};

function findingOf(analysed: AnalysedService, one: Swallowed): Omit<Finding, 'rule'> {
  const state = stateOf(analysed, one.server);
  const grace = analysed.service.stopGracePeriod?.value ?? '10s';
  return {
    severity: state ? (isCutShort(state) ? 'info' : 'warning') : 'hint',
    message: `${shellName(one)} keeps the stop signal from ${one.server}: at every stop, restart and recreate it is killed after ${grace}, ${harmOf(state)}`,
    span: one.text.at(one.command.start, one.command.end),
    service: analysed.service.name,
    ...(state?.one ? { store: state.one.store } : {}),
    related: [...(state?.one ? relatedOf(state.one) : []), ...(one.form === 'background' ? [HANDED_DOWN] : [])],
    fixes: () => fixesFor(one),
  };
}

/** Where nothing comes behind the program, the shell can make way for it. */
function fixesFor({ text, command, form }: Swallowed): Fix[] {
  const last = form === 'alone' || form === 'last' || form === 'redirected';
  if (!last || !text.exact || command.assigns || command.words[0]!.start !== command.start) return [];
  const at = text.at(command.start, command.end);
  return [
    {
      title: `Let the shell become ${command.words[0]!.text}: exec`,
      safety: 'safe',
      edits: insertExec(at.source, at.start),
    },
  ];
}

const rule: Rule = {
  name: 'signal-swallowing-entrypoint',
  severity: 'warning',
  summary: 'A shell in front of the server does not pass the stop signal on, so that it is killed.',
  rationale:
    'The engine sends SIGTERM to the first process of a container alone. A shell there that waits for the server ignores it and passes nothing on: after the grace period, 10 seconds, everything is killed. Redis loses what it has not saved, other servers have to recover at the next start, and of SQLite, whose commits are on the disk at once, what is under way is cut short. The shell makes way where the last command of the script begins with `exec`.',
  bad: 'services:\n  cache:\n    build: .   # Dockerfile: ENTRYPOINT ["./start.sh"]; start.sh: redis-server --appendonly yes\n    volumes:\n      - cache_data:/data\n\nvolumes:\n  cache_data:\n',
  good: 'services:\n  cache:\n    build: .   # start.sh: exec redis-server --appendonly yes\n    volumes:\n      - cache_data:/data\n\nvolumes:\n  cache_data:\n',
  fixSafety: 'safe',
  fixNote:
    "Only where the server is the last thing that the shell runs. One in the background is told by a trap: `server & pid=$!; trap 'kill -TERM $pid; wait $pid' TERM; wait $pid`. Several, or a pipeline, need an init that passes signals to all of them.",
  since: '0.2.0',
  about: 'image',
  references: ['https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example'],
  *check({ analysed: { services }, files }) {
    yield* oncePerPlace(
      services.flatMap((analysed) => {
        const one = analysed.service.broken ? undefined : swallowed(analysed, files);
        return one ? [findingOf(analysed, one)] : [];
      }),
    );
  },
};

export default rule;
