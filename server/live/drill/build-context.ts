/** What a build without Compose is sent: the context less what its ignore file leaves out, and the Dockerfile. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Files } from '../../files.ts';
import { readBuildContext } from '../../syntax/build-context.ts';
import { EngineFault } from '../fault.ts';
import { sizeText } from '../sizes.ts';
import type { TarEntry } from '../tar-write.ts';
import type { BuildPlan } from './build-plan.ts';

/** In the archive: beside the user's own names. */
export const DOCKERFILE = '.persistence-drill.Dockerfile';

const MOST_BYTES = 512 * 1024 * 1024;

/** @throws EngineFault where it is too much */
export function contextOf({ context, dockerfile, path: beside }: BuildPlan, files: Files): TarEntry[] {
  const read = readBuildContext(files, context, beside);
  if (read.truncated)
    throw new EngineFault('failed', `${context} holds too many files to be built from without Compose.`);
  const names = new Set([...foldersOf(context, read.ignores, ''), ...read.files]);
  // The folders of what an exception brought back.
  for (const name of read.files)
    for (let at = path.posix.dirname(name); at !== '.'; at = path.posix.dirname(at)) names.add(at);
  let bytes = 0;
  const entries = [...names].sort().flatMap((name): TarEntry[] => {
    const at = path.join(context, name);
    const stat = fs.lstatSync(at, { throwIfNoEntry: false });
    if (!stat) return [];
    const base = { name, mode: process.platform === 'win32' ? 0o755 : stat.mode, modified: stat.mtimeMs / 1000 };
    if (stat.isDirectory()) return [{ ...base, content: { kind: 'directory' } }];
    if (stat.isSymbolicLink()) return [{ ...base, content: { kind: 'link', target: fs.readlinkSync(at) } }];
    if (!stat.isFile()) return [];
    bytes += stat.size;
    return [{ ...base, content: { kind: 'file', path: at, size: stat.size } }];
  });
  if (bytes > MOST_BYTES)
    throw new EngineFault('failed', `${context} is too large to be built from without Compose (${sizeText(bytes)}).`);
  const own = { name: DOCKERFILE, mode: 0o644, modified: 0, content: { kind: 'text', text: dockerfile } } as const;
  return [...entries, own];
}

/** Empty ones count: they are copied, too. */
function foldersOf(root: string, ignores: (name: string) => boolean, at: string): string[] {
  return fs.readdirSync(path.join(root, at), { withFileTypes: true }).flatMap((entry) => {
    const name = at === '' ? entry.name : `${at}/${entry.name}`;
    return entry.isDirectory() && !ignores(name) ? [name, ...foldersOf(root, ignores, name)] : [];
  });
}
