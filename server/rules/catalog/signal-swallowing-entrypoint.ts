import { insertExec } from '../../fixes/dockerfile-exec.ts';
import type { AnalysedService } from '../../stores/model.ts';
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

function findingOf(analysed: AnalysedService, one: Swallowed): Omit<Finding, 'rule'> {
  const state = stateOf(analysed, one.server);
  const grace = analysed.service.stopGracePeriod?.value ?? '10s';
  const what = state ? `before ${state.title} has written ${state.path} in order` : 'in the middle of its work';
  return {
    severity: state ? 'warning' : 'hint',
    message: `${shellName(one)} keeps the stop signal from ${one.server}: at every stop, restart and recreate it is killed after ${grace}, ${what}`,
    span: one.text.at(one.command.start, one.command.end),
    service: analysed.service.name,
    ...(state?.one ? { store: state.one.store } : {}),
    related: state?.one ? relatedOf(state.one) : [],
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
    'The engine sends SIGTERM to the first process of a container alone. A shell there that waits for the server ignores it and passes nothing on: after the grace period, 10 seconds, everything is killed. Redis loses what it has not saved, other databases have to recover at the next start. The shell makes way where the last command of the script begins with `exec`.',
  bad: 'services:\n  cache:\n    build: .   # Dockerfile: ENTRYPOINT ["./start.sh"]; start.sh: redis-server --appendonly yes\n    volumes:\n      - cache_data:/data\n\nvolumes:\n  cache_data:\n',
  good: 'services:\n  cache:\n    build: .   # start.sh: exec redis-server --appendonly yes\n    volumes:\n      - cache_data:/data\n\nvolumes:\n  cache_data:\n',
  fixSafety: 'safe',
  fixNote:
    'Only where the server is the last thing that the shell runs. Servers in a pipeline or in the background need an init that passes signals to all of them.',
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
