/** Compiled code in a file. Whatever fails here only costs time. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { SUFFIX } from './place.ts';

export interface Kept {
  readonly data: Buffer;
  /** In ms, as the clock of the files counts. */
  readonly writtenAt: number;
}

/** V8 runs what it is given without looking at it: one wrong byte could end the process. */
const sum = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
const SUM = 32;

const DAY = 86_400_000;
const KEPT_FOR = 30 * DAY;

/** What another user has written is not run. */
const isOwn = (stats: fs.Stats): boolean => process.getuid === undefined || stats.uid === process.getuid();

export function readCache(file: string): Kept | null {
  let open: number | undefined;
  try {
    open = fs.openSync(file, 'r');
    const stats = fs.fstatSync(open);
    if (!stats.isFile() || !isOwn(stats)) return null;
    const all = fs.readFileSync(open);
    // The sum stands at the end, so that the data begins where V8 takes it without a copy.
    const data = all.subarray(0, -SUM);
    return sum(data).equals(all.subarray(-SUM)) ? { data, writtenAt: stats.mtimeMs } : null;
  } catch {
    return null;
  } finally {
    if (open !== undefined) fs.closeSync(open);
  }
}

/** Two processes may do so at once: each writes a file of its own, and the last one stays. */
export function writeCache(file: string, data: Buffer): void {
  const unfinished = `${file}.${process.pid}-${Date.now()}`;
  try {
    if (!makeFolder(path.dirname(file))) return;
    fs.writeFileSync(unfinished, Buffer.concat([data, sum(data)]), { mode: 0o600, flag: 'wx' });
    fs.renameSync(unfinished, file);
    removeOld(path.dirname(file));
  } catch {
    remove(unfinished);
  }
}

/** It was looked at, and is as good as new. */
export function touchCache(file: string): void {
  try {
    const now = new Date();
    fs.utimesSync(file, now, now);
  } catch {
    // It is looked at again the next time.
  }
}

/** Since then code may have run for the first time that is worth keeping, too. */
export const isOfToday = ({ writtenAt }: Kept): boolean => Math.abs(Date.now() - writtenAt) < DAY;

/**
 * Root in the home of another (`sudo`) leaves no files there that the other cannot remove, and no home is made. Step by
 * step: told to make all folders at once, Node never comes back from below /proc.
 */
function makeFolder(folder: string): boolean {
  const parent = path.dirname(folder);
  const there = [folder, parent, path.dirname(parent)].find((one) => fs.existsSync(one));
  if (!there || !isOwn(fs.statSync(there))) return false;
  for (const one of [parent, folder]) if (!fs.existsSync(one)) makeOne(one);
  return true;
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Those of earlier versions, and what was not finished. */
function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (!new RegExp(`^body-.*\\${SUFFIX}(\\.[\\d-]+)?$`).test(name)) continue;
    const file = path.join(folder, name);
    if (Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > KEPT_FOR) remove(file);
  }
}

function remove(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Another process holds it.
  }
}
