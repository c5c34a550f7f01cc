/** The shell text in files that people run things with: scripts, Makefiles, CI, documentation. */
import * as path from 'node:path';
import { yamlOf } from '../../project/documents.ts';
import { isComposeName } from '../../project/file-names.ts';
import type { Source } from '../../syntax/source.ts';
import { type Node, valueAt } from '../../syntax/tree.ts';
import { jenkinsfile } from './jenkinsfile.ts';
import { SCRIPT_FOLDER, UNKNOWN } from './shell-marks.ts';

export interface Script {
  readonly text: string;
  /** Where it starts, relative to where the file's commands are run. */
  readonly folder?: string;
  readonly variables?: ReadonlyMap<string, string>;
}

type Reader = (source: Source) => Script[];

/** How a file is read, by its name; null for files that hold no commands. */
export function readerFor(name: string): Reader | null {
  if (/\.(sh|bash|zsh)$/i.test(name)) return (source) => [{ text: source.text }];
  if (/^(gnu)?makefile$|\.(mk|make)$/i.test(name)) return makefile;
  if (/^\.?justfile$|\.just$/i.test(name)) return justfile;
  if (/^taskfile(\.dist)?\.ya?ml$/i.test(name)) return taskfile;
  if (name === 'package.json') return packageScripts;
  if (/^\.gitlab-ci\.ya?ml$/i.test(name)) return gitlab;
  if (/\.(md|markdown)$/i.test(name)) return markdown;
  if (/^jenkinsfile(\.[\w.-]+)?$|\.jenkinsfile$/i.test(name)) return jenkinsfile;
  if (isComposeName(name)) return composeComments;
  return null;
}

const MAKE_VARIABLE = /\$[({]([\w.-]+)[)}]/g;
const MAX_EXPANSIONS = 10;

/** Values may name others that are set further down. */
function replaceAll(text: string, pattern: RegExp, variables: ReadonlyMap<string, string>): string {
  let out = text;
  for (let i = 0; i < MAX_EXPANSIONS && out.search(pattern) >= 0; i++)
    out = out.replace(pattern, (_, name: string) => variables.get(name) ?? UNKNOWN);
  return out;
}

/** Each line of a recipe has a shell of its own. */
function makefile({ text }: Source): Script[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  const variables = new Map([
    ['CURDIR', '.'],
    ['PWD', '.'],
  ]);
  for (const line of lines) {
    const match = /^(?:export\s+|override\s+)?([\w.-]+)\s*(\?|::?|\+)?=\s*(.*?)\s*(?:\s#.*)?$/.exec(line);
    if (!match) continue;
    const [, name = '', how, value = ''] = match;
    if (how === '+') variables.set(name, `${variables.get(name) ?? ''} ${value}`);
    else if (how !== '?' || !variables.has(name)) variables.set(name, value);
  }
  const exported = new Map([...variables].filter(([name]) => name.startsWith('COMPOSE_')));
  return lines.flatMap((line) => {
    const recipe = /^(?:\t|[^\s#=:][^=:]*:[^=;]*;)\s*[@+-]*\s*(.*)$/.exec(line)?.[1];
    if (recipe === undefined) return [];
    const expanded = replaceAll(recipe.replaceAll('$$', '\uE00F'), MAKE_VARIABLE, variables);
    return [{ text: expanded.replace(/\$[@<^?*%]/g, UNKNOWN).replaceAll('\uE00F', '$'), variables: exported }];
  });
}

function justfile({ text }: Source): Script[] {
  const variables = new Map<string, string>([['justfile_directory()', '.']]);
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  for (const line of lines) {
    const match = /^(?:export\s+)?([\w-]+)\s*:=\s*(["'])(.*)\2\s*(?:#.*)?$/.exec(line);
    if (match) variables.set(match[1]!, match[3]!);
  }
  return lines
    .filter((line) => /^[ \t]/.test(line))
    .map((line) => ({
      text: replaceAll(line.replace(/^\s*[@-]+/, ''), /\{\{\s*([\w-]+(?:\(\))?)\s*\}\}/g, variables),
    }));
}

const scalar = (node: Node | undefined): string[] => (node?.kind === 'scalar' ? [node.text] : []);
const items = (node: Node | undefined): Node[] =>
  node === undefined ? [] : node.kind === 'seq' ? node.items.map(({ value }) => value) : [node];
const values = (node: Node | undefined): Node[] =>
  node?.kind === 'map' ? [...node.entries.values()].map(({ value }) => value) : [];
const root = (source: Source): Node | undefined => yamlOf(source).root ?? undefined;

function environment(...nodes: (Node | undefined)[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of nodes) {
    if (node?.kind !== 'map') continue;
    for (const [name, { value }] of node.entries)
      for (const text of scalar(value)) found.set(name, text.replace(/\$\{\{.*?\}\}/g, UNKNOWN));
  }
  return found;
}

const inFolder = (folder: string | undefined): { folder?: string } => (folder === undefined ? {} : { folder });

function taskfile(source: Source): Script[] {
  const file = root(source);
  return values(valueAt(file, 'tasks')).flatMap((task) => {
    const variables = environment(valueAt(file, 'vars'), valueAt(task, 'vars'));
    const commands =
      task.kind === 'map' ? [...items(valueAt(task, 'cmds')), ...items(valueAt(task, 'cmd'))] : items(task);
    const [folder] = scalar(valueAt(task, 'dir'));
    return commands
      .flatMap((command) => [...scalar(command), ...scalar(valueAt(command, 'cmd'))])
      .map((text) => ({
        text: replaceAll(text, /\{\{\s*\.(\w+)\s*\}\}/g, variables),
        variables: environment(valueAt(file, 'env'), valueAt(task, 'env')),
        ...inFolder(folder),
      }));
  });
}

const packageScripts: Reader = ({ text }) => {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    return Object.values(scripts ?? {}).flatMap((script) => (typeof script === 'string' ? [{ text: script }] : []));
  } catch {
    return [];
  }
};

/** Steps of a GitHub workflow: run from the root of the repository. */
export const workflow: Reader = (source) => {
  const file = root(source);
  const at = (node: Node | undefined): string | undefined =>
    scalar(valueAt(valueAt(valueAt(node, 'defaults'), 'run'), 'working-directory'))[0];
  return values(valueAt(file, 'jobs')).flatMap((job) =>
    items(valueAt(job, 'steps')).flatMap((step) => {
      const folder = scalar(valueAt(step, 'working-directory'))[0] ?? at(job) ?? at(file);
      const variables = environment(valueAt(file, 'env'), valueAt(job, 'env'), valueAt(step, 'env'));
      return scalar(valueAt(step, 'run')).map((text) => ({
        text: text.replace(/\$\{\{\s*github\.workspace\s*\}\}/g, '.').replace(/\$\{\{.*?\}\}/g, UNKNOWN),
        variables,
        ...inFolder(folder),
      }));
    }),
  );
};

/** The commands of one job share a shell. */
function gitlab(source: Source): Script[] {
  const file = root(source);
  const lines = (node: Node | undefined): string[] => items(node).flatMap((one) => items(one).flatMap(scalar));
  const shared = lines(valueAt(file, 'before_script'));
  return [file, ...values(file)].flatMap((job) => {
    const script = ['before_script', 'script', 'after_script'].flatMap((key) => lines(valueAt(job, key)));
    const variables = environment(valueAt(file, 'variables'), valueAt(job, 'variables'));
    return script.length > 0 ? [{ text: [...shared, ...script].join('\n'), variables }] : [];
  });
}

const SHELL_BLOCK = /^(|sh|shell|bash|zsh|console|terminal|shell-?session|text|shellscript)$/i;

/** What a block has to begin with that only its indentation tells from a list. */
const COMMAND = /^(sudo\s+|[A-Z_]+=\S*\s+)*(cd\s|(docker|podman)([ -]compose\s|\s+stack\s))/;

/** Many files say at their top how they are run. A line that ends in a backslash goes on. */
function composeComments({ text }: Source): Script[] {
  const scripts: Script[] = [];
  let goesOn = false;
  for (const line of text.split(/\r?\n/)) {
    const [, said = ''] = /^[ \t]*#+[ \t]*(?:[$%>-][ \t]+)?(.*)$/.exec(line) ?? [];
    if (goesOn) scripts[scripts.length - 1] = { text: `${scripts.at(-1)!.text}\n${said}` };
    else if (COMMAND.test(said)) scripts.push({ text: said });
    goesOn = said.endsWith('\\') && (goesOn || COMMAND.test(said));
  }
  return scripts;
}

/** Each fenced block is typed where the reader stands: prompts are taken off, and a folder entered is not left. */
function markdown({ text }: Source): Script[] {
  const scripts: Script[] = [];
  let fence: { readonly mark: string; readonly lines: string[] | null } | null = null;
  let indented: string[] = [];
  const close = (): void => {
    if (indented.length > 0) scripts.push({ text: indented.join('\n') });
    indented = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const found = /^[ \t>]*(`{3,}|~{3,})[ \t]*([\w-]*)/.exec(line);
    if (fence === null) {
      // A block may also be set off by four spaces; what is indented in a list looks the same.
      const block = found ? null : /^(?: {4}|\t)[ \t]*(?:[$%>][ \t]+)?(.*)$/.exec(line);
      if (block && (indented.length > 0 || COMMAND.test(block[1]!))) indented.push(block[1]!);
      else close();
      if (found) fence = { mark: found[1]!, lines: SHELL_BLOCK.test(found[2]!) ? [] : null };
    } else if (found && found[2] === '' && found[1]!.startsWith(fence.mark)) {
      if (fence.lines) scripts.push({ text: fence.lines.join('\n') });
      fence = null;
    } else fence.lines?.push(line.replace(/^[ \t>]*[$%>][ \t]+/, ''));
  }
  close();
  return scripts;
}

/** As a path below `base`; null where it cannot be told. */
export function resolveIn(written: string, base: string, scriptFolder: string): string | null {
  if (written.includes(UNKNOWN)) return null;
  return written.startsWith(SCRIPT_FOLDER)
    ? path.posix.join(scriptFolder, written.slice(1))
    : path.posix.resolve(base, written);
}
