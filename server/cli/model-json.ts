/** A project as `docker compose config --format json` words it, so that the two can be compared. */
import * as path from 'node:path';
import type { Build, Mount, Project, Service, Text, TopLevelVolume } from '../project/model.ts';
import { type Range, rangeOf } from '../syntax/source.ts';
import { valueOf as child, type Node } from '../syntax/tree.ts';
import { goDuration } from './go-duration.ts';
import { dependenciesOf, texts } from './model-dependencies.ts';

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

/** `place` words a file's absolute path for the reader. */
export function modelJson(project: Project, place: (file: string) => string): ModelJson {
  // Compose reads the environment files of what it would run, and stops where one is missing.
  const problems = [...project.problems, ...project.services.flatMap(({ environmentGaps }) => environmentGaps)];
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

/** Compose writes `$` as `$$` in what it prints, so that the output is itself a Compose file. */
export const modelText = (model: ModelJson): string => `${JSON.stringify(model).replaceAll('$', '$$$$')}\n`;

const valued = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const orNull = (text: Text | undefined): string | null => text?.value ?? null;

function serviceJson(service: Service): Json {
  const written = writtenNodes(service);
  const mounts = service.mounts.filter((mount) => mount.from === 'volumes');
  const tmpfs = service.mounts.filter((mount) => mount.from === 'tmpfs');
  const dependencies = dependenciesOf(service);
  const volumesFrom = texts(child(service.node, 'volumes_from'));
  return {
    image: orNull(service.image),
    build: service.build ? buildJson(service.build, child(service.node, 'build')) : null,
    command: service.command?.words ?? null,
    entrypoint: service.entrypoint?.words ?? null,
    environment: Object.fromEntries([...service.environment.values()].map((entry) => [entry.name, entry.value])),
    volumes: mounts.map((mount) => mountJson(mount, written.get(placeKey(mount)))),
    tmpfs: tmpfs.map((mount) => tmpfsText(mount, written.get(placeKey(mount)))),
    user: orNull(service.user),
    hostname: orNull(service.hostname),
    profiles: service.profiles,
    ...valued({
      working_dir: service.workingDir?.value,
      container_name: service.containerName?.value,
      restart: service.restart?.value,
      stop_grace_period: service.stopGracePeriod && goDuration(service.stopGracePeriod.value),
      stop_signal: service.stopSignal?.value,
      pull_policy: service.pullPolicy?.value,
      read_only: service.readOnly || undefined,
      init: service.init || undefined,
      labels: service.labels.size > 0 ? Object.fromEntries(service.labels) : undefined,
      depends_on: Object.keys(dependencies).length > 0 ? dependencies : undefined,
      volumes_from: volumesFrom.length > 0 ? volumesFrom : undefined,
    }),
  };
}

const scalarText = (node: Node | undefined): string => (node?.kind === 'scalar' ? node.text : '');

const placeKey = ({ span }: { readonly span: Mount['span'] }): string => `${span.source.path}:${span.start}`;

/** The trees of the entries that mounts were read from, by place. */
function writtenNodes(service: Service): Map<string, Node> {
  const nodes = new Map<string, Node>();
  for (const key of ['volumes', 'tmpfs']) {
    const node = child(service.node, key);
    const items = node?.kind === 'seq' ? node.items.map((item) => item.value) : node ? [node] : [];
    for (const item of items) nodes.set(placeKey(item), item);
  }
  return nodes;
}

function mountJson(mount: Mount, written: Node | undefined): Json {
  const short = written?.kind !== 'map';
  // Compose writes these even when empty, if the short form or the file asked for them.
  const bind =
    short || mount.createHostPath || mount.propagation || mount.selinux || child(written, 'bind')
      ? valued({
          propagation: mount.propagation,
          create_host_path: mount.createHostPath || undefined,
          selinux: mount.selinux,
        })
      : undefined;
  const volume =
    short || mount.nocopy || mount.subpath || child(written, 'volume')
      ? valued({ nocopy: mount.nocopy || undefined, subpath: mount.subpath })
      : undefined;
  const tmpfs =
    mount.tmpfsSize !== undefined || mount.tmpfsMode !== undefined
      ? valued({
          size: mount.tmpfsSize === undefined ? undefined : String(mount.tmpfsSize),
          mode: mount.tmpfsMode,
        })
      : undefined;
  return {
    type: mount.type,
    ...valued({ source: mount.source }),
    target: mount.target,
    read_only: mount.readOnly,
    ...valued({
      consistency: mount.consistency,
      bind: mount.type === 'bind' ? bind : undefined,
      volume: mount.type === 'volume' ? volume : undefined,
      tmpfs: mount.type === 'tmpfs' ? tmpfs : undefined,
    }),
  };
}

/** As written, options included; only the path where variables stand in between. */
function tmpfsText(mount: Mount, written: Node | undefined): string {
  const text = scalarText(written);
  return text === '' || text.includes('$') ? mount.target : text;
}

function buildJson(build: Build, written: Node | undefined): Json {
  const args = [...build.args].filter(([, value]) => value !== null);
  return valued({
    context: build.context,
    dockerfile: build.dockerfile === undefined ? undefined : dockerfileText(build, build.dockerfile, written),
    dockerfile_inline: build.inline?.value,
    target: build.target,
    args: args.length > 0 ? Object.fromEntries(args) : undefined,
    additional_contexts: build.additionalContexts.size > 0 ? Object.fromEntries(build.additionalContexts) : undefined,
  });
}

/** Compose leaves the Dockerfile relative to its context, as written. */
function dockerfileText(build: Build, dockerfile: string, written: Node | undefined): string {
  const text = scalarText(child(written, 'dockerfile'));
  if (text !== '' && !text.includes('$')) return text;
  return build.remote ? dockerfile : path.posix.relative(build.context, dockerfile);
}

/** Compose leaves out what no active service uses. */
function usedVolumes(project: Project): TopLevelVolume[] {
  const used = new Set(
    project.services.flatMap(({ mounts }) => mounts.flatMap(({ type, source }) => (type === 'volume' ? source : []))),
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
