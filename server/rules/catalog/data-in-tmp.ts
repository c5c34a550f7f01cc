import * as path from 'node:path';
import { replaceSpan } from '../../fixes/edits.ts';
import { declareVolume, newVolumeName, takesVolume, volumeSource } from '../../fixes/volumes.ts';
import type { Mount, Project, Service } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { coveringMount, isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { buildOutputOf } from '../build-output.ts';
import { hasBound, hostFolder } from '../host-folder.ts';
import { isOpen } from '../kept.ts';
import { dataOf, relatedOf } from '../losses.ts';
import { looksLikeData } from '../mount-words.ts';
import type { Fix, Rule, RuleContext, Severity } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { nameOf } from '../steps.ts';

/** Folders of the host that are emptied, and when. */
const EMPTIED: readonly { readonly folder: string; readonly when: string; readonly severity: Severity }[] = [
  { folder: '/dev/shm', when: 'is memory, and empty after every reboot', severity: 'error' },
  { folder: '/run', when: 'is memory, and empty after every reboot', severity: 'error' },
  { folder: '/var/tmp', when: 'is cleared of what has not been touched for some weeks', severity: 'warning' },
  { folder: '/tmp', when: 'is cleared at every reboot', severity: 'error' },
];

/** Desktops mount drives there, which keep what is on them. */
const DRIVES = '/run/media';

/** What systemd puts there: of one user, the folder of the session lies below `/run` as well. */
const SPECIFIERS: Readonly<Record<string, string>> = { '%t': '/run', '%T': '/tmp', '%V': '/var/tmp' };

/** Sockets and what is meant to be passed on for a moment. */
const PASSING = /\.sock(et)?$|\.X11-unix|(^|[/._-])(sockets?|cache|uploads?|incoming|scratch|tmp|temp)([/._-]|$)/i;

/** Whose folder is a build's only by its place: what is mounted from there may as well be what was built. */
const ONLY_DATA = new Set(['database', 'cache', 'queue', 'search', 'timeseries', 'vector', 'objectstore']);

/** Data in a folder that a build tool empties. */
function* inBuildOutput(context: RuleContext, analysed: AnalysedService): ReturnType<Rule['check']> {
  const { project } = context.analysed;
  const seen = new Set<Mount>();
  const onlyBinds = !hasBound(project);
  for (const one of analysed.service.broken ? [] : analysed.stores) {
    const { store, backing } = one;
    if (onlyBinds && backing.type !== 'bind-mount') continue;
    const mount = store.path === null ? undefined : coveringMount(store.path, analysed.service.mounts);
    const source = mount && !isOpen(mount) ? hostFolder(mount, project) : undefined;
    if (!mount || source === undefined || mount.readOnly || store.kind === 'cache' || seen.has(mount)) continue;
    const output = buildOutputOf(source, project.directory, context.files);
    if (!output) continue;
    const guessed = store.evidence[0].from === 'mount';
    const sure = !guessed && (store.role === 'embedded' || ONLY_DATA.has(analysed.image.match?.family.category ?? ''));
    // What was built is served from there.
    if (!sure && (source === output.folder || !looksLikeData(mount, ''))) continue;
    seen.add(mount);
    const shown = path.posix.relative(project.directory, source);
    const folder = path.posix.relative(project.directory, output.folder);
    yield {
      severity: sure && store.kind === 'essential' ? 'warning' : 'info',
      message: guessed
        ? `${mount.target} is mounted from ${shown}: ${output.by} deletes ${folder} with all that is in it`
        : `${dataOf(one)} is in ${shown}: ${output.by} deletes ${folder} with all that is in it`,
      span: mount.sourceSpan ?? mount.span,
      service: analysed.service.name,
      store,
      related: relatedOf(one),
      fixes: () => volumeInstead(context, analysed, one, mount, source, 'build'),
    };
  }
}

const rule: Rule = {
  name: 'data-in-tmp',
  severity: 'error',
  summary: 'Data is mounted from a folder of the host that is emptied, at every reboot or by a build.',
  rationale:
    'A bind mount keeps what its folder keeps, and `/tmp`, `/run` and `/dev/shm` keep nothing over a reboot. The folder that a build tool fills, such as `target` of Maven, keeps nothing over the next `clean`. A data directory below `/tmp` of the container is another matter: without a mount it goes with the container, and `missing-volume` or `data-outside-mount` reports it.',
  bad: 'services:\n  graph:\n    image: redis/redis-stack-server:7.4.0-v0\n    volumes:\n      - /tmp/redis:/data\n',
  good: 'services:\n  graph:\n    image: redis/redis-stack-server:7.4.0-v0\n    volumes:\n      - graph_data:/data\n\nvolumes:\n  graph_data:\n',
  fixSafety: 'migration',
  fixNote: 'The data is on the host now and has to be copied into the volume before the next reboot.',
  since: '0.2.0',
  *check(context) {
    for (const analysed of context.analysed.services) {
      yield* inBuildOutput(context, analysed);
      const emptied = emptiedMounts(context, analysed);
      for (const one of emptied.size > 0 ? analysed.stores : []) {
        const mount = one.store.path === null ? undefined : coveringMount(one.store.path, analysed.service.mounts);
        const from = mount && emptied.get(mount);
        if (!mount || !from || one.store.kind === 'cache') continue;
        const { source, place } = from;
        const guessed = one.store.evidence[0].from === 'mount';
        // A folder that is only mounted may be anything, and a socket is in a folder for the moment.
        if (guessed && (PASSING.test(source.slice(place.folder.length)) || isWithin(mount.target, '/tmp'))) continue;
        // Of several stores in one mount the first tells of it.
        emptied.delete(mount);
        const shown = mount.source?.startsWith('%') ? mount.source : source;
        const replaceable = one.store.kind !== 'essential' && one.store.kind !== 'secret';
        yield {
          severity: guessed || replaceable ? 'info' : place.severity,
          message: guessed
            ? `${mount.target} is mounted from ${shown}: ${place.folder} of the host ${place.when}`
            : `${dataOf(one)} is in ${shown}: ${place.folder} of the host ${place.when}`,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          store: one.store,
          related: relatedOf(one),
          fixes: () => volumeInstead(context, analysed, one, mount, shown),
        };
      }
    }
  },
};

interface Emptied {
  readonly source: string;
  readonly place: (typeof EMPTIED)[number];
}

/** The mounts whose folder of the host is emptied, whatever is in them. */
function emptiedMounts(context: RuleContext, { service }: AnalysedService): Map<Mount, Emptied> {
  const found = new Map<Mount, Emptied>();
  if (service.broken) return found;
  for (const mount of service.mounts) {
    const source = sourceOf(context, mount);
    if (source === undefined || mount.readOnly || isOpen(mount) || isWithin(source, DRIVES)) continue;
    const place = EMPTIED.find(({ folder }) => isWithin(source, folder));
    // `$PWD/data` in a project that is tried out there says nothing of where it will run.
    if (place && !isWithin(source, context.analysed.project.directory)) found.set(mount, { source, place });
  }
  return found;
}

/** The folder of the host: of a bind, or of a named volume that is one. Where a relative path begins is no matter of the file. */
function sourceOf({ analysed: { project } }: RuleContext, mount: Mount): string | undefined {
  if (mount.type === 'bind') {
    const at = mount.source?.replace(/^%[tTV](?=\/|$)/, (letter) => SPECIFIERS[letter] ?? letter);
    return at?.startsWith('/') && !mount.sourceText?.startsWith('.') ? at : undefined;
  }
  const volume = mount.type === 'volume' && mount.source !== undefined ? project.volumes.get(mount.source) : undefined;
  const device = volume?.driverOpts.get('device');
  const isBind = (volume?.driverOpts.get('o') ?? '').split(',').includes('bind');
  return isBind && device?.startsWith('/') ? device : undefined;
}

function volumeInstead(
  { analysed: { project } }: RuleContext,
  { service }: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
  source: string,
  before: 'reboot' | 'build' = 'reboot',
): Fix[] {
  const { sourceSpan } = mount;
  // In the long form the type would have to change as well.
  if (mount.type !== 'bind' || mount.from !== 'volumes' || !sourceSpan || !takesVolume(service, mount)) return [];
  if (textOf(sourceSpan) !== mount.sourceText || textOf(mount.span) === mount.sourceText) return [];
  if (!textOf(mount.span).replace(/^["']/, '').startsWith(`${mount.sourceText}:`)) return [];
  const volume = newVolumeName(project, service, mount.target);
  const declared = declareVolume(project, sourceSpan.source, volume);
  if (!declared) return [];
  return [
    {
      title: `Keep ${mount.target} in the named volume ${volume}`,
      safety: 'migration',
      edits: [replaceSpan(sourceSpan, volumeSource(project, volume)), ...declared],
      steps: steps(project, service, one, volume, nameOf(project, source), before),
    },
  ];
}

/** The folder of the host stays until the next reboot, whoever runs the service. */
function steps(
  project: Project,
  service: Service,
  one: AnalysedStore,
  volume: string,
  source: string,
  before: string,
): string[] {
  const runs = runsOf(project);
  const from = project.runtime === 'compose' ? `${source}:/from` : `${source}:/from:ro`;
  const copy = `Copy the data: ${runs.command(project, `run --rm -v ${from} -v ${runs.newVolume(project, volume)}:/to alpine cp -a /from/. /to/`)}`;
  const keep = `Keep ${source} until you have seen your data in ${one.store.path}`;
  const start = [
    `The data is in ${source} now: do not ${before} before it is copied`,
    `Stop the service: ${runs.stop(project, service)}`,
    'Apply this change',
  ];
  if (project.runtime === 'quadlet') return [...start, copy, `Start it: ${runs.up(project, service)}. ${keep}`];
  return [
    ...start,
    `Create the new container without starting it: docker compose up --no-start ${service.name}`,
    copy,
    `Start it: docker compose start ${service.name}. ${keep}`,
  ];
}

export default rule;
