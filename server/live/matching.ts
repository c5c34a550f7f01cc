/** Which containers are whose: by the labels that Compose, podman-compose and Quadlet leave, then by name. */
import type { Project, Service } from '../project/model.ts';
import type { Runtime } from '../survival/words.ts';
import type { ContainerSummary } from './engine.ts';

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
const FOLDER = 'com.docker.compose.project.working_dir';
const ONE_OFF = 'com.docker.compose.oneoff';
const PODMAN_PROJECT = 'io.podman.compose.project';
const UNIT = 'PODMAN_SYSTEMD_UNIT';

export interface Match {
  readonly service: string;
  readonly container: ContainerSummary;
  /** How it was told, for the report. */
  readonly by: string;
}

/** A container of the same files that runs under another project name. */
export interface Elsewhere {
  readonly service: string;
  readonly container: ContainerSummary;
  readonly project: string;
  /** Its folder is gone: it was renamed or moved. */
  readonly moved: boolean;
}

export interface Matching {
  readonly matches: readonly Match[];
  readonly elsewhere: readonly Elsewhere[];
  /** Matches by project name whose folder is another one: two projects share the name, and with it their volumes. */
  readonly shared: readonly { readonly match: Match; readonly folder: string }[];
}

export interface MatchingInput {
  readonly containers: readonly ContainerSummary[];
  readonly project: Project;
  readonly runtime: Runtime;
  /** A folder on the engine's machine that can be seen from here, and is not there any more. */
  readonly isGone: (folder: string) => boolean;
  /** Links resolved. */
  readonly realPath: (path: string) => string;
}

export const projectOf = ({ labels }: ContainerSummary): string | undefined =>
  labels[PROJECT] ?? labels[PODMAN_PROJECT];

export function matchContainers(input: MatchingInput): Matching {
  const { project, realPath } = input;
  const services = new Map([...project.services, ...project.inactive].map((service) => [service.name, service]));
  const matches: Match[] = [];
  const elsewhere: Elsewhere[] = [];
  const shared: { match: Match; folder: string }[] = [];
  for (const container of input.containers) {
    if (container.labels[ONE_OFF] === 'True') continue;
    const match = matchOf(container, services, input);
    if (match) {
      matches.push(match);
      const folder = container.labels[FOLDER];
      if (folder !== undefined && folder !== '' && realPath(folder) !== realPath(project.directory))
        shared.push({ match, folder });
      continue;
    }
    const other = elsewhereOf(container, services, input);
    if (other) elsewhere.push(other);
  }
  return { matches, elsewhere: elsewhere.filter((one) => holdsTogether(one, elsewhere, input)), shared };
}

function matchOf(
  container: ContainerSummary,
  services: ReadonlyMap<string, Service>,
  { project, runtime }: MatchingInput,
): Match | null {
  const { labels, name } = container;
  const own = projectOf(container);
  const service = labels[SERVICE];
  if (own !== undefined && service !== undefined) {
    if (own === project.name && services.has(service)) return { service, container, by: 'labels' };
    return null;
  }
  if (runtime === 'quadlet') return unitOf(container, services);
  if (own !== undefined && own !== project.name) return null;
  for (const one of services.values()) {
    if (one.containerName?.value === name) return { service: one.name, container, by: 'container_name' };
    if (hasNumberedName(name, project.name, one.name)) return { service: one.name, container, by: 'its name' };
  }
  return null;
}

function unitOf(container: ContainerSummary, services: ReadonlyMap<string, Service>): Match | null {
  const unit = container.labels[UNIT]?.replace(/\.service$/, '');
  if (unit !== undefined && services.has(unit)) return { service: unit, container, by: 'its systemd unit' };
  for (const one of services.values()) {
    if ([one.containerName?.value, `systemd-${one.name}`].includes(container.name))
      return { service: one.name, container, by: 'its name' };
  }
  return null;
}

/** `shop-db-1` of Compose v2, `shop_db_1` of v1 and podman-compose. */
const hasNumberedName = (name: string, project: string, service: string): boolean =>
  ['-', '_'].some((sign) => {
    const start = `${project}${sign}${service}${sign}`;
    return name.startsWith(start) && /^\d+$/.test(name.slice(start.length));
  });

function elsewhereOf(
  container: ContainerSummary,
  services: ReadonlyMap<string, Service>,
  { project, isGone, realPath }: MatchingInput,
): Elsewhere | null {
  const { labels } = container;
  const other = projectOf(container);
  const service = labels[SERVICE];
  const folder = labels[FOLDER];
  if (other === undefined || other === project.name || service === undefined || !folder) return null;
  if (!services.has(service)) return null;
  if (realPath(folder) === realPath(project.directory)) return { service, container, project: other, moved: false };
  return isGone(folder) ? { service, container, project: other, moved: true } : null;
}

/** Of a folder that is gone, all services must be ours, and by image: many projects have a `db`. */
function holdsTogether(one: Elsewhere, all: readonly Elsewhere[], { containers, project }: MatchingInput): boolean {
  if (!one.moved) return true;
  const siblings = containers.filter((container) => projectOf(container) === one.project);
  const known = all.filter(({ project: other }) => other === one.project);
  if (known.length !== siblings.length) return false;
  return known.every(({ service, container }) => {
    const image = project.services.find(({ name }) => name === service)?.image?.value;
    return image === undefined || image === container.image;
  });
}
