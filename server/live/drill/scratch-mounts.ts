/**
 * The mounts of a scratch copy. Nothing of the user's is ever mounted:
 *
 *     in the project                                         in the copy
 *     -----------------------------------------------------  ------------------------------------------------------
 *     named volume                                           a volume of the copy
 *     ... on a server or folder elsewhere, external volume   an external volume of the copy, which `down -v` leaves alone
 *     ... in memory                                          the same, of the copy
 *     volume without a name                                  the same
 *     folder that holds data                                 an empty folder of the copy; where it could not be removed
 *                                                            again, an external volume that starts empty
 *     file that holds data                                   an empty file of the copy
 *     other folders and files, configs, secrets              a copy; where they are large, empty if they may be written
 *     sockets, devices, what belongs to the system           none: the service is left out
 */
import * as path from 'node:path';
import type { Mount, Project, TopLevelVolume } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isElsewhere, isWithin, volumeType } from '../../survival/backing.ts';
import { valueAt } from '../../syntax/tree.ts';
import type { Host, Preparation, ScratchInput, ScratchMount, ScratchVolume } from './scratch-model.ts';
import { textAt, textsAt } from './tree.ts';

/** The service cannot be part of the copy: why, a sentence without a full stop. */
export class LeaveOut extends Error {}

/** Collects what the mounts of all services ask for. */
export class Places {
  readonly volumes: ScratchVolume[] = [];
  readonly prepare: Preparation[] = [];
  readonly #byKey = new Map<string, ScratchVolume>();
  readonly #byPath = new Map<string, ScratchMount>();
  readonly #input: ScratchInput;
  #count = 0;

  constructor(input: ScratchInput) {
    this.#input = input;
  }

  /** The volume of the copy that stands for one of the project. */
  volume(declared: TopLevelVolume | undefined, key: string): ScratchVolume {
    const known = this.#byKey.get(key);
    if (known) return known;
    const type = declared ? volumeType(declared) : 'named-volume';
    const external =
      type === 'external-volume' || type === 'network-volume' || (declared ? isElsewhere(declared) : false);
    const memory = type === 'tmpfs' ? { type: 'tmpfs', device: 'tmpfs' } : {};
    const volume = this.#add(external, memory);
    this.#byKey.set(key, volume);
    return volume;
  }

  /** Services that mount the same path of the host share its copy. */
  shared(from: string, make: () => ScratchMount): ScratchMount {
    const mount = this.#byPath.get(from) ?? make();
    this.#byPath.set(from, mount);
    return mount;
  }

  /** Stands for a folder that cannot be one of this machine. */
  standIn(): ScratchVolume {
    return this.#add(true, {});
  }

  fresh(): string {
    return path.posix.join(this.#input.folder, 'files', `f${++this.#count}`);
  }

  #add(external: boolean, driverOpts: Readonly<Record<string, string>>): ScratchVolume {
    const key = `v${this.volumes.length + 1}`;
    const volume = { key, name: `persistence-drill-${this.#input.id}-${key}`, external, driverOpts };
    this.volumes.push(volume);
    return volume;
  }
}

export interface Mounted {
  readonly mounts: readonly ScratchMount[];
  readonly notes: readonly string[];
}

/** @throws LeaveOut */
export function mountsOf(analysed: AnalysedService, input: ScratchInput, places: Places): Mounted {
  const { service } = analysed;
  const notes: string[] = [];
  const gap = service.mountGaps[0];
  if (gap) throw new LeaveOut(`What it mounts cannot be told: ${gap.message}`);
  const tmpfs = new Map(textsAt(service.node, 'tmpfs').map((text) => [text.split(':', 1)[0]!, text]));
  const mounts = service.mounts.flatMap((mount): ScratchMount[] => {
    if (mount.from === 'volumes_from') return [];
    const place = { target: mount.target, readOnly: mount.readOnly };
    switch (mount.type) {
      case 'tmpfs': {
        const written = mount.from === 'tmpfs' ? (tmpfs.get(mount.targetText) ?? '').split(':').slice(1).join(':') : '';
        return [{ type: 'tmpfs', target: mount.target, options: written || tmpfsOptions(mount) }];
      }
      case 'volume':
        return [ofVolume(mount, input.project.project, places)];
      case 'bind':
        return [{ ...ofBind(mount, analysed, input, places, notes), ...place } as ScratchMount];
      case 'config':
      case 'secret':
        return [{ ...ofFile(mount, input, places), ...place } as ScratchMount];
      default:
        throw new LeaveOut(`It mounts something of the type ${mount.type}, which cannot be copied`);
    }
  });
  return { mounts, notes };
}

const tmpfsOptions = ({ tmpfsSize, tmpfsMode }: Mount): string =>
  [...(tmpfsSize ? [`size=${tmpfsSize}`] : []), ...(tmpfsMode ? [`mode=${tmpfsMode.toString(8)}`] : [])].join(',');

function ofVolume(mount: Mount, project: Project, places: Places): ScratchMount {
  const base = { type: 'volume' as const, target: mount.target, readOnly: mount.readOnly };
  if (mount.source === undefined) return base;
  const hole = mount.unresolved[0];
  const declared = project.volumes.get(mount.source);
  if (!declared && hole)
    throw new LeaveOut(`${hole.variable} is not set, so what it mounts at ${mount.target} is not known`);
  const { key } = places.volume(declared, mount.source);
  // A folder in a volume that is new does not exist, and the engine refuses it: the whole volume has the same fate.
  return { ...base, source: key, ...(mount.nocopy ? { nocopy: true } : {}) };
}

/** Trees of the system, and what holds other people's data. */
const SYSTEM = /^\/(proc|sys|dev|run|var\/run|boot|var\/lib\/(docker|containerd|containers|kubelet))(\/|$)/;
const ROOTS = /^(\/[^/]*|[A-Za-z]:\/?[^/]*)$/;

type Unplaced = { type: 'bind'; source: string } | { type: 'volume'; source: string; nocopy: true };

function ofBind(
  mount: Mount,
  { stores }: AnalysedService,
  { host, project }: ScratchInput,
  places: Places,
  notes: string[],
): Unplaced {
  const { source = '', target } = mount;
  const hole = mount.unresolved[0];
  if (source === '')
    throw new LeaveOut(`${hole?.variable ?? 'A variable'} is not set, so what it mounts at ${target} is not known`);
  const holds = stores.filter(({ backing }) => backing.type === 'bind-mount' && backing.target === target);
  const data = !mount.readOnly && holds.some(({ store }) => store.kind !== 'configuration' && store.kind !== 'secret');
  const kind = host.shared ? host.kind(source) : 'missing';
  const place = (): Unplaced => {
    if (kind !== 'missing')
      refuse(mount, kind, host, data || isWithin(host.realPath(source), host.realPath(project.project.directory)));
    // Compose and Docker make a folder where there is nothing.
    if ((data && kind !== 'file') || kind === 'missing') return emptyFolder(source, kind, host, places, mount, data);
    if (data) return written(places, '');
    if (host.isSmall(source)) return copied(places, source);
    if (mount.readOnly || kind === 'file')
      throw new LeaveOut(`${source}, which it mounts at ${target}, is too large to be copied`);
    notes.push(`${target} starts empty: what it mounts there is too large to be copied`);
    return emptyFolder(source, kind, host, places, mount, true);
  };
  return places.shared(`${data} ${source}`, () => ({ ...place(), target, readOnly: mount.readOnly })) as Unplaced;
}

/** `own`: it lies in the project, or nothing of it is read. @throws LeaveOut */
function refuse({ source = '', target }: Pick<Mount, 'source' | 'target'>, kind: Kind, host: Host, own: boolean): void {
  if (kind === 'other')
    throw new LeaveOut(`It mounts ${source}, a socket or a device, at ${target}: that is never handed to a copy`);
  for (const real of new Set([source, host.realPath(source)])) {
    const system =
      real === '/' ||
      SYSTEM.test(real) ||
      (kind === 'directory' && !own && (ROOTS.test(real) || real === host.home)) ||
      (host.engineRoot !== '' && (isWithin(real, host.engineRoot) || isWithin(host.engineRoot, real)));
    if (system) throw new LeaveOut(`It mounts ${source} at ${target}, which is never handed to a copy`);
  }
}

type Kind = ReturnType<Host['kind']>;

function emptyFolder(source: string, kind: Kind, host: Host, places: Places, mount: Mount, data: boolean): Unplaced {
  // Of a machine that we cannot see, only what holds data can be made up.
  if (!host.shared && !data)
    throw new LeaveOut(
      `The engine is on another machine, so ${source}, which it mounts at ${mount.target}, cannot be copied`,
    );
  if (kind === 'missing' && mount.createHostPath === false)
    throw new LeaveOut(`${source}, which it mounts at ${mount.target}, does not exist`);
  if (!host.shared || !host.removable) return { type: 'volume', source: places.standIn().key, nocopy: true };
  const folder = places.fresh();
  places.prepare.push({ type: 'folder', path: folder });
  return { type: 'bind', source: folder };
}

function copied(places: Places, from: string): Unplaced {
  const at = places.fresh();
  places.prepare.push({ type: 'copy', path: at, from });
  return { type: 'bind', source: at };
}

function written(places: Places, text: string): Unplaced {
  const at = places.fresh();
  places.prepare.push({ type: 'text', path: at, text });
  return { type: 'bind', source: at };
}

/** Compose mounts the files of configs and secrets, too. */
function ofFile(mount: Mount, { project, host }: ScratchInput, places: Places): Unplaced {
  const kind = mount.type === 'config' ? 'configs' : 'secrets';
  const name = mount.source ?? '';
  const of = `The ${mount.type} ${name}`;
  if (!host.shared) throw new LeaveOut(`${of} cannot be copied to the machine of the engine`);
  const declared = [...project.project.roots].findLast(([, root]) => valueAt(valueAt(root, kind), name));
  if (!declared) throw new LeaveOut(`${of} is not declared`);
  const [file, root] = declared;
  const at = (key: string): string | undefined => textAt(root, kind, name, key);
  const make = (): Unplaced => {
    const [content, variable, source] = [at('content'), at('environment'), at('file')];
    if (content !== undefined) return written(places, plain(content, of));
    if (variable !== undefined) {
      const value = host.env[variable];
      if (value === undefined) throw new LeaveOut(`${of} is the variable ${variable}, which is not set`);
      return written(places, value);
    }
    if (source === undefined) throw new LeaveOut(`${of} is kept by the engine, and cannot be copied`);
    // Relative to the project, or to the file that was included.
    const base = project.project.files[0]?.path === file ? project.project.directory : path.posix.dirname(file);
    const full = path.posix.resolve(base, plain(source, of));
    if (host.kind(full) !== 'file') throw new LeaveOut(`${full}, the file of ${of.toLowerCase()}, does not exist`);
    refuse({ source: full, target: mount.target }, 'file', host, true);
    if (!host.isSmall(full)) throw new LeaveOut(`${full}, the file of ${of.toLowerCase()}, is too large to be copied`);
    return copied(places, full);
  };
  return places.shared(`${kind} ${name}`, () => ({ ...make(), target: mount.target, readOnly: true })) as Unplaced;
}

/** Top-level entries are kept as they are written. */
function plain(text: string, of: string): string {
  if (/\$(?!\$)/.test(text.replaceAll('$$', '')))
    throw new LeaveOut(`${of} is made of variables, and cannot be copied`);
  return text.replaceAll('$$', '$');
}
