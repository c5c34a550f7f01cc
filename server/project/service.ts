/** A merged service tree to a service. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Source } from '../syntax/source.ts';
import { valueAt as child, isNull, type Node } from '../syntax/tree.ts';
import type { RawService } from './declarations.ts';
import { readEnvironment, type Variables } from './environment.ts';
import type { Lookup } from './interpolate.ts';
import { readLabels } from './labels.ts';
import type { Build, Service, Unresolved } from './model.ts';
import { readFileMounts, readTmpfs, readVolumes } from './mounts.ts';
import { absolutePath, dockerfileAt, isRemoteContext } from './paths.ts';
import { entriesOf, keyOf, lastOfEach, type Reader } from './reader.ts';
import { readHooks, readWatches } from './runs.ts';
import { readWords } from './words.ts';

export function readService(reader: Reader, files: Files, raw: RawService, variables: Variables): Service {
  const { node } = raw;
  const text = (key: string) => reader.textAt(node, key);
  const volumes = readVolumes(reader, child(node, 'volumes'));
  const tmpfs = readTmpfs(reader, child(node, 'tmpfs'));
  const labels = readLabels(reader, files, node);
  const environment = readEnvironment(reader, files, node, variables);
  const build = readBuild(reader, files, child(node, 'build'), raw.declarations[0].source, variables.lookup);
  const command = readWords(reader, child(node, 'command'));
  const entrypoint = readWords(reader, child(node, 'entrypoint'));
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
    ...(environment.examples.size > 0 ? { environmentExamples: environment.examples } : {}),
    mounts: [
      ...volumes.mounts,
      ...tmpfs,
      ...readFileMounts(reader, child(node, 'configs'), 'configs'),
      ...readFileMounts(reader, child(node, 'secrets'), 'secrets'),
    ],
    replacedMounts: volumes.replaced,
    mountGaps: volumes.gaps,
    ...(volumes.listed ? { listedMounts: volumes.listed } : {}),
    readOnly: reader.flagAt(node, 'read_only'),
    init: reader.flagAt(node, 'init'),
    profiles: lastOfEach(reader.list(child(node, 'profiles')), keyOf).map((profile) => profile.value),
    labels: new Map([...labels.entries.values()].map(({ name, value }) => [name, value])),
    labelEntries: labels.entries,
    labelGaps: labels.gaps,
    hooks: readHooks(reader, node),
    watches: readWatches(reader, node),
    replicas: replicasOf(reader, node),
    dependsOn: readDependencies(reader, child(node, 'depends_on')),
    broken: raw.broken,
    node,
    ...(defined(optional) as Partial<Service>),
  };
}

function defined(object: Readonly<Record<string, unknown>>): object {
  const found: Record<string, unknown> = {};
  for (const key in object) if (object[key] !== undefined) found[key] = object[key];
  return found;
}

function replicasOf(reader: Reader, node: Node): number {
  const written = reader.textAt(node, 'scale') ?? reader.textAt(child(node, 'deploy'), 'replicas');
  const count = Number(written?.value ?? 1);
  return Number.isInteger(count) && count >= 0 ? count : 1;
}

function readDependencies(reader: Reader, node: Node | undefined): Map<string, string> {
  if (node?.kind === 'seq') return new Map(reader.list(node).map((text) => [text.value, 'service_started']));
  return new Map(
    entriesOf(node).map(([name, entry]) => [name, reader.textAt(entry.value, 'condition')?.value ?? 'service_started']),
  );
}

/** Without a context it is the folder of the project that `owner` belongs to, wherever the rest comes from. */
function readBuild(
  reader: Reader,
  files: Files,
  node: Node | undefined,
  owner: Source,
  outer: Lookup,
): Build | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const short = reader.text(node);
  const contextText = short ?? reader.textAt(node, 'context');
  const surroundings = reader.surroundingsIn(contextText?.span.source ?? owner);
  const written = contextText?.value ?? '.';
  const remote = isRemoteContext(written);
  const context = remote ? written : absolutePath(written, surroundings);
  const dockerfile = reader.textAt(node, 'dockerfile');
  const inline = reader.textAt(node, 'dockerfile_inline');
  const target = reader.textAt(node, 'target');
  const args = new Map<string, string | null>();
  const unresolved: Unresolved[] = [
    ...(contextText?.unresolved ?? []),
    ...(dockerfile?.unresolved ?? []),
    ...(target?.unresolved ?? []),
  ];
  for (const [name, { text, value }] of reader.mapping(child(node, 'args'))) {
    args.set(name, text && text.unresolved.length > 0 ? null : (value ?? outer(name) ?? null));
  }
  const contexts = new Map<string, string>();
  for (const [name, { value }] of reader.mapping(child(node, 'additional_contexts'))) {
    if (value) contexts.set(name, isRemoteContext(value) ? value : absolutePath(value, surroundings));
  }
  return {
    context,
    remote,
    args,
    additionalContexts: contexts,
    span: contextText?.span ?? node.span,
    unresolved,
    ...(inline
      ? { inline }
      : remote
        ? {}
        : { dockerfile: dockerfileAt(path.posix.resolve(context, dockerfile?.value ?? 'Dockerfile'), files) }),
    ...(target ? { target: target.value } : {}),
  };
}
