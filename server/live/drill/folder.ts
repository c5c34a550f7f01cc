/** The scratch folder on this machine: private, below the user's own state, and marked with its owner. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { messageOf } from '../fault.ts';
import type { Machine } from '../machine.ts';
import { stateFolder } from '../state.ts';
import type { Labels } from './owner.ts';
import type { Host, Preparation, Scratch } from './scratch-model.ts';

/** Not below the system's folder for temporary files: engines in virtual machines and sandboxes do not see it. */
export const foldersRoot = (machine: Machine): string => path.join(stateFolder(machine), 'drills');

const OWNER = 'owner.json';

export function makeFolder(folder: string, labels: Labels): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(folder, OWNER), JSON.stringify(labels), { mode: 0o600 });
}

export function folderOwner(folder: string): Labels | null {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, OWNER), 'utf8')) as Labels;
  } catch {
    return null;
  }
}

/** The mark of the owner goes last. @returns what went wrong, as a sentence */
export function removeFolder(folder: string): string[] {
  try {
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : [])
      if (name !== OWNER) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
    return [];
  } catch (error) {
    return [`The scratch folder ${folder} could not be removed: ${messageOf(error)}`];
  }
}

/** @throws as node:fs does */
export function prepare({ prepare: all }: Scratch): void {
  for (const one of all) prepareOne(one);
}

function prepareOne(one: Preparation): void {
  fs.mkdirSync(path.dirname(one.path), { recursive: true, mode: 0o755 });
  if (one.type === 'folder') fs.mkdirSync(one.path, { mode: 0o755 });
  else if (one.type === 'text') fs.writeFileSync(one.path, one.text, { mode: 0o644 });
  else copy(one.from, one.path);
}

/** With modes, and owners where we may: servers refuse keys that others can read. Sockets, pipes and devices are left out. */
function copy(from: string, to: string): void {
  const stat = fs.lstatSync(from);
  if (stat.isSymbolicLink()) {
    // As the mount itself, a link is followed.
    copy(fs.realpathSync(from), to);
  } else copyTree(from, to, stat);
}

function copyTree(from: string, to: string, stat: fs.Stats): void {
  if (stat.isSymbolicLink()) {
    fs.symlinkSync(fs.readlinkSync(from), to);
    return;
  }
  if (stat.isDirectory()) {
    fs.mkdirSync(to);
    for (const name of fs.readdirSync(from)) {
      const inner = path.join(from, name);
      copyTree(inner, path.join(to, name), fs.lstatSync(inner));
    }
  } else if (stat.isFile()) fs.copyFileSync(from, to);
  else return;
  if (process.getuid?.() === 0) fs.chownSync(to, stat.uid, stat.gid);
  fs.chmodSync(to, stat.mode & 0o7777);
}

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FILES = 5000;

/** What this machine is to the engine. */
export function hostOf(machine: Machine, engine: { readonly local: boolean; readonly rootDirectory: string }): Host {
  return {
    shared: engine.local,
    // Containers write as whoever they like; only the superuser may remove that again.
    removable: machine.user === 0,
    engineRoot: engine.rootDirectory,
    home: machine.home,
    env: machine.env,
    kind: (file) => {
      const stat = attempt(() => fs.statSync(file, { throwIfNoEntry: false }));
      if (!stat) return 'missing';
      return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
    },
    realPath: machine.realPath,
    isSmall: (file) => attempt(() => isSmall(fs.realpathSync(file))) ?? false,
  };
}

function isSmall(file: string): boolean {
  let bytes = 0;
  let files = 0;
  const fits = (at: string): boolean => {
    const stat = fs.lstatSync(at);
    files++;
    bytes += stat.isFile() ? stat.size : 0;
    if (files > MOST_FILES || bytes > MOST_BYTES) return false;
    return !stat.isDirectory() || fs.readdirSync(at).every((name) => fits(path.join(at, name)));
  };
  return fits(file);
}

function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
