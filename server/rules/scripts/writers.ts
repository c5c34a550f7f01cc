/** Who may write to a store: each service of the project that has its files mounted, and not only the one it was found in. */
import * as path from 'node:path';
import type { Command } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { isHelper, isOneShot } from '../guards.ts';
import { isOpen, type Place, placeOf } from '../kept.ts';
import type { Hit } from './places.ts';
import { type Stand, standOf } from './stopped.ts';

export interface Writer {
  readonly analysed: AnalysedService;
  /** The same database was found in it, or it runs the program of the one it was found in. */
  readonly sure: boolean;
  /** What the commands before leave it as. */
  readonly stand: Stand;
}

/** The service of the hit first. `copier` is the service that copies, if it is one. */
export function writersOf(
  { analysed: owner, one }: Hit,
  earlier: readonly Command[],
  analysed: AnalysedProject,
  copier?: string | null,
): Writer[] {
  const place = placeOf(one, owner, analysed.project);
  const others = analysed.services.flatMap((service): Omit<Writer, 'stand'>[] => {
    if (service === owner || service.service.name === copier || !place) return [];
    if (opens(service, place, analysed)) return [{ analysed: service, sure: true }];
    if (one.store.role === 'server' || !mayWrite(service, place, analysed)) return [];
    return [{ analysed: service, sure: isSameProgram(service, owner) }];
  });
  return [{ analysed: owner, sure: true }, ...others].map((writer) => ({
    ...writer,
    stand: waitsFor(writer.analysed, copier) ? 'stopped' : standOf(earlier, writer.analysed, analysed),
  }));
}

/** It is started when the copy is made. */
const waitsFor = ({ service: { dependsOn } }: AnalysedService, copier: string | null | undefined): boolean =>
  copier != null && dependsOn.get(copier) === 'service_completed_successfully';

/** The same files are a database of this service, too. */
const opens = (service: AnalysedService, place: Place, { project }: AnalysedProject): boolean =>
  service.stores.some((other) => {
    if (other.backing.readOnly) return false;
    const there = placeOf(other, service, project);
    return there !== undefined && there.root === place.root && there.inside === place.inside;
  });

/** An application whose mount holds the files. Servers and tools of the catalogue have files of their own. */
function mayWrite(service: AnalysedService, place: Place, { project }: AnalysedProject): boolean {
  if (service.image.match || service.service.profiles.length > 0) return false;
  if (isOneShot(service, project) || isHelper(service)) return false;
  return service.service.mounts.some((mount) => {
    if (mount.readOnly || mount.source === undefined || isOpen(mount)) return false;
    if (mount.type === 'bind') return place.root === 'host' && isWithin(place.inside, mount.source);
    if (mount.type !== 'volume') return false;
    const volume = project.volumes.get(mount.source)?.name ?? `${project.name}_${mount.source}`;
    return volume === place.root && isWithin(place.inside, path.posix.join('/', mount.subpath ?? ''));
  });
}

function isSameProgram({ service: a }: AnalysedService, { service: b }: AnalysedService): boolean {
  if (a.build && b.build)
    return (
      a.build.context === b.build.context &&
      a.build.dockerfile === b.build.dockerfile &&
      a.build.target === b.build.target
    );
  return a.image !== undefined && a.image.value === b.image?.value && a.image.unresolved.length === 0;
}

export const namesOfWriters = (writers: readonly Writer[]): string =>
  listed(writers.map(({ analysed }) => analysed.service.name));

/** `a`, `a and b`, `a, b and c`. */
export const listed = (all: readonly string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
