/** A merged service tree to a service. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Problem, Span } from '../syntax/source.ts';
import { shellWords } from '../syntax/shell-words.ts';
import { isNull, type MapNode, type Node, valueOf } from '../syntax/tree.ts';
import { readEnvironment } from './environment.ts';
import type { Build, Declaration, Mount, Service, Unresolved, Words } from './model.ts';
import { absoluteSource, readFileMounts, readTmpfs, readVolumes, uniqueByTarget } from './mounts.ts';
import { entriesOf, placeOf, type Reader } from './reader.ts';

export interface RawService {
  readonly name: string;
  readonly node: MapNode;
  readonly declarations: readonly [Declaration, ...Declaration[]];
  readonly broken: boolean;
}

export function readService(reader: Reader, files: Files, raw: RawService): Service {
  const { node } = raw;
  const text = (key: string) => reader.textAt(node, key);
  const written = readVolumes(reader, valueOf(node, 'volumes'));
  const volumes = uniqueByTarget(written.mounts);
  const tmpfs = readTmpfs(reader, valueOf(node, 'tmpfs'));
  const environment = readEnvironment(reader, files, node);
  const build = readBuild(reader, valueOf(node, 'build'));
  const command = readWords(reader, valueOf(node, 'command'));
  const entrypoint = readWords(reader, valueOf(node, 'entrypoint'));
  const optional = {
    image: text('image'),
    user: text('user'),
    workingDir: text('working_dir'),
    hostname: text('hostname'),
    containerName: text('container_name'),
    restart: text('restart'),
    stopGracePeriod: text('stop_grace_period'),
    stopSignal: text('stop_signal'),
    pullPolicy: text('pull_policy'),
    build,
    command,
    entrypoint,
  };
  return {
    name: raw.name,
    key: raw.declarations[0].key,
    declarations: raw.declarations,
    environment: environment.entries,
    environmentGaps: environment.gaps,
    mounts: [
      ...volumes.mounts,
      ...tmpfs,
      ...readFileMounts(reader, valueOf(node, 'configs'), 'configs'),
      ...readFileMounts(reader, valueOf(node, 'secrets'), 'secrets'),
    ],
    replacedMounts: volumes.replaced,
    mountGaps: written.gaps,
    readOnly: reader.flagAt(node, 'read_only'),
    init: reader.flagAt(node, 'init'),
    profiles: reader.list(valueOf(node, 'profiles')).map((profile) => profile.value),
    labels: new Map([...reader.mapping(valueOf(node, 'labels'))].map(([key, { value }]) => [key, value ?? ''])),
    replicas: replicasOf(reader, node),
    dependsOn: readDependencies(reader, valueOf(node, 'depends_on')),
    broken: raw.broken,
    node,
    ...(defined(optional) as Partial<Service>),
  };
}

const defined = (object: object): object => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function replicasOf(reader: Reader, node: Node): number {
  const written = reader.textAt(node, 'scale') ?? reader.textAt(valueOf(node, 'deploy'), 'replicas');
  const count = Number(written?.value ?? 1);
  return Number.isInteger(count) && count >= 0 ? count : 1;
}

function readDependencies(reader: Reader, node: Node | undefined): Map<string, string> {
  if (node?.kind === 'seq') return new Map(reader.list(node).map((text) => [text.value, 'service_started']));
  return new Map(entriesOf(node).map(([name, entry]) => [name, reader.textAt(entry.value, 'condition')?.value ?? 'service_started']));
}

/** undefined: not set. null: set to nothing, so the image's own is used. */
function readWords(reader: Reader, node: Node | undefined): Words | null | undefined {
  if (node === undefined) return undefined;
  if (isNull(node)) return null;
  if (node.kind === 'seq') {
    const texts = reader.list(node);
    return {
      words: texts.map((text) => text.value),
      spans: texts.map((text) => text.span),
      span: node.span,
      unresolved: texts.flatMap((text) => text.unresolved),
      shell: false,
    };
  }
  const text = reader.text(node);
  if (!text) return undefined;
  const { words, error } = shellWords(text.value);
  if (error && text.unresolved.length === 0) reader.refuse(text.span, `the command cannot be split into words: ${error}`);
  return {
    words: words.map((word) => word.value),
    spans: words.map((word) => placeOf(text, word.start, word.end)),
    span: text.span,
    unresolved: text.unresolved,
    shell: true,
  };
}

const REMOTE = /^(https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

function readBuild(reader: Reader, node: Node | undefined): Build | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const short = reader.text(node);
  const contextText = short ?? reader.textAt(node, 'context');
  const anchor = contextText?.scalar ?? node;
  const { directory, lookup } = reader.surroundingsOf(anchor);
  const written = contextText?.value ?? '.';
  const remote = REMOTE.test(written);
  const context = remote ? written : absoluteSource(written, directory, lookup('HOME'));
  const dockerfile = reader.textAt(node, 'dockerfile');
  const inline = reader.textAt(node, 'dockerfile_inline');
  const target = reader.textAt(node, 'target');
  const args = new Map<string, string | null>();
  const unresolved: Unresolved[] = [...(contextText?.unresolved ?? []), ...(dockerfile?.unresolved ?? []), ...(target?.unresolved ?? [])];
  for (const [name, { text, value }] of reader.mapping(valueOf(node, 'args'))) {
    args.set(name, text && text.unresolved.length > 0 ? null : (value ?? lookup(name) ?? null));
  }
  const contexts = new Map<string, string>();
  for (const [name, { value }] of reader.mapping(valueOf(node, 'additional_contexts'))) {
    if (value) contexts.set(name, /^[a-z-]+:/.test(value) ? value : absoluteSource(value, directory, lookup('HOME')));
  }
  return {
    context,
    remote,
    args,
    additionalContexts: contexts,
    span: contextText?.span ?? node.span,
    unresolved,
    ...(inline ? { inline } : remote ? {} : { dockerfile: path.posix.resolve(context, dockerfile?.value ?? 'Dockerfile') }),
    ...(target ? { target: target.value } : {}),
  };
}

/** Adds what `volumes_from` brings; a container outside the project leaves a gap. */
export function addVolumesFrom(reader: Reader, services: ReadonlyMap<string, Service>): Map<string, Service> {
  const done = new Map<string, Service>();
  const open = new Set<string>();
  const visit = (service: Service): Service => {
    const known = done.get(service.name);
    if (known) return known;
    if (open.has(service.name)) return service;
    open.add(service.name);
    const own = new Set(service.mounts.map((mount) => mount.target));
    const mounts: Mount[] = [...service.mounts];
    const gaps: Problem[] = [...service.mountGaps];
    for (const text of reader.list(valueOf(service.node, 'volumes_from'))) {
      const [first, second, third] = text.value.split(':');
      if (first === 'container') {
        gaps.push({ span: text.span, message: `the volumes of the container ${second} are not known here` });
        continue;
      }
      const from = services.get(first!);
      if (!from) {
        reader.refuse(text.span, `volumes_from names "${first}", which is no service of this project`);
        continue;
      }
      const readOnly = (third ?? second) === 'ro';
      for (const mount of visit(from).mounts) {
        if (own.has(mount.target) || mount.from === 'configs' || mount.from === 'secrets') continue;
        own.add(mount.target);
        mounts.push({ ...mount, from: 'volumes_from', readOnly: mount.readOnly || readOnly, span: text.span, targetSpan: text.span });
      }
    }
    const result = { ...service, mounts, mountGaps: gaps };
    done.set(service.name, result);
    return result;
  };
  for (const service of services.values()) visit(service);
  return done;
}

