/** A folder of Quadlet units as a project. */
import * as path from 'node:path';
import { type Files, slashed, UnreadableFile } from '../../files.ts';
import type { Problem } from '../../syntax/source.ts';
import { bareProject } from '../bare.ts';
import type { Project, Service } from '../model.ts';
import { readContainer } from './container.ts';
import { withDependencies } from './dependencies.ts';
import { readKube } from './kube.ts';
import { ownEntries, ownSection, type QuadletUnit } from './model.ts';
import { kindOf, readUnit } from './unit.ts';
import { Units } from './units.ts';
import { readVolumes } from './volumes.ts';

export interface QuadletSelection {
  /** Absolute paths of the units of one folder; their drop-ins are found beside them. */
  readonly files: readonly string[];
  readonly directory?: string | undefined;
}

/** @throws UnreadableFile when none of the units can be read */
export function loadQuadlet(files: Files, selection: QuadletSelection): Project {
  const paths = selection.files.map(slashed);
  const directory = selection.directory ?? path.posix.dirname(paths[0] ?? '/');
  const { units: read, problems } = readUnits(files, paths);
  const units = new Units(files, directory, read);
  const services: Service[] = [];
  for (const unit of read) {
    const found = servicesOf(unit, units);
    services.push(...found.services.map((service) => ({ ...service, name: freeName(service.name, services) })));
    problems.push(...found.problems);
  }
  const { volumes, named } = readVolumes(units);
  return {
    ...bareProject('quadlet', directory, [...read.flatMap(({ sources }) => sources), ...units.more]),
    name: path.posix.basename(directory),
    services: withDependencies(services.map(named)),
    volumes,
    problems,
    incomplete: false,
  };
}

function readUnits(files: Files, paths: readonly string[]): { units: QuadletUnit[]; problems: Problem[] } {
  const units: QuadletUnit[] = [];
  const problems: Problem[] = [];
  let failure: UnreadableFile | undefined;
  for (const at of paths) {
    const kind = kindOf(at);
    if (!kind) continue;
    try {
      const read = readUnit(files, at, kind);
      units.push(read.unit);
      problems.push(...read.problems);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      failure = error;
      const span = { source: { path: at, text: '' }, start: 0, end: 0 };
      problems.push({ span, message: error.message });
    }
  }
  if (units.length === 0 && failure) throw failure;
  return { units, problems };
}

interface Found {
  readonly services: readonly Service[];
  readonly problems: readonly Problem[];
}

/** A file without the section that Quadlet reads is somebody else's. */
function servicesOf(unit: QuadletUnit, units: Units): Found {
  const isQuadlets = ownEntries(unit).length > 0 || unit.sections.some(({ name }) => name === ownSection(unit.kind));
  if (unit.kind === 'container' && isQuadlets) {
    const { service, problems } = readContainer(unit, units);
    return { services: [service], problems };
  }
  return unit.kind === 'kube' && isQuadlets ? readKube(unit, units) : { services: [], problems: [] };
}

function freeName(name: string, taken: readonly Service[]): string {
  const isTaken = (one: string) => taken.some((other) => other.name === one);
  let free = name;
  for (let i = 2; isTaken(free); i++) free = `${name}-${i}`;
  return free;
}
