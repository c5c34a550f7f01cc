/**
 * The same steps where Quadlet runs the service. Once the unit stops, its container and its anonymous volumes are gone:
 * they are copied while the container is there, paused so that nothing is written meanwhile. `podman cp` would hand every
 * file to root, so what is in the container itself is exported, which keeps the owners.
 */
import * as path from 'node:path';
import type { Project, Service } from '../project/model.ts';
import { containerName, forMachine, podman, reloadAndStart, systemctl, volumeService } from './runs/quadlet.ts';
import { runsOf } from './runs.ts';
import type { Move } from './steps.ts';

interface Carried {
  readonly project: Project;
  readonly service: Service;
  /** In the container. */
  readonly from: string;
  /** Set where it is in an anonymous volume: on which path that is mounted. */
  readonly old: string | null;
  /** The command that takes it over from `/from` to `/to`. */
  readonly copied: string | null;
  /** As `podman run -v` takes it. */
  readonly named: string;
  /** The key of the volume, where this change makes it. */
  readonly made: string | null;
  /** How to see that a volume that was there before is empty. */
  readonly free: readonly string[];
}

export function carryOver({ project, service, from, old, copied, named, made, free }: Carried): string[] {
  const saved = savedAs(service);
  const copy =
    copied === null
      ? podman(
          project,
          `run --rm -i ${volume(named)} alpine tar -xpf - -C /to --strip-components=${depth(from)} ${inTar(from)} < ${saved}`,
        )
      : podman(project, `run --rm -v <64-digit name>:/from:ro ${volume(named)} alpine ${copied}`);
  return [
    ...note(project),
    old === null
      ? `${lookAt(project, service)}. What is in no mount is in the container itself, and is deleted with it when the unit stops`
      : `${lookAt(project, service)}. The 64-digit name beside ${old} is the old volume, and is deleted when the unit stops: note it`,
    pause(project, service),
    ...(old === null ? [save(project, service)] : []),
    'Apply this change',
    made === null
      ? `Let systemd read it: ${systemctl(project, 'daemon-reload')}`
      : `Make the new volume: ${reloadAndStart(project, volumeService(made))}`,
    ...free,
    `Copy the data: ${copy}`,
    seeCopied(project, named),
    exchange(project, service, old === null ? saved : null),
  ];
}

/**
 * Of a volume that the container uses. An empty folder that another volume is mounted on is left alone: taken away, it
 * takes that mount out of the container, which is only paused.
 */
export function seeThatEmpty(
  project: Project,
  volume: string,
  isHostPath: boolean,
  mountPoints: readonly string[],
): string {
  const command = isHostPath ? `find ${volume}` : podman(project, `run --rm -v ${volume}:/to alpine find /to`);
  const but = mountPoints.length === 0 ? '' : ` but the empty ${mountPoints.join(', ')}`;
  return `See that nothing is in it${but}: ${command}. What else is listed is an older copy of the data: do not copy over it, keep the two apart`;
}

export function moveBelow(project: Project, service: Service, move: Move, named: string): string[] {
  const { from, to, mount, isFile } = move;
  const saved = savedAs(service);
  const inside = path.posix.join('/to', path.posix.relative(mount.target, to));
  const folder = isFile ? path.posix.dirname(from) : from;
  const copy = isFile
    ? `for f in /x${from}*; do cp -a "$f" "${inside}\${f#/x${from}}"; done`
    : `cp -a /x${from} ${inside}`;
  return [
    ...note(project),
    `${lookAt(project, service)}. What is in no mount is in the container itself, and is deleted with it when the unit stops`,
    pause(project, service),
    save(project, service),
    `See that nothing is at ${to}: ${podman(project, `cp ${containerName(service)}:${to} ./${service.name}-found`)} has to fail. If it does not, keep what is there and choose another name`,
    'Apply this change',
    `Copy the data: ${podman(project, `run --rm -i ${volume(named)} alpine sh -c 'mkdir /x && tar -xpf - -C /x ${inTar(folder)} && ${copy}' < ${saved}`)}`,
    seeCopied(project, named),
    exchange(project, service, saved),
  ];
}

/** For what is in the container itself, where it is to be put to is for the reader to see. */
export const saveFromContainer = (project: Project, service: Service, from: string): string[] => [
  ...note(project),
  pause(project, service),
  save(project, service),
  `What it has at ${from} is in ${savedAs(service)}: tar -xpf ${savedAs(service)} ${inTar(from)} puts it into the folder you are in`,
];

const note = (project: Project): string[] => [forMachine(project)].filter((line) => line !== null);

const lookAt = (project: Project, service: Service): string =>
  `See where the data is now: ${runsOf(project).mounts(project, service)}`;

const pause = (project: Project, service: Service): string =>
  `Do not stop the unit. Pause it, so that nothing more is written: ${podman(project, `pause ${containerName(service)}`)}`;

const savedAs = ({ name }: Service): string => `${name.replace(/[^\w.-]/g, '')}-container.tar`;

const save = (project: Project, service: Service): string =>
  `Save what is in the container: ${podman(project, `export -o ${savedAs(service)} ${containerName(service)}`)}. It is what a power cut would leave, from which databases recover`;

const seeCopied = (project: Project, named: string): string =>
  `See that it is there before you go on: ${podman(project, `run --rm ${volume(named)} alpine ls -lA /to`)}`;

const exchange = (project: Project, service: Service, saved: string | null): string =>
  `Exchange the container: ${runsOf(project).up(project, service)}${saved === null ? '' : `. Keep ${saved} until you have seen your data`}`;

/** A folder of the host may have a label that only the container of the unit may use: it keeps that. */
const volume = (named: string): string =>
  /^[./~$]/.test(named) ? `--security-opt label=disable -v ${named}:/to` : `-v ${named}:/to`;

/** Paths in an archive have no slash in front. */
const inTar = (at: string): string => at.replace(/^\/+/, '');

const depth = (at: string): number => inTar(at).split('/').filter(Boolean).length;
