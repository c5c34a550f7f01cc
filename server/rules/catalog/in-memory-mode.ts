import { combine } from '../../fixes/edits.ts';
import { addSetting } from '../../fixes/service-key.ts';
import { addNamedVolume } from '../../fixes/volumes.ts';
import type { Mount } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { sqlitePath } from '../../stores/source/sqlite-url.ts';
import { isWithin } from '../../survival/backing.ts';
import { memoryClients } from '../memory-clients.ts';
import { type Memory, memoryMode } from '../memory-mode.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { type UnwrittenMount, unwrittenMounts } from '../unwritten.ts';

const rule: Rule = {
  name: 'in-memory-mode',
  severity: 'error',
  summary: 'A server is started in a mode that keeps everything in memory.',
  rationale:
    'Vault and Consul start in development mode unless they are told otherwise, and others have a switch for it. Everything they are given is gone at the next restart, also with a volume on the data directory: nothing is written there. With a volume it is an error, because somebody believes that the data is kept. Others, Mosquitto among them, write to their directory only when their configuration asks for it: a volume there without that setting is a warning. A Chroma client that the code makes keeps everything in memory as well, unless its settings say is_persistent: a folder alone does not make it write there.',
  bad: 'services:\n  consul:\n    image: hashicorp/consul:1.20\n    volumes:\n      - consul_data:/consul/data\n\nvolumes:\n  consul_data:\n',
  good: 'services:\n  consul:\n    image: hashicorp/consul:1.20\n    command: agent -server -bootstrap-expect=1 -ui -client=0.0.0.0\n    volumes:\n      - consul_data:/consul/data\n\nvolumes:\n  consul_data:\n',
  fixSafety: 'migration',
  fixNote: 'What is in memory now is lost when the container stops: it has to be exported first.',
  since: '0.2.0',
  // What is meant for development may forget.
  guards: { 'development-file': 'silence' },
  references: [
    'https://developer.hashicorp.com/vault/docs/concepts/dev-server',
    'https://mosquitto.org/man/mosquitto-conf-5.html',
    'https://docs.ntfy.sh/config/#message-cache',
  ],
  *check(context) {
    for (const analysed of context.analysed.services) {
      const { service, image } = analysed;
      if (service.broken) continue;
      const memory = memoryMode(analysed);
      if (memory) yield serverFinding(context, analysed, memory);
      else if (!image.match) yield* memoryUrls(analysed);
      for (const unwritten of unwrittenMounts(analysed, context.files)) yield idleMount(analysed, unwritten);
      yield* memoryClients(context, analysed);
    }
  },
};

function serverFinding(context: RuleContext, analysed: AnalysedService, memory: Memory): Omit<Finding, 'rule'> {
  const { match } = analysed.image;
  const mount = dataMount(analysed);
  const title = match!.family.title;
  const unsure = memory.mode.unverified || match!.lookalike;
  return {
    severity: unsure ? 'info' : mount ? 'error' : 'warning',
    message: mount
      ? `${title} keeps everything in memory (${memory.because}): nothing is written to ${mount.target}, and all is lost at every stop and restart`
      : `${title} keeps everything in memory (${memory.because}): all is lost at every stop and restart`,
    span: memory.span,
    service: analysed.service.name,
    related: [],
    fixes: () => persistent(context, analysed, memory, mount),
  };
}

/** The mount stays empty; what nobody asked to be kept is an info where nothing is lost. */
function idleMount(
  { service, image }: AnalysedService,
  { known, mount, evidence }: UnwrittenMount,
): Omit<Finding, 'rule'> {
  const { title } = image.match!.family;
  const inMemory = known.meanwhile === 'memory';
  return {
    severity: inMemory ? 'warning' : 'info',
    message: inMemory
      ? `${title} keeps ${known.what} in memory (${evidence.note}): nothing is written to ${mount.target}, and they are lost at every stop and restart`
      : `${title} keeps no ${known.what} (${evidence.note}): nothing is written to ${mount.target}`,
    span: mount.targetSpan,
    service: service.name,
    related: [evidence],
    fixes: () => [],
  };
}

/** Somebody mounted the place where this image would keep its data. */
const dataMount = ({ service, image }: AnalysedService): Mount | undefined =>
  service.mounts.find(
    (mount) =>
      mount.type !== 'tmpfs' &&
      !mount.readOnly &&
      image.match!.family.data.some(
        (fact) => fact.kind === 'essential' && isWithin(cleanTarget(fact.path), mount.target),
      ),
  );

/** An application that is told to open a database that exists in memory alone. */
function* memoryUrls({ environment, service }: AnalysedService): Iterable<Omit<Finding, 'rule'>> {
  for (const [name, entry] of environment) {
    // Two slashes and nothing behind them are in memory to one library and no path to others: that is left alone.
    if (!/:memory:|mode=memory/.test(entry.value ?? '') || sqlitePath(entry.value!)?.kind !== 'memory') continue;
    const { value, evidence } = entry;
    if (evidence.confidence === 'memory' || !evidence.span) continue;
    yield {
      severity: 'warning',
      message: `${name} is ${value}: the SQLite database is in memory, and all is lost at every stop and restart`,
      span: evidence.span,
      service: service.name,
      related: [],
      fixes: () => [],
    };
  }
}

function persistent(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  { mode }: Memory,
  mount: Mount | undefined,
): Fix[] {
  const { service } = analysed;
  if (!mode.instead || service.entrypoint !== undefined) return [];
  const setting = { attribute: 'command', value: mode.instead.command, key: 'Exec' };
  const command = addSetting(service, setting);
  const volume = mount ? null : addNamedVolume(project, service, mode.instead.path);
  const edits = command && (mount ? command : volume && combine(command, volume.edits));
  if (!edits) return [];
  const runs = runsOf(project);
  const steps = [
    `What is in memory now goes with the next stop: export it while ${service.name} runs (${runs.exec(project, service, 'consul snapshot save /tmp/backup.snap')}, then ${runs.engine} cp)`,
    'Apply this change',
    `${runs.up(project, service)}, then load the export (consul snapshot restore)`,
  ];
  return [{ title: `Start it as a server that writes to ${mode.instead.path}`, safety: 'migration', edits, steps }];
}

export default rule;
