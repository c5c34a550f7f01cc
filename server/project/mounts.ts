/** The mounts of a service: volumes in both forms, tmpfs, configs and secrets. */
import * as path from 'node:path';
import type { Problem, Span } from '../syntax/source.ts';
import { type Node, valueOf } from '../syntax/tree.ts';
import { isHostPath, parseVolumeString } from '../syntax/volume-string.ts';
import type { Mount, MountType, ReplacedMount, Text } from './model.ts';
import { isTrue, placeOf, type Reader, unresolvedIn } from './reader.ts';

const TYPES: ReadonlySet<string> = new Set<MountType>(['volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster']);
const PROPAGATION = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/** `/data/` and `/data//x/..` are one place. */
export function cleanTarget(target: string): string {
  const clean = path.posix.normalize(target);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** A host path as Compose makes it absolute; Windows paths stay as they are. */
export function absoluteSource(source: string, directory: string, home: string | undefined): string {
  if (source === '~' || source.startsWith('~/')) return home ? path.posix.join(home, source.slice(1)) : source;
  if (/^[a-zA-Z]:/.test(source) || source.startsWith('\\\\')) return source;
  return path.posix.resolve(directory, source);
}

/** The mounts, and those whose target is made of variables that are not set: they may be mounted anywhere. */
export function readVolumes(reader: Reader, node: Node | undefined): { mounts: Mount[]; gaps: Problem[] } {
  const mounts: Mount[] = [];
  const gaps: Problem[] = [];
  if (node?.kind !== 'seq') {
    if (node && !(node.kind === 'scalar' && node.value === null)) reader.refuse(node.span, 'volumes must be a list');
    return { mounts, gaps };
  }
  for (const { value } of node.items) {
    const text = reader.text(value);
    const target = reader.textAt(value, 'target');
    const mount = value.kind === 'map' ? longForm(reader, value) : text && shortForm(reader, text);
    if (mount) mounts.push(mount);
    const hole = target ? target.unresolved[0] : text?.unresolved.find((one) => !mount || within(one.span, mount.targetSpan));
    if (hole) gaps.push({ span: value.span, message: `${hole.variable}, which is not set, decides where this is mounted` });
  }
  return { mounts, gaps };
}

const within = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end;

function shortForm(reader: Reader, text: Text): Mount | undefined {
  const parsed = parseVolumeString(text.value);
  if ('error' in parsed) {
    if (text.unresolved.length > 0) return unknownSource(text);
    reader.refuse(text.span, `not a volume: ${parsed.error}`);
    return undefined;
  }
  const { source, target, options } = parsed;
  const { directory, lookup } = reader.surroundingsOf(text.scalar);
  const span = { ...text.span };
  const selinux = options.find((option) => option === 'z' || option === 'Z');
  const propagation = options.find((option) => PROPAGATION.has(option));
  return {
    type: parsed.bind ? 'bind' : 'volume',
    target: cleanTarget(target.value),
    targetText: target.value,
    readOnly: options.includes('ro'),
    span,
    targetSpan: placeOf(text, target.start, target.end),
    unresolved: unresolvedIn(text, 0, text.value.length),
    from: 'volumes',
    ...(source
      ? {
          source: parsed.bind ? absoluteSource(source.value, directory, lookup('HOME')) : source.value,
          sourceText: source.value,
          sourceSpan: placeOf(text, source.start, source.end),
        }
      : {}),
    ...(options.includes('nocopy') ? { nocopy: true } : {}),
    ...(parsed.bind ? { createHostPath: true } : {}),
    ...(propagation ? { propagation } : {}),
    ...(selinux ? { selinux } : {}),
  };
}

/** `${DATA}:/target` with nothing for DATA: the target is known, what is mounted there is not. */
function unknownSource(text: Text): Mount | undefined {
  const target = /^:(\/[^:]*)/.exec(text.value)?.[1];
  if (target === undefined) return undefined;
  return {
    type: 'bind',
    target: cleanTarget(target),
    targetText: target,
    readOnly: false,
    span: text.span,
    targetSpan: placeOf(text, 1, 1 + target.length),
    unresolved: text.unresolved,
    from: 'volumes',
  };
}

function longForm(reader: Reader, node: Node): Mount | undefined {
  const typeText = reader.textAt(node, 'type');
  const targetText = reader.textAt(node, 'target');
  const sourceText = reader.textAt(node, 'source');
  const type = typeText?.value ?? 'volume';
  if (!TYPES.has(type)) {
    if (!typeText || typeText.unresolved.length === 0) reader.refuse(typeText?.span ?? node.span, `"${type}" is no type of mount`);
    return undefined;
  }
  if (!targetText) return undefined;
  const { directory, lookup } = reader.surroundingsOf(sourceText?.scalar ?? node);
  const bind = valueOf(node, 'bind');
  const volume = valueOf(node, 'volume');
  const tmpfs = valueOf(node, 'tmpfs');
  const size = reader.textAt(tmpfs, 'size')?.value;
  const mode = reader.textAt(tmpfs, 'mode')?.value;
  const subpath = reader.textAt(volume, 'subpath')?.value;
  const createHostPath = reader.textAt(bind, 'create_host_path')?.value;
  const propagation = reader.textAt(bind, 'propagation')?.value;
  const selinux = reader.textAt(bind, 'selinux')?.value;
  const consistency = reader.textAt(node, 'consistency')?.value;
  return {
    type: type as MountType,
    target: cleanTarget(targetText.value),
    targetText: targetText.value,
    readOnly: reader.flagAt(node, 'read_only'),
    span: node.span,
    targetSpan: targetText.span,
    unresolved: [...targetText.unresolved, ...(sourceText?.unresolved ?? [])],
    from: 'volumes',
    ...(sourceText
      ? {
          source: type === 'bind' ? absoluteSource(sourceText.value, directory, lookup('HOME')) : sourceText.value,
          sourceText: sourceText.value,
          sourceSpan: sourceText.span,
        }
      : {}),
    ...(reader.flagAt(volume, 'nocopy') ? { nocopy: true } : {}),
    ...(subpath !== undefined ? { subpath } : {}),
    ...(createHostPath !== undefined ? { createHostPath: isTrue(createHostPath) } : {}),
    ...(propagation !== undefined ? { propagation } : {}),
    ...(selinux !== undefined ? { selinux } : {}),
    ...(consistency !== undefined ? { consistency } : {}),
    ...(size !== undefined ? { tmpfsSize: byteSize(size) } : {}),
    ...(mode !== undefined ? { tmpfsMode: Number(mode) } : {}),
  };
}

const UNITS: Record<string, number> = { '': 1, b: 1, k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2, g: 1024 ** 3, gb: 1024 ** 3 };

/** Bytes of `64m`; NaN for what is no size. */
function byteSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  return match ? Math.trunc(Number(match[1]) * (UNITS[match[2]!.toLowerCase()] ?? Number.NaN)) : Number.NaN;
}

export function readTmpfs(reader: Reader, node: Node | undefined): Mount[] {
  return reader.list(node).map((text) => {
    const colon = text.value.indexOf(':');
    const end = colon < 0 ? text.value.length : colon;
    return {
      type: 'tmpfs' as const,
      target: cleanTarget(text.value.slice(0, end)),
      targetText: text.value.slice(0, end),
      readOnly: false,
      span: text.span,
      targetSpan: placeOf(text, 0, end),
      unresolved: text.unresolved,
      from: 'tmpfs' as const,
    };
  });
}

/** Configs appear as `/name`, secrets as `/run/secrets/name`, unless a target is given. */
export function readFileMounts(reader: Reader, node: Node | undefined, from: 'configs' | 'secrets'): Mount[] {
  if (node?.kind !== 'seq') return [];
  const base = from === 'configs' ? '/' : '/run/secrets/';
  return node.items.flatMap(({ value }) => {
    const short = reader.text(value);
    const source = short ?? reader.textAt(value, 'source');
    if (!source) return [];
    const target = reader.textAt(value, 'target') ?? source;
    const at = target.value.startsWith('/') ? target.value : base + target.value;
    return {
      type: from === 'configs' ? ('config' as const) : ('secret' as const),
      source: source.value,
      sourceText: source.value,
      target: cleanTarget(at),
      targetText: at,
      readOnly: true,
      span: value.span,
      sourceSpan: source.span,
      targetSpan: target.span,
      unresolved: [...source.unresolved, ...target.unresolved],
      from,
    };
  });
}

/** Of several mounts on one target the last one counts, in the place of the first: Compose drops the others silently. */
export function uniqueByTarget(mounts: readonly Mount[]): { mounts: Mount[]; replaced: ReplacedMount[] } {
  const kept: Mount[] = [];
  const replaced: ReplacedMount[] = [];
  const at = new Map<string, number>();
  for (const mount of mounts) {
    const index = mount.target === '' ? undefined : at.get(mount.target);
    if (index === undefined) {
      at.set(mount.target, kept.length);
      kept.push(mount);
    } else {
      const before = kept[index]!;
      replaced.push({ mount: before, by: mount, refused: before.targetText !== mount.targetText });
      kept[index] = mount;
    }
  }
  return { mounts: kept, replaced };
}

/** The span of a mount's source where it is written on its own, else of the whole entry. */
export const sourcePlace = (mount: Mount): Span => mount.sourceSpan ?? mount.span;

export { isHostPath };
