/** The mounts of a service: volumes in both forms, tmpfs, configs and secrets. */
import * as path from 'node:path';
import type { Problem } from '../syntax/source.ts';
import { valueAt as child, type Node } from '../syntax/tree.ts';
import { parseVolumeString } from '../syntax/volume-string.ts';
import { placeOf, unresolvedIn } from './located.ts';
import type { Mount, MountType, ReplacedMount, Text, Unresolved } from './model.ts';
import { absoluteSource } from './paths.ts';
import { isTrue, keyOf, lastOfEach, type Reader } from './reader.ts';
import { byteSize } from './values.ts';

const TYPES: ReadonlySet<string> = new Set<MountType>(['volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster']);
const PROPAGATION = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/** `/data/` and `/data//x/..` are one place. */
export function cleanTarget(target: string): string {
  const clean = path.posix.normalize(target);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

export interface Volumes extends Unique {
  /** Those whose target is made of variables that are not set: they may be mounted anywhere. */
  readonly gaps: readonly Problem[];
}

export function readVolumes(reader: Reader, node: Node | undefined): Volumes {
  const mounts: Written[] = [];
  const gaps: Problem[] = [];
  for (const { value } of node?.kind === 'seq' ? node.items : []) {
    const text = reader.text(value);
    const target = reader.textAt(value, 'target');
    const mount = value.kind === 'map' ? longForm(reader, value) : text && shortForm(reader, text);
    if (mount) mounts.push({ mount, short: text !== undefined });
    const hole = target ? target.unresolved[0] : text && targetHole(text, mount);
    if (hole)
      gaps.push({ span: value.span, message: `${hole.variable}, which is not set, decides where this is mounted` });
  }
  return { ...uniqueByTarget(mounts), gaps };
}

/** A variable of the target, also one of which nothing is left. */
function targetHole(text: Text, mount: Mount | undefined): Unresolved | undefined {
  const parsed = parseVolumeString(text.value);
  if (!mount || 'error' in parsed) return mount ? undefined : text.unresolved[0];
  return unresolvedIn(text, parsed.target.start, parsed.target.end)[0];
}

function shortForm(reader: Reader, text: Text): Mount | undefined {
  const parsed = parseVolumeString(text.value);
  if ('error' in parsed) {
    reader.refuse(text.span, `not a volume: ${parsed.error}`);
    return text.unresolved.length > 0 ? unknownSource(text) : undefined;
  }
  const { source, target, options } = parsed;
  const span = { ...text.span };
  const selinux = options.findLast((option) => option === 'z' || option === 'Z');
  const propagation = options.findLast((option) => PROPAGATION.has(option));
  return {
    type: parsed.bind ? 'bind' : 'volume',
    target: cleanTarget(target.value),
    targetText: target.value,
    readOnly: options.findLast((option) => option === 'ro' || option === 'rw') === 'ro',
    span,
    targetSpan: placeOf(text, target.start, target.end),
    unresolved: unresolvedIn(text, 0, text.value.length),
    from: 'volumes',
    ...(source
      ? {
          source: parsed.bind ? absoluteSource(source.value, reader.surroundingsOf(text.scalar)) : source.value,
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
    if (!typeText || typeText.unresolved.length === 0)
      reader.refuse(typeText?.span ?? node.span, `"${type}" is no type of mount`);
    return undefined;
  }
  if (!targetText) return undefined;
  if (type === 'bind' && !sourceText) reader.refuse(node.span, 'a bind mount needs a source');
  const bind = child(node, 'bind');
  const volume = child(node, 'volume');
  const tmpfs = child(node, 'tmpfs');
  const size = reader.textAt(tmpfs, 'size')?.value;
  const mode = reader.textAt(tmpfs, 'mode')?.value;
  const subpath = reader.textAt(volume, 'subpath')?.value;
  const createHostPath = reader.textAt(bind, 'create_host_path')?.value;
  const propagation = reader.textAt(bind, 'propagation')?.value;
  const selinux = reader.textAt(bind, 'selinux')?.value;
  const recursive = reader.textAt(bind, 'recursive')?.value;
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
          source:
            type === 'bind'
              ? absoluteSource(sourceText.value, reader.surroundingsOf(sourceText.scalar))
              : sourceText.value,
          sourceText: sourceText.value,
          sourceSpan: sourceText.span,
        }
      : {}),
    ...(reader.flagAt(volume, 'nocopy') ? { nocopy: true } : {}),
    ...(subpath !== undefined ? { subpath } : {}),
    ...(createHostPath !== undefined ? { createHostPath: isTrue(createHostPath) } : {}),
    ...(propagation !== undefined ? { propagation } : {}),
    ...(selinux !== undefined ? { selinux } : {}),
    ...(recursive !== undefined ? { recursive } : {}),
    ...(consistency !== undefined ? { consistency } : {}),
    ...(size !== undefined ? { tmpfsSize: byteSize(size) } : {}),
    ...(mode !== undefined ? { tmpfsMode: Number(mode) } : {}),
  };
}

export function readTmpfs(reader: Reader, node: Node | undefined): Mount[] {
  return lastOfEach(reader.list(node), keyOf).map((text) => {
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

interface Written {
  readonly mount: Mount;
  readonly short: boolean;
}

interface Unique {
  /** Of several on one target only the last, in the place of the first. */
  readonly mounts: readonly Mount[];
  readonly replaced: readonly ReplacedMount[];
  /** What Compose is left with, where that is more: it drops the others silently, but compares long targets as written. */
  readonly listed?: readonly Mount[];
}

function uniqueByTarget(written: readonly Written[]): Unique {
  const replaced: ReplacedMount[] = [];
  const last = (all: readonly Written[], key: (one: Written) => string, refused: boolean): Written[] => {
    const kept = new Map<string, Written>();
    for (const one of all) {
      const before = kept.get(key(one));
      if (before) replaced.push({ mount: before.mount, by: one.mount, refused });
      kept.set(key(one), one);
    }
    return [...kept.values()];
  };
  const asWritten = last(written, ({ mount }) => mount.targetText, false);
  const listed = last(asWritten, ({ mount, short }) => (short ? mount.target : mount.targetText), false);
  const mounts = last(listed, ({ mount }) => mount.target, true);
  const mountsOf = (all: readonly Written[]): Mount[] => all.map(({ mount }) => mount);
  return { mounts: mountsOf(mounts), replaced, ...(mounts.length < listed.length ? { listed: mountsOf(listed) } : {}) };
}
