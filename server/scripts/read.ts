/** A script file to its parts and commands. */
import * as path from 'node:path';
import type { Parser } from 'web-tree-sitter';
import { parsersFor } from '../stores/source/grammars.ts';
import type { Source } from '../syntax/source.ts';
import { Mapped } from './mapped.ts';
import type { Command, Script, ScriptFileKind, ScriptPart } from './model.ts';
import { scriptKind, startsAsShell } from './names.ts';
import { type Found, readShell } from './shell.ts';
import type { Chunk, ChunkReader } from './texts/chunk.ts';
import { crontab } from './texts/crontab.ts';
import { gitlab } from './texts/gitlab.ts';
import { jenkinsfile } from './texts/jenkinsfile.ts';
import { justfile } from './texts/justfile.ts';
import { makefile } from './texts/makefile.ts';
import { markdown } from './texts/markdown.ts';
import { packageJson } from './texts/package-json.ts';
import { systemd } from './texts/systemd.ts';
import { taskfile } from './texts/taskfile.ts';
import { settingsTemplates, vscodeSettings, vscodeTasks } from './texts/vscode.ts';
import { workflow } from './texts/workflow.ts';

const whole: ChunkReader = (source) => [
  { name: null, span: { source, start: 0, end: source.text.length }, texts: [Mapped.of(source)] },
];

const READERS: Readonly<Record<ScriptFileKind, ChunkReader>> = {
  shell: whole,
  makefile,
  justfile,
  taskfile,
  'package-json': packageJson,
  'vscode-tasks': vscodeTasks,
  'vscode-settings': settingsTemplates,
  github: workflow,
  gitlab,
  jenkinsfile,
  crontab,
  systemd,
  markdown,
};

/** Larger files are nobody's script. */
const MAX_LENGTH = 256 * 1024;

/** Containers, databases, and copies of what may be one: scripts that say nothing of the kind, as most, are not parsed. */
const SIGNS = [
  /docker|podman|nerdctl|compose|sqlite|\.db\b/i,
  /\b(pg_dump|mysqldump|mariadb-dump|mongodump)/,
  /\b(tar|rsync|cp|mv|zip)\b[^\n]*(data|db|sql|backup|dump|volume|storage|pg|mongo)/i,
  // Whole folders: what they are called says nothing of what is in them.
  /\b(tar|rsync|zip)[ \t]+\S|\bcp[ \t]+-\w*[rRa]/,
];

const mayMatter = (text: string): boolean => SIGNS.some((sign) => sign.test(text));

/** The kind of a file, by its name or its first line; null for what is no script. */
export function kindOf({ path: file, text }: Source): ScriptFileKind | null {
  const kind = scriptKind(file);
  if (kind) return kind;
  return path.posix.extname(file) === '' && startsAsShell(text) ? 'shell' : null;
}

const known = new WeakMap<Source, Promise<Script | null>>();

/** Null: no script. The same text is read once. */
export function readScript(source: Source): Promise<Script | null> {
  let script = known.get(source);
  if (!script) {
    script = read(source);
    known.set(source, script);
    // A failure to load the grammar is not remembered.
    script.catch(() => known.delete(source));
  }
  return script;
}

async function read(source: Source): Promise<Script | null> {
  const kind = kindOf(source);
  if (!kind) return null;
  const settings = kind === 'vscode-settings' ? vscodeSettings(source) : [];
  if (source.text.length > MAX_LENGTH || !mayMatter(source.text)) return { source, kind, parts: [], settings };
  const chunks = READERS[kind](source);
  if (chunks.every(({ texts }) => texts.length === 0)) return { source, kind, parts: [], settings };
  return { source, kind, parts: await readChunks(chunks), settings };
}

/** The grammar is loaded when there is something to read. */
export async function readChunks(chunks: readonly Chunk[]): Promise<readonly ScriptPart[]> {
  const parsers = await parsersFor(new Set(['bash'] as const));
  const parser = parsers.get('bash')!();
  try {
    return withPrompts(chunks.flatMap((chunk) => partsOf(parser, chunk)));
  } finally {
    parser.delete();
  }
}

/** One part, and one for each function in it. */
function partsOf(parser: Parser, chunk: Chunk): ScriptPart[] {
  let confirmed = chunk.confirmed ?? false;
  const found: Found[] = [];
  for (const text of chunk.texts) {
    const { variables, folder, within } = chunk;
    const read = readShell(parser, {
      text,
      confirmed,
      ...(variables ? { variables } : {}),
      ...(folder === undefined ? {} : { folder }),
      ...(within ? { within } : {}),
    });
    ({ confirmed } = read);
    found.push(...read.found);
  }
  const names = [...new Set(found.map(({ inFunction }) => inFunction))].filter((name) => name !== null);
  const part = (name: string | null, commands: readonly Command[]): ScriptPart => ({
    name,
    span: chunk.span,
    commands,
    confirmed: chunk.confirmed ?? false,
    ephemeral: chunk.ephemeral ?? false,
    after: chunk.after ?? [],
    prose: chunk.prose ?? '',
  });
  const of = (name: string | null): Command[] =>
    found.filter(({ inFunction }) => inFunction === name).map(({ command }) => command);
  return [part(chunk.name, of(null)), ...names.map((name) => part(name, of(name)))];
}

const asksFirst = ({ name, commands, confirmed }: ScriptPart): boolean =>
  confirmed || /confirm|are.you.sure/i.test(name ?? '') || (commands.length > 0 && commands.at(-1)!.confirmed);

/** A target asks when one that it depends on does, or when its name says that somebody has confirmed. */
function withPrompts(parts: readonly ScriptPart[]): ScriptPart[] {
  const asking = new Set(parts.filter(asksFirst).map(({ name }) => name));
  const byPrompt = ({ name, after }: ScriptPart): boolean =>
    /confirmed/i.test(name ?? '') || after.some((one) => asking.has(one) || /confirm/i.test(one));
  return parts.map((part) => (part.confirmed || !byPrompt(part) ? part : { ...part, confirmed: true }));
}
