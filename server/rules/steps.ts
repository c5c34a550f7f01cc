/** The steps that carry existing data over when a path moves to another volume. Nothing here deletes anything but empty folders. */
import * as path from 'node:path';
import type { Mount, Project, Service } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { runsOf } from './runs.ts';
import * as quadlet from './steps-quadlet.ts';

const containerOf = (name: string): string => `$(docker compose ps -aq ${name})`;

const lookAt = (project: Project, service: Service): string =>
  `See where the data is now: ${runsOf(project).mounts(project, service)}`;

const stop = (name: string): string => `Stop the service and keep its container: docker compose stop ${name}`;

const isHostPath = (volume: string): boolean => /^([./~%]|[A-Za-z]:)/.test(volume);

/** As `docker run -v` takes it: the path on the host, or the volume's name on the engine. */
export function nameOf(project: Project, volume: string): string {
  if (isHostPath(volume)) return inShell(volume);
  return project.volumes.get(volume)?.name ?? runsOf(project).newVolume(project, volume);
}

/** What systemd puts in the place of these, the shell knows by other names. */
const inShell = (at: string): string =>
  at.replace(/^%h(?=\/|$)/, '~').replace(/^%([tTV])(?=\/|$)/, (_, letter: string) => SHELL[letter] ?? letter);

const SHELL: Readonly<Record<string, string>> = { t: '$XDG_RUNTIME_DIR', T: '/tmp', V: '/var/tmp' };

/**
 * `volume` is the key or host path that will hold `target`; null where there is none to name. `reused` are the folders
 * in it that only served as mount points, deepest first; absent where the volume is a new one.
 */
export function carryOver(
  project: Project,
  analysed: AnalysedService,
  one: AnalysedStore,
  target: string,
  volume: string | null,
  reused?: readonly string[],
): string[] {
  const { service } = analysed;
  const { name } = service;
  const from = one.store.isFile || one.store.path === null ? target : one.store.path;
  const named = volume === null ? '<new volume>' : nameOf(project, volume);
  const free = reused === undefined || volume === null ? [] : [seeThatEmpty(project, named, reused)];
  if (project.runtime === 'quadlet') {
    const made = reused === undefined && volume !== null ? volume : null;
    const old = one.backing.type === 'anonymous-volume' ? (one.backing.target ?? from) : null;
    const copied = old === null ? null : betweenVolumes(old, target);
    return quadlet.carryOver({ project, service, from, old, copied, named, made, free });
  }
  if (one.backing.type === 'anonymous-volume')
    return fromAnonymous(project, service, one.backing.target ?? from, target, named, free);
  return [
    `${lookAt(project, service)}. What is in no mount is in the container itself and goes with it`,
    stop(name),
    `Copy the data out: docker cp -a ${containerOf(name)}:${from}/. ./${name}-data-copy`,
    'Apply this change',
    ...free,
    `Create the new container without starting it: docker compose up --no-start ${name}`,
    `Copy the data in: docker cp -a ./${name}-data-copy/. ${containerOf(name)}:${target}`,
    `Start it: docker compose start ${name}. Keep the copy until you have seen your data`,
  ];
}

/** `old` is the path that the volume without a name is mounted at, `named` the new one on the engine. */
export const fromAnonymous = (
  project: Project,
  service: Service,
  old: string,
  target: string,
  named: string,
  free: readonly string[] = [],
): string[] => [
  `${lookAt(project, service)}. The 64-digit name beside ${old} is the old volume: note it before anything else`,
  stop(service.name),
  'Apply this change',
  ...free,
  `Copy the old volume into the new one: docker run --rm -v <64-digit name>:/from -v ${named}:/to alpine ${betweenVolumes(old, target)}`,
  `Start again: docker compose up -d ${service.name}`,
];

/** The old volume may be mounted above the new one, which then holds a part of it, or below. */
function betweenVolumes(old: string, target: string): string {
  if (isWithin(target, old)) return `cp -a ${path.posix.join('/from', path.posix.relative(old, target))}/. /to/`;
  const below = path.posix.join('/to', path.posix.relative(target, old));
  return `sh -c 'mkdir -p ${below} && cp -a /from/. ${below}/'`;
}

/** Lists the volume where it is there. `docker run -v` makes one that is not, without what the project says of it. */
export const seeVolume = (project: Project, volume: string): string =>
  runsOf(project).command(project, `volume ls -q -f name=${volume}`);

/** The engine leaves an empty folder where a mount lay in another; a server that begins anew refuses to see one. */
function seeThatEmpty(project: Project, volume: string, mountPoints: readonly string[]): string {
  if (project.runtime === 'quadlet') return quadlet.seeThatEmpty(project, volume, isHostPath(volume), mountPoints);
  const look = (at: string): string =>
    [...mountPoints.map((folder) => `rmdir ${at}/${folder}`), `ls -A ${at}`].join('; ');
  const aside = mountPoints.length === 0 ? '' : ' once the mount point is gone';
  const command = isHostPath(volume) ? look(volume) : `docker run --rm -v ${volume}:/to alpine sh -c '${look('/to')}'`;
  const there = isHostPath(volume)
    ? ''
    : ` (where ${seeVolume(project, volume)} does not list it, it is not there yet)`;
  return `See that it is empty${aside}${there}: ${command}. What is listed is an older copy of the data: do not copy over it, keep the two apart`;
}

export interface Move {
  /** In the container: what is there now, in no mount. */
  readonly from: string;
  /** Where it is looked for from now on, below `mount`. */
  readonly to: string;
  readonly mount: Mount;
  /** One file, with what stands beside it under a longer name. */
  readonly isFile: boolean;
}

/** A setting moves what lies at `from` to `to`, below a mount. */
export function moveBelow(project: Project, service: Service, move: Move): string[] {
  const { from, to } = move;
  const { name } = service;
  if (project.runtime === 'quadlet')
    return quadlet.moveBelow(project, service, move, nameOf(project, move.mount.source ?? ''));
  return [
    `${lookAt(project, service)}. What is in no mount is in the container itself and goes with it`,
    stop(name),
    `Copy the data out: docker cp -a ${containerOf(name)}:${from} ./${name}-data-copy`,
    'Apply this change',
    `Create the new container without starting it: docker compose up --no-start ${name}`,
    `See that nothing is at ${to}: docker cp ${containerOf(name)}:${to} ./${name}-found has to fail. If it does not, keep what is there and choose another name`,
    `Copy the data in: docker cp -a ./${name}-data-copy ${containerOf(name)}:${to}`,
    `Start it: docker compose start ${name}. Keep the copy until you have seen your data`,
  ];
}
