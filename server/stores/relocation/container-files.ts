/** What stands at a path of a container: in a mount, in what the Dockerfile copies, or as the image has it. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { Mount, Project, Service } from '../../project/model.ts';
import { coveringMount } from '../../survival/backing.ts';
import type { Source } from '../../syntax/source.ts';
import { type MapNode, type ScalarNode, valueAt } from '../../syntax/tree.ts';

/** `unknown`: something we cannot read stands there. `shipped`: what the image has, if it has anything. */
export type ContainerFile = Source | 'unknown' | 'shipped';

export interface ContainerFiles {
  read(at: string): ContainerFile;
  /** Absolute paths of the files in a folder, sorted, as far as mounts and copies tell; null where that is not known. */
  list(folder: string): readonly string[] | null;
}

export interface Contents {
  readonly service: Service;
  /** Of the project only its top-level `configs:` and `secrets:` are read. */
  readonly project: Pick<Project, 'roots' | 'directory'>;
  /** Container path -> host path of what the Dockerfile copies. */
  readonly copied: ReadonlyMap<string, string>;
  readonly files: Files;
}

export function containerFiles({ service, project, copied, files }: Contents): ContainerFiles {
  const hostOf = (mount: Mount, at: string): string | undefined =>
    mount.type === 'bind' && mount.source !== undefined && mount.unresolved.length === 0
      ? path.posix.join(mount.source, at.slice(mount.target.length))
      : undefined;
  return {
    read(at) {
      const mount = coveringMount(at, service.mounts);
      if (!mount) {
        const host = copied.get(at);
        return host === undefined ? 'shipped' : (textAt(host, files) ?? 'unknown');
      }
      if (mount.from === 'configs' || mount.from === 'secrets')
        return mount.target === at ? (declared(mount, mount.from, project, files) ?? 'unknown') : 'shipped';
      if (mount.type === 'tmpfs') return 'shipped';
      const host = hostOf(mount, at);
      if (host === undefined) return 'unknown';
      // In a folder that is there a file that is not is none; a mounted file that is not may be made later.
      return (
        textAt(host, files) ??
        (mount.target !== at && files.kind(mount.source!) === 'directory' && files.kind(host) === 'missing'
          ? 'shipped'
          : 'unknown')
      );
    },
    list(folder) {
      const mount = coveringMount(folder, service.mounts);
      const host = mount && hostOf(mount, folder);
      if (mount && host === undefined && mount.type !== 'tmpfs') return null;
      const found = new Set(service.mounts.map(({ target }) => target));
      for (const { name, kind } of host === undefined ? [] : files.list(host))
        if (kind === 'file') found.add(path.posix.join(folder, name));
      if (!mount) for (const at of copied.keys()) found.add(at);
      return [...found].filter((at) => path.posix.dirname(at) === folder).sort();
    },
  };
}

function textAt(host: string, files: Files): Source | null {
  if (files.kind(host) !== 'file') return null;
  try {
    return files.read(host);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

/** The file, or the text, that a top-level `configs:` or `secrets:` entry names; null where it stands outside. */
function declared(
  mount: Mount,
  kind: 'configs' | 'secrets',
  project: Contents['project'],
  files: Files,
): Source | null {
  if (mount.unresolved.length > 0 || mount.source === undefined) return null;
  for (const [owner, root] of [...project.roots].reverse()) {
    const entry = valueAt(valueAt(root, kind), mount.source);
    if (entry?.kind !== 'map') continue;
    const content = scalar(entry, 'content');
    if (content) return inline(content);
    const file = scalar(entry, 'file');
    if (!file || file.text.includes('$')) return null;
    const places = [project.directory, path.posix.dirname(owner)];
    return places.map((folder) => textAt(path.posix.resolve(folder, file.text), files)).find((text) => text) ?? null;
  }
  return null;
}

function scalar(map: MapNode, key: string): ScalarNode | undefined {
  const node = valueAt(map, key);
  return node?.kind === 'scalar' && node.value !== null ? node : undefined;
}

const inlines = new WeakMap<ScalarNode, Source>();

/** A text in the Compose file itself; with variables in it, it is not what the container gets. */
function inline(content: ScalarNode): Source | null {
  if (/\$(?!\$)/.test(content.text.replaceAll('$$', ''))) return null;
  let source = inlines.get(content);
  if (!source) {
    const { source: owner } = content.span;
    source = { path: `${owner.path}#content`, text: content.text.replaceAll('$$', '$'), origin: content.span };
    inlines.set(content, source);
  }
  return source;
}
