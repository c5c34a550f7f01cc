/**
 * A file of ours beside a store's data in a scratch copy, where no record can be planted in the server: it shares the fate of
 * its place. Not the marker of a probe (`probes/file.ts`), which lies beside a user's data: that one is written out to disk and
 * makes no folders; this one makes what is missing, as whoever may, and also without a shell in the container.
 */
import * as path from 'node:path';
import { isWithin } from '../../survival/backing.ts';
import type { Container, MountPoint } from '../engine.ts';
import type { WritableEngine } from '../engine-write.ts';
import { EngineFault } from '../fault.ts';
import { coveringPoint } from '../observe.ts';
import { type Ask, PREFIX, Unable } from '../probes/probe.ts';
import { writeTar } from '../tar-write.ts';

export interface Spot {
  readonly engine: WritableEngine;
  readonly container: Container;
  readonly ask: Ask;
  /** Of the store, links resolved. */
  readonly path: string;
  readonly isFile: boolean;
}

/** Where the marker goes: into the folder, or beside the file. */
export const markerFile = ({ path: at, isFile }: Pick<Spot, 'path' | 'isFile'>, mark: string): string =>
  path.posix.join(isFile ? path.posix.dirname(at) : at, `.${PREFIX}${mark}`);

/** @throws Unable */
export async function plantFile(spot: Spot, mark: string, signal: AbortSignal | undefined): Promise<void> {
  const { engine, container, ask } = spot;
  const mount = coveringPoint(spot.path, container.mounts);
  if (spot.isFile && mount?.target === spot.path)
    throw new Unable('only this one file is mounted, and it is the data itself');
  if (mount?.readOnly) throw new Unable('it is mounted read-only');
  const file = markerFile(spot, mark);
  const folder = path.posix.dirname(file);
  // Not flushed: what ends here are containers, never the machine.
  const script = 'mkdir -p "$0" && printf %s "$2" > "$1"';
  const argv = ['sh', '-c', script, folder, file, mark];
  try {
    // As the service's own user first: a folder that it will need is to be its own.
    if ((await ask.attempt(argv)).exitCode === 0) return;
    const { exitCode, stderr } = await ask.attempt(argv, { user: '0' });
    if (exitCode === 0) return;
    throw new Refused(`it cannot be written to (${stderr.trim().split('\n').at(-1) ?? ''})`);
  } catch (error) {
    if (!(error instanceof Unable) || error instanceof Refused) throw error;
    if (isMemory(spot.path, mount)) throw new Unable('it is in memory, and the container has no shell to reach it');
    await putFile(engine, container.id, file, mark, signal);
  }
}

class Refused extends Unable {}

export async function findFile(spot: Spot, mark: string, signal: AbortSignal | undefined): Promise<boolean> {
  const { engine, container, ask } = spot;
  const file = markerFile(spot, mark);
  try {
    return (await ask.attempt(['sh', '-c', 'cat "$0"', file], { user: '0' })).stdout.trim() === mark;
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    if (isMemory(spot.path, coveringPoint(spot.path, container.mounts)))
      throw new Unable('it is in memory, and the container has no shell to reach it');
    return holds(engine, container.id, file, mark, signal);
  }
}

/** The archive call does not see what lies in the memory of a container. */
const isMemory = (at: string, mount: MountPoint | undefined): boolean =>
  mount ? mount.type === 'tmpfs' : isWithin(at, '/dev/shm');

export async function holds(
  engine: WritableEngine,
  id: string,
  file: string,
  mark: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const archive = await engine.archive(id, file, { entries: 1, bytesEach: 64, bytesTotal: 65_536 }, signal);
  return Buffer.from(archive?.entries[0]?.bytes ?? []).toString('utf8') === mark;
}

async function putFile(
  engine: WritableEngine,
  id: string,
  file: string,
  text: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    // From the root, so that folders on the way are made.
    await engine.put(id, '/', await tarOf(file.slice(1), text), signal);
  } catch (error) {
    if (error instanceof EngineFault && error.code === 'failed') throw new Unable(error.message.replace(/\.$/, ''));
    throw error;
  }
}

export async function tarOf(name: string, text: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const entry = { name, mode: 0o644, modified: Date.now() / 1000, content: { kind: 'text', text } } as const;
  for await (const piece of writeTar([entry])) pieces.push(piece);
  return Buffer.concat(pieces);
}
