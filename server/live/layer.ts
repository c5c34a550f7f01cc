/** What a container wrote to its own layer: the engine's list of changes, less what only looks like it. */
import { isWithin } from '../survival/backing.ts';
import type { Change, Engine, MountPoint } from './engine.ts';
import { looksLikeData, SIGNATURE_BYTES, type Signature, signatureOf } from './signatures.ts';

export interface LayerFile {
  readonly path: string;
  readonly size: number;
  readonly signature: Signature;
}

export interface Layer {
  readonly files: readonly LayerFile[];
  /** Paths that were written, whatever they hold. */
  readonly written: readonly string[];
  /** Set when not everything could be looked at: why. */
  readonly gap?: string;
}

/** Looked into, of one container. */
const MOST = 120;
const AT_ONCE = 6;

/** Package managers, caches and logs keep databases that nobody misses. */
const NOISE =
  /^\/(proc|sys|dev|run)(\/|$)|^\/var\/(cache|log|lib\/(apt|dpkg|rpm|yum|dnf|pacman|systemd))(\/|$)|\/(\.cache|__pycache__|node_modules|\.npm|\.git)(\/|$)|\/tmp\/(npm|pip|yarn|v8-compile-cache)/;

/** Files that may hold data: what was added or changed, lies outside all mounts and holds nothing else that changed. */
export function written(changes: readonly Change[], mounts: readonly MountPoint[]): string[] {
  const changed = changes.filter(({ kind }) => kind !== 'deleted').map(({ path }) => path);
  const parents = new Set(changed.map((path) => path.slice(0, path.lastIndexOf('/'))));
  return changed.filter(
    (path) =>
      !parents.has(path) &&
      !NOISE.test(path) &&
      // The engine makes a folder for each mount in the layer below it.
      !mounts.some(({ target }) => isWithin(path, target) || isWithin(target, path)),
  );
}

export async function scanLayer(
  engine: Engine,
  id: string,
  mounts: readonly MountPoint[],
  signal?: AbortSignal,
): Promise<Layer> {
  const paths = written(await engine.changes(id, signal), mounts);
  const ordered = [...paths.filter(looksLikeData), ...paths.filter((path) => !looksLikeData(path))];
  const looked = ordered.slice(0, MOST);
  const files: LayerFile[] = [];
  for (let at = 0; at < looked.length; at += AT_ONCE) {
    const batch = looked.slice(at, at + AT_ONCE).map((path) => lookAt(engine, id, path, signal));
    for (const file of await Promise.all(batch)) if (file) files.push(file);
  }
  const left = ordered.length - looked.length;
  return {
    files,
    written: paths,
    ...(left > 0 ? { gap: `${left} of ${ordered.length} files written to the layer were not looked at` } : {}),
  };
}

async function lookAt(engine: Engine, id: string, path: string, signal?: AbortSignal): Promise<LayerFile | null> {
  const stat = await engine.stat(id, path, signal);
  if (stat?.kind !== 'file' || stat.size === 0) return null;
  const limits = { entries: 1, bytesEach: SIGNATURE_BYTES, bytesTotal: 65_536 };
  const head = (await engine.archive(id, path, limits, signal))?.entries[0];
  const signature = head ? signatureOf(path, head.bytes) : null;
  return signature && { path, size: stat.size, signature };
}
