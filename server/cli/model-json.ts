/** A project as `docker compose config --format json` words it, so that the two can be compared. */

import { dependenciesOf } from '../project/dependencies.ts';
import { textOf } from '../project/located.ts';
import type { Build, Mount, Project, Service, Text, TopLevelVolume } from '../project/model.ts';
import { keyOf, lastOfEach } from '../project/reader.ts';
import { type Problem, type Range, rangeOf } from '../syntax/source.ts';
import { valueAt as child, type Node } from '../syntax/tree.ts';
import { goDuration } from './go-duration.ts';

export interface ModelError {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

type Json = Readonly<Record<string, unknown>>;

export interface ModelJson extends Json {
  readonly schema: 1;
  readonly name: string;
  readonly files: readonly string[];
  readonly services: Json;
  readonly volumes: Json;
  /** Absent when Compose would accept the project. */
  readonly errors?: readonly ModelError[];
}

/** `place` words a file's absolute path for the reader; `found` are problems that were met before the project was read. */
export function modelJson(
  project: Project,
  place: (file: string) => string,
  found: readonly Problem[] = [],
): ModelJson {
  // Compose reads the environment files of what it would run, and stops where one is missing.
  const problems = [
    ...found,
    ...project.problems,
    ...(project.runtime === 'compose' ? project.services.flatMap(requiredGaps) : []),
  ];
  const errors = problems.map(({ span, message }) => ({
    file: place(span.source.path),
    range: rangeOf(span),
    message,
  }));
  const services = [...project.services].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    schema: 1,
    name: project.name,
    files: [...new Set(project.files.map((source) => place(source.path)))],
    services: Object.fromEntries(services.map((service) => [service.name, serviceJson(service)])),
    volumes: Object.fromEntries(usedVolumes(project).map((volume) => [volume.key, volumeJson(volume)])),
    ...(errors.length > 0 ? { errors } : {}),
  };
}

const requiredGaps = ({ environmentGaps }: Service): readonly Problem[] =>
  environmentGaps.filter(({ optional }) => !optional);

/** Compose writes `$` as `$$` in what it prints, so that the output is itself a Compose file; errors are for people. */
export function modelText({ errors, ...model }: ModelJson): string {
  const text = JSON.stringify(model).replaceAll('$', '$$$$');
  return `${errors ? `${text.slice(0, -1)},"errors":${JSON.stringify(errors)}}` : text}\n`;
}

const valued = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const orNull = (text: Text | undefined): string | null => text?.value ?? null;

function serviceJson(service: Service): Json {
  const written = writtenNodes(service);
  const mounts = service.listedMounts ?? service.mounts.filter((mount) => mount.from === 'volumes');
  const dependencies = dependenciesIn(service);
  const volumesFrom = textsOf(child(service.node, 'volumes_from'));
  const init = child(service.node, 'init');
  return {
    image: orNull(service.image),
    build: service.build ? buildJson(service.build, child(service.node, 'build')) : null,
    command: service.command?.words ?? null,
    entrypoint: service.entrypoint?.words ?? null,
    environment: Object.fromEntries([...service.environment.values()].map((entry) => [entry.name, entry.value])),
    volumes: mounts.map((mount) => mountJson(mount, written.get(placeKey(mount)))),
    tmpfs: tmpfsIn(service),
    user: orNull(service.user),
    hostname: orNull(service.hostname),
    profiles: service.profiles,
    ...valued({
      working_dir: service.workingDir?.value,
      container_name: service.containerName?.value,
      restart: service.restart?.value,
      stop_grace_period: service.stopGracePeriod && goDuration(service.stopGracePeriod.value),
      stop_signal: service.stopSignal?.value,
      pull_policy: service.pullPolicy?.value === 'if_not_present' ? 'missing' : service.pullPolicy?.value,
      read_only: service.readOnly || undefined,
      init: service.unit ? service.init || undefined : init && service.init,
      scale: numberAt(service.node, 'scale'),
      deploy: deployJson(service),
      labels: service.labels.size > 0 ? Object.fromEntries(service.labels) : undefined,
      depends_on: dependencies.length > 0 ? Object.fromEntries(dependencies) : undefined,
      volumes_from: volumesFrom.length > 0 ? volumesFrom.map(({ value }) => value) : undefined,
    }),
  };
}

/** A unit has no tree: what it says is in the mounts. */
const tmpfsIn = (service: Service): string[] =>
  service.unit
    ? service.mounts.flatMap(({ from, targetText }) => (from === 'tmpfs' ? [targetText] : []))
    : lastOfEach(textsOf(child(service.node, 'tmpfs')), keyOf).map(({ value }) => value);

const dependenciesIn = (service: Service): [string, Json][] =>
  service.unit
    ? [...service.dependsOn].map(([name, condition]) => [name, { condition, required: true }])
    : dependenciesOf(service).map(({ service: name, condition, restart, required }) => [
        name,
        { condition, ...(restart ? { restart } : {}), required },
      ]);

const numberAt = (node: Node | undefined, key: string): number | undefined => {
  const value = child(node, key);
  return value?.kind === 'scalar' && value.value !== null ? Number(textOf(value).value) : undefined;
};

/** A number of replicas counts as `scale` says where both are given. */
function deployJson({ node }: Service): Json | undefined {
  const deploy = child(node, 'deploy');
  const replicas = deploy?.kind === 'map' ? (numberAt(node, 'scale') ?? numberAt(deploy, 'replicas')) : undefined;
  return replicas === undefined ? undefined : { replicas };
}

const textsOf = (node: Node | undefined): readonly Text[] => {
  const items = node?.kind === 'seq' ? node.items.map((item) => item.value) : node ? [node] : [];
  return items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [textOf(item)] : []));
};

const placeKey = ({ span }: { readonly span: Mount['span'] }): string => `${span.source.path}:${span.start}`;

/** The trees of the entries that mounts were read from, by place. */
function writtenNodes(service: Service): Map<string, Node> {
  const node = child(service.node, 'volumes');
  return new Map((node?.kind === 'seq' ? node.items : []).map(({ value }) => [placeKey(value), value]));
}

function mountJson(mount: Mount, written: Node | undefined): Json {
  const short = written?.kind !== 'map';
  // Compose writes these even when empty, if the short form or the file asked for them.
  const has = (key: string, inShort: boolean): boolean => (short ? inShort : child(written, key) !== undefined);
  const bind = has('bind', mount.type === 'bind' || mount.propagation !== undefined || mount.selinux !== undefined)
    ? valued({
        propagation: mount.propagation || undefined,
        create_host_path: mount.createHostPath || undefined,
        recursive: mount.recursive,
        selinux: mount.selinux,
      })
    : undefined;
  const volume = has('volume', mount.nocopy === true || (mount.type === 'volume' && !isTiny(mount)))
    ? valued({ nocopy: mount.nocopy || undefined, subpath: mount.subpath || undefined })
    : undefined;
  const tmpfs = has('tmpfs', false)
    ? valued({ size: mount.tmpfsSize ? String(mount.tmpfsSize) : undefined, mode: mount.tmpfsMode || undefined })
    : undefined;
  return {
    type: mount.type,
    ...valued({ source: mount.source }),
    target: mount.target,
    read_only: mount.readOnly,
    ...valued({ consistency: mount.consistency || undefined, bind, volume, tmpfs }),
  };
}

/** Compose reads a text of one or two letters in another way than all others. */
const isTiny = (mount: Mount): boolean => mount.source === undefined && Buffer.byteLength(mount.targetText) <= 2;

function buildJson(build: Build, written: Node | undefined): Json {
  const args = [...build.args].filter(([, value]) => value !== null);
  return valued({
    context: build.context,
    // As written: Compose leaves it relative to the context.
    dockerfile: build.inline ? undefined : (textsOf(child(written, 'dockerfile'))[0]?.value ?? 'Dockerfile'),
    dockerfile_inline: build.inline?.value,
    target: build.target,
    args: args.length > 0 ? Object.fromEntries(args) : undefined,
    additional_contexts: build.additionalContexts.size > 0 ? Object.fromEntries(build.additionalContexts) : undefined,
  });
}

/** Compose leaves out what no active service uses. */
function usedVolumes(project: Project): TopLevelVolume[] {
  const used = new Set(
    project.services.flatMap(({ mounts, listedMounts = [] }) =>
      [...mounts, ...listedMounts].flatMap(({ type, source, from }) =>
        type === 'volume' && from === 'volumes' ? source : [],
      ),
    ),
  );
  return [...project.volumes.values()].filter(({ key }) => used.has(key)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

const volumeJson = (volume: TopLevelVolume): Json => ({
  name: volume.name,
  external: volume.external,
  ...valued({
    driver: volume.driver,
    driver_opts: volume.driverOpts.size > 0 ? Object.fromEntries(volume.driverOpts) : undefined,
    labels: volume.labels.size > 0 ? Object.fromEntries(volume.labels) : undefined,
  }),
});
