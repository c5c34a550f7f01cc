/** From a project to its scratch copy: only what is named here is taken over, so that nothing of the user's can come along. */
import { dependenciesOf } from '../../project/dependencies.ts';
import type { Service } from '../../project/model.ts';
import { byteSize } from '../../project/values.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { type Node, valueAt } from '../../syntax/tree.ts';
import { NAME } from '../gate.ts';
import type {
  Healthcheck,
  LeftOut,
  Scratch,
  ScratchDependency,
  ScratchInput,
  ScratchService,
} from './scratch-model.ts';
import { LeaveOut, mountsOf, Places } from './scratch-mounts.ts';
import { isTrueAt, secondsOf, textAt, textsAt } from './tree.ts';

/** Keeps a service from being run by us at all. */
const OFF = 'persistence.lint/live';

const GIGABYTE = 2 ** 30;
const MOST_MEMORY = 2 * GIGABYTE;
const MOST_SHM = GIGABYTE;
const GRACE = 10;
/** A server that asks for minutes is given up on sooner. */
const MOST_GRACE = 30;

export const PREFIX = NAME;

/** Where an image is built, Compose names it after the project. */
export const imageName = ({ image, name }: Service, project: string): string => image?.value || `${project}-${name}`;

export function scratchOf(input: ScratchInput): Scratch {
  const places = new Places(input);
  const { services, leftOut } = chosen(input);
  const notes = new Map<string, readonly string[]>();
  const made: Omit<ScratchService, 'dependsOn' | 'network' | 'volumesFrom'>[] = [];
  for (const analysed of services) {
    const { name } = analysed.service;
    try {
      const { mounts, notes: said } = mountsOf(analysed, input, places);
      made.push({ ...plainService(analysed, input), mounts });
      if (said.length > 0) notes.set(name, said);
    } catch (error) {
      if (!(error instanceof LeaveOut)) throw error;
      leftOut.push({ service: name, reason: error.message });
    }
  }
  const kept = connected(made, leftOut);
  const used = new Set(
    kept.flatMap(({ mounts }) => mounts.flatMap((mount) => ('source' in mount ? [mount.source] : []))),
  );
  return {
    id: input.id,
    name: `${PREFIX}${input.id}`,
    labels: input.labels,
    folder: input.folder,
    services: inOrder(kept),
    volumes: places.volumes.filter(({ key }) => used.has(key)),
    network: kept.some(({ network }) => network.type === 'own') ? `${PREFIX}${input.id}-net` : null,
    prepare: places.prepare.filter((one) => used.has(one.path)),
    leftOut,
    notes,
  };
}

/** With what they depend on. */
function chosen({ project, services, images }: ScratchInput): { services: AnalysedService[]; leftOut: LeftOut[] } {
  // Those that the active profiles leave out are analysed, too.
  const active = project.services.filter(({ service }) => project.project.services.includes(service));
  const byName = new Map(active.map((one) => [one.service.name, one]));
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const one = byName.get(name);
    if (!one || wanted.has(name)) return;
    wanted.add(name);
    for (const dependency of dependenciesOf(one.service)) want(dependency.service);
  };
  for (const name of services.length > 0 ? services : byName.keys()) want(name);
  const leftOut: LeftOut[] = [];
  const kept = active.filter(({ service }) => {
    if (!wanted.has(service.name)) return false;
    const reason = whyNot(service, images, project.project.name);
    if (reason !== null) leftOut.push({ service: service.name, reason });
    return reason === null;
  });
  return { services: kept, leftOut };
}

function whyNot(service: Service, images: ScratchInput['images'], project: string): string | null {
  if (service.labels.get(OFF) === 'off') return `Its label ${OFF} says that it must not be run`;
  if (service.broken) return 'A part of it could not be read';
  if (valueAt(service.node, 'provider')) return 'What its provider runs is not a container';
  const image = imageName(service, project);
  if (images.get(image)) return null;
  if (service.image && service.image.unresolved.length > 0)
    return 'The name of its image is not known: a variable is not set';
  const way = service.build ? 'build' : 'pull';
  return `Its image ${image} is not on the engine, and is not fetched without being asked: docker compose ${way} ${service.name}`;
}

type Plain = Omit<ScratchService, 'dependsOn' | 'network' | 'volumesFrom' | 'mounts'>;

function plainService(analysed: AnalysedService, { project, images, host }: ScratchInput): Plain {
  const { service } = analysed;
  const { node } = service;
  const image = images.get(imageName(service, project.project.name))!;
  const environment = [...service.environment.values()].flatMap(({ name, value }): [string, string][] => {
    const known = value ?? host.env[name];
    return known === undefined ? [] : [[name, known]];
  });
  const shm = byteSize(textAt(node, 'shm_size') ?? '');
  const healthcheck = healthcheckOf(valueAt(node, 'healthcheck'));
  const policy = service.restart?.value ?? textAt(node, 'deploy', 'restart_policy', 'condition') ?? 'no';
  return {
    name: service.name,
    analysed,
    image: image.id,
    declared: image.volumes,
    command: service.command?.words ?? null,
    entrypoint: service.entrypoint?.words ?? null,
    environment: new Map(environment),
    ...(service.user ? { user: service.user.value } : {}),
    ...(service.hostname ? { hostname: service.hostname.value } : {}),
    ...(service.workingDir ? { workingDir: service.workingDir.value } : {}),
    ...(service.stopSignal ? { stopSignal: service.stopSignal.value } : {}),
    stopGrace: Math.min(secondsOf(service.stopGracePeriod?.value) ?? GRACE, MOST_GRACE),
    readOnly: service.readOnly,
    init: service.init,
    tty: isTrueAt(node, 'tty'),
    openStdin: isTrueAt(node, 'stdin_open'),
    ...(shm > 0 ? { shmSize: Math.min(shm, MOST_SHM) } : {}),
    memory: memoryOf(node),
    groups: textsAt(node, 'group_add'),
    ulimits: ulimitsOf(valueAt(node, 'ulimits')),
    ...(healthcheck ? { healthcheck } : {}),
    restarts: policy !== 'no' && policy !== 'none' && policy !== '',
  };
}

function memoryOf(node: Node): number {
  const asked = byteSize(textAt(node, 'mem_limit') ?? textAt(node, 'deploy', 'resources', 'limits', 'memory') ?? '');
  return asked > 0 ? Math.min(asked, MOST_MEMORY) : MOST_MEMORY;
}

function ulimitsOf(node: Node | undefined): ScratchService['ulimits'] {
  return (node?.kind === 'map' ? [...node.entries.keys()] : []).flatMap((name) => {
    const both = Number(textAt(node, name));
    const [soft, hard] = Number.isNaN(both)
      ? [Number(textAt(node, name, 'soft')), Number(textAt(node, name, 'hard'))]
      : [both, both];
    return Number.isNaN(soft) || Number.isNaN(hard) ? [] : [{ name, soft, hard }];
  });
}

function healthcheckOf(node: Node | undefined): Healthcheck | undefined {
  if (!node) return undefined;
  if (isTrueAt(node, 'disable')) return { test: ['NONE'] };
  const written = valueAt(node, 'test');
  const words = textsAt(node, 'test');
  const test = written?.kind === 'seq' ? words : words.flatMap((word) => ['CMD-SHELL', word]);
  const retries = Number(textAt(node, 'retries') ?? Number.NaN);
  const duration = (key: string): string | undefined => {
    const text = textAt(node, key);
    return secondsOf(text) === undefined ? undefined : text;
  };
  const [interval, timeout, startPeriod] = [duration('interval'), duration('timeout'), duration('start_period')];
  return {
    ...(test.length > 0 ? { test } : {}),
    ...(interval ? { interval } : {}),
    ...(timeout ? { timeout } : {}),
    ...(startPeriod ? { startPeriod } : {}),
    ...(retries > 0 ? { retries } : {}),
  };
}

type Mounted = Plain & Pick<ScratchService, 'mounts'>;

/** What ties services together, among those that are there. */
function connected(made: readonly Mounted[], leftOut: LeftOut[]): ScratchService[] {
  const there = new Set(made.map(({ name }) => name));
  // Whoever lives in another's network or volumes cannot be without it.
  for (let before = -1; before !== there.size; ) {
    before = there.size;
    for (const { name, analysed } of made) {
      const lenders = textsAt(analysed.service.node, 'volumes_from').map((text) => text.split(':')[0]!);
      const host = hostOf(analysed.service);
      const missing = [...lenders, ...(host ? [host] : [])].find((other) => !there.has(other));
      if (missing === undefined || !there.delete(name)) continue;
      const what = missing === 'container' ? 'a container that is not part of the project' : missing;
      leftOut.push({ service: name, reason: `It needs ${what}, which is not part of the copy` });
    }
  }
  const links = linkAliases(made);
  return made
    .filter(({ name }) => there.has(name))
    .map((service): ScratchService => {
      const own = service.analysed.service;
      const dependsOn = dependenciesOf(own).flatMap((one): ScratchDependency[] =>
        there.has(one.service) && one.service !== service.name
          ? [{ service: one.service, condition: one.condition, required: one.required }]
          : [],
      );
      const network = networkOf(own, links.get(service.name) ?? []);
      return { ...service, volumesFrom: textsAt(own.node, 'volumes_from'), dependsOn, network };
    });
}

const hostOf = ({ node }: Service): string | undefined =>
  /^service:(.*)$/.exec(textAt(node, 'network_mode') ?? '')?.[1];

/** All that have a network share one, with the names by which they are known to each other. */
function networkOf(service: Service, links: readonly string[]): ScratchService['network'] {
  const { node, containerName } = service;
  const host = hostOf(service);
  if (host) return { type: 'service', service: host };
  if (textAt(node, 'network_mode') === 'none') return { type: 'none' };
  const networks = valueAt(node, 'networks');
  const written = keysOf(networks).flatMap((key) => textsAt(networks, key, 'aliases'));
  return {
    type: 'own',
    aliases: [...new Set([...(containerName ? [containerName.value] : []), ...links, ...written])],
  };
}

const keysOf = (node: Node | undefined): string[] => (node?.kind === 'map' ? [...node.entries.keys()] : []);

/** `links: [db:database]`: the other service is known by this name, too. */
function linkAliases(made: readonly Mounted[]): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const { analysed } of made) {
    for (const link of textsAt(analysed.service.node, 'links')) {
      const [other = '', alias] = link.split(':');
      if (alias) aliases.set(other, [...(aliases.get(other) ?? []), alias]);
    }
  }
  return aliases;
}

/** What a service depends on before it; a circle, which Compose refuses, as it comes. */
function inOrder(services: readonly ScratchService[]): ScratchService[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<ScratchService>();
  const visiting = new Set<ScratchService>();
  const visit = (service: ScratchService): void => {
    if (ordered.has(service) || visiting.has(service)) return;
    visiting.add(service);
    for (const { service: name } of service.dependsOn) {
      const other = byName.get(name);
      if (other) visit(other);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service);
  return [...ordered];
}
