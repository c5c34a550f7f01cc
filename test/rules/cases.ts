/** The rules' fixtures: `<rule>/cases.txt`, each case a small project and what is found in it. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { slashed } from '../../server/files.ts';
import { commitAll } from '../git.ts';
import { readSections } from './sections.ts';

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
  const { files, head, finds: expected } = readSections(sections);
  return { rule, name: match[2]!, catches: !match[1], files, head, expected };
}

/** Lays a case out in a folder of its own. The caller removes it. */
export function layOut(one: Pick<Case, 'files' | 'head'>): string {
  const folder = slashed(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-case-'))));
  const project = path.posix.join(folder, 'shop');
  fs.mkdirSync(project);
  if (one.head.size > 0) {
    write(project, one.head);
    commitAll(project);
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
