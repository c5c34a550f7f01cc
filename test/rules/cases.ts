/** The rules' fixtures: `<rule>/cases.txt`, each case a small project and what is found in it. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { slashed } from '../../server/files.ts';

export interface Case {
  readonly rule: string;
  readonly name: string;
  readonly catches: boolean;
  /** Relative path -> text. */
  readonly files: ReadonlyMap<string, string>;
  /** What was committed: `name (HEAD)`; empty: there is no repository. */
  readonly head: ReadonlyMap<string, string>;
  /** `severity file line:character-line:character message`, zero-based. */
  readonly expected: readonly string[];
}

const FOLDER = import.meta.dirname;

/** Files that are no text, by the note behind their name. */
const BINARIES: Record<string, string> = {
  sqlite: `SQLite format 3\0${'\u0010\0'.repeat(40)}`,
  redis: `REDIS0011${'\0'.repeat(40)}`,
};

export function readCases(rule: string): Case[] {
  const text = fs.readFileSync(path.join(FOLDER, rule, 'cases.txt'), 'utf8');
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => readCase(rule, part));
}

function readCase(rule: string, part: string): Case {
  const [heading = '', ...sections] = part.split(/^--- /m);
  const match = /^catches( not)?: (.+)/.exec(heading);
  if (!match)
    throw new Error(`${rule}/cases.txt: "${heading.trim()}" is neither "catches: ..." nor "catches not: ..."`);
  const files = new Map<string, string>();
  const head = new Map<string, string>();
  let expected: string[] = [];
  for (const section of sections) {
    const end = section.indexOf('\n');
    const name = section.slice(0, end).trim();
    const body = section.slice(end + 1);
    const binary = /^(\S+) \((\w+)\)$/.exec(name);
    if (name === 'finds') expected = body.split('\n').filter((line) => line.trim() !== '');
    else if (binary?.[2] === 'HEAD') head.set(binary[1]!, body);
    else if (binary) files.set(binary[1]!, BINARIES[binary[2]!]!);
    else files.set(name, body);
  }
  return { rule, name: match[2]!, catches: !match[1], files, head, expected };
}

/** Lays a case out in a folder of its own. The caller removes it. */
export function layOut(one: Case): string {
  const folder = slashed(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-case-'))));
  const project = path.posix.join(folder, 'shop');
  fs.mkdirSync(project);
  if (one.head.size > 0) {
    write(project, one.head);
    commit(project);
    for (const name of one.head.keys()) fs.rmSync(path.join(project, name));
  }
  write(project, one.files);
  return project;
}

function write(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** A repository with one commit of all that is there. */
function commit(folder: string): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    [...identity, 'commit', '-q', '-m', 'all'],
  ])
    execFileSync('git', words, { cwd: folder, env });
}
