/** Scripts without a suffix, which only their first line tells: `bin/backup`. */
import * as path from 'node:path';
import type { Files } from '../../files.ts';
import { startsAsShell } from '../../scripts/names.ts';

/** Folders beside a project that hold the scripts for it. */
const FOLDERS = ['bin', 'ci', 'deploy', 'docker', 'hack', 'ops', 'script', 'scripts', 'tools', 'utils'];
const NAME = /^[a-z][\w-]*$/i;
/** Known to everyone, and no scripts. */
const OTHERS =
  /^(license|licence|copying|notice|readme|changelog|authors|contributors|codeowners|version|procfile|gemfile|rakefile|brewfile|vagrantfile|caddyfile|makefile|gnumakefile|dockerfile|containerfile|jenkinsfile|justfile|crontab)$/i;
/** No repository is read as a whole: so many first lines of one folder, and no large files. */
const MAX_LOOKED = 60;
const MAX_BYTES = 64 * 1024;
const LINE = 128;

/** Nothing but its first bytes is read. */
export function isShebangScript(files: Files, file: string): boolean {
  const name = path.posix.basename(file);
  if (!NAME.test(name) || OTHERS.test(name)) return false;
  const head = files.head(file, LINE);
  if (!head || head.size > MAX_BYTES || head.bytes[0] !== 0x23 || head.bytes[1] !== 0x21) return false;
  return startsAsShell(new TextDecoder().decode(head.bytes).split('\n')[0]!);
}

/** Those in the folder of a project and in the usual folders below it. */
export function shebangScripts(files: Files, folder: string): string[] {
  const here = files.list(folder);
  const below = here.filter(({ name, kind }) => kind === 'directory' && FOLDERS.includes(name));
  return [folder, ...below.map(({ name }) => path.posix.join(folder, name))].flatMap((at) =>
    files
      .list(at)
      .filter(({ name, kind }) => kind === 'file' && NAME.test(name) && !OTHERS.test(name))
      .slice(0, MAX_LOOKED)
      .map(({ name }) => path.posix.join(at, name))
      .filter((file) => isShebangScript(files, file)),
  );
}
