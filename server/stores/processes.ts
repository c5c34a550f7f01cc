/** Which files of an application a container starts, and does not only import. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { Source } from '../syntax/source.ts';
import type { Placed } from './placement.ts';
import type { SourceStore } from './source/model.ts';

/** Whether a file of the host may be what was started; true where what runs is not known. */
export type MayBeStarted = (file: string) => boolean;

export interface Start {
  /** The words that run. */
  readonly argv: readonly string[];
  readonly placed: Pick<Placed, 'running' | 'building'>;
  readonly code: readonly Source[];
  readonly files: Files;
}

const MAX_TEXTS = 40;

/** What runs Python, or loads it; what follows says what. */
const RUNS_PYTHON =
  /(?:^|[\s"'/;&|(=])(?:(?:python|pypy)[\d.]*\s+\S|(?:uvicorn|gunicorn|hypercorn|daphne|granian|uwsgi|waitress-serve|flask|fastapi|celery|streamlit|chainlit|poetry|uv|pipenv|pdm)\b)/;

/** Which file is started only the container knows: `python "$SCRIPT"`. */
const RUNS_ANY = /(?:^|[\s"'/])(?:(?:python|pypy)[\d.]*|node|tsx|bun)(?:\s+-[\w-]+)*\s+["']?\$(?!\{?@)/;

/** What is named here is imported, and not started. */
const IMPORTS = /\bfastapi\s+(?:run|dev)\s+(?:-\S+\s+)*\S+|(?<=\bflask\s.{0,60}--app[= ])\S+/g;

/** Programs that read what to start in files of their own. */
const CONFIGURED: readonly (readonly [program: RegExp, file: RegExp])[] = [
  [/\bsupervisord?\b/, /^(?:supervisor.*|.*\.(?:conf|ini))$/],
  [/\b(?:honcho|foreman|goreman|overmind|hivemind)\b/, /^Procfile/],
  [/\bmake\b/, /^(?:GNU)?[Mm]akefile$/],
  [/\bjust\b/, /^\.?[Jj]ustfile$/],
  [/\btask\b/, /^Taskfile\.ya?ml$/],
  [/\b(?:cron|crond|supercronic)\b/, /cron/],
  [/\bcircusd\b/, /\.ini$/],
  [/\b(?:s6-\w+|runsvdir)\b|\/init\b/, /^(?:run|up)$/],
  [/\bpm2(?:-\w+)?\b/, /^ecosystem\.config\./],
  [/\b(?:poetry|uv|pdm|poe|hatch|rye)\b/, /^pyproject\.toml$/],
  [/\bpipenv\b/, /^Pipfile$/],
];
const PACKAGE_RUNNER = /\b(?:npm|yarn|pnpm|bun|npx|node)\b/;

/** Code that starts other programs. */
const SPAWNS =
  /\b(?:subprocess|runpy|Popen|create_subprocess_\w+|child_process|execa|worker_threads)\b|\bos\.(?:system|exec\w*|spawn\w*|popen)\(|\b(?:Bun\.)?spawn(?:Sync)?\(/;

/** `python -c "from x import main; main()"`, and what a package installs as a program: `x = "package.x:main"`. */
const called = (file: string): RegExp => {
  const module = `(?:\\w+\\.)*${stemOf(file)}`;
  return new RegExp(`\\b(?:from|import)\\s+${module}\\b|=\\s*["']?${module}:\\w+`);
};
const INSTALLS = /^(?:pyproject\.toml|setup\.(?:py|cfg))$/;
const INSTALLED = /^.*=\s*["']?[\w.]+:\w+.*$/gm;

const OTHERS = /\/(?:node_modules|site-packages|\.git|\.venv|venv)\//;
const SCRIPT = /^[^.]+$|\.(?:sh|bash)$/;
const PYTHON = /\.py$/;

/** What is found out only when somebody asks. */
export function startedIn(start: Start): MayBeStarted {
  let known: MayBeStarted | undefined;
  return (file) => {
    known ??= read(start);
    return known(file);
  };
}

function read({ argv, placed, code, files }: Start): MayBeStarted {
  const told = argv.length > 0 ? toldOf(argv, placed.running, files) : null;
  if (told === null || RUNS_ANY.test(told)) return () => true;
  const text = [told.replace(IMPORTS, ''), ...placed.building.commands].join('\n');
  const installed = [...placed.running]
    .filter(([at]) => INSTALLS.test(path.posix.basename(at)) && !OTHERS.test(at))
    .flatMap(([, host]) => textOf(host, files)?.match(INSTALLED) ?? []);
  const calling = [text, ...installed].join('\n');
  const spawning = code.filter((source) => SPAWNS.test(source.text));
  // Of a program that was bundled nobody can tell by its name what it was made of.
  const known = {
    python: RUNS_PYTHON.test(told),
    script: code.some(({ path: at }) => !PYTHON.test(at) && namedIn(at).test(told)),
  };
  return (file) => {
    const names = namedIn(file);
    if (!(PYTHON.test(file) ? known.python : known.script) || /^(?:__main__|index)$/.test(stemOf(file))) return true;
    if (PYTHON.test(file) && called(file).test(calling)) return true;
    return names.test(text) || spawning.some((source) => source.path !== file && names.test(source.text));
  };
}

const stemOf = (file: string): string => path.posix.basename(file).replace(/\.\w+$/, '');

/** `python x.py`, `python -m pkg.x`, `node dist/x`: however it is written, and wherever it lies. */
function namedIn(file: string): RegExp {
  const stem = stemOf(file).replace(/[^\w]/g, '\\$&');
  return PYTHON.test(file)
    ? new RegExp(`(?<![\\w.-])${stem}\\.py\\b|-m["',\\s]+(?:\\w+\\.)*${stem}(?![\\w.:])`)
    : new RegExp(`(?<![\\w.-])${stem}(?:\\.[mc]?[jt]sx?)?(?![\\w.-])`);
}

/** The words, and the texts of all scripts that they lead to; null where one of those is not here. */
export function toldOf(argv: readonly string[], running: ReadonlyMap<string, string>, files: Files): string | null {
  const own = [...running].filter(([at]) => !OTHERS.test(at));
  const texts = [argv.join(' ')];
  const seen = new Set<string>();
  const add = (host: string): void => {
    if (seen.has(host) || texts.length >= MAX_TEXTS) return;
    seen.add(host);
    const text = textOf(host, files);
    if (text !== null) texts.push(path.posix.basename(host) === 'package.json' ? scriptsOf(text, texts) : text);
  };
  // It grows while it is read.
  for (const text of texts) {
    const words = new Set(text.match(/[\w./-]+/g)?.map((word) => path.posix.basename(word)));
    const named = own.filter(([at]) => words.has(path.posix.basename(at)) && SCRIPT.test(path.posix.basename(at)));
    for (const [, host] of named) add(host);
    for (const word of words)
      if (/\.(?:sh|bash)$/.test(word) && !own.some(([at]) => path.posix.basename(at) === word)) return null;
    for (const [program, file] of CONFIGURED)
      if (program.test(text)) for (const [at, host] of own) if (file.test(path.posix.basename(at))) add(host);
    if (PACKAGE_RUNNER.test(text))
      for (const [at, host] of own) if (path.posix.basename(at) === 'package.json') add(host);
  }
  return texts.length < MAX_TEXTS ? texts.join('\n') : null;
}

/** Whether a package that stands in the container has a script that is asked for by name. */
export const runsScriptOf = (text: string, { running }: Pick<Placed, 'running'>, files: Files): boolean =>
  [...running].some(([at, host]) => {
    if (path.posix.basename(at) !== 'package.json' || OTHERS.test(at)) return false;
    const found = textOf(host, files);
    return found !== null && (packageIn(found, [text])?.chosen.length ?? 0) > 0;
  });

/** Those of a package's scripts that are named, and its main file. */
function scriptsOf(text: string, told: readonly string[]): string {
  const found = packageIn(text, told);
  return found ? [...found.chosen, found.main].join('\n') : text;
}

function packageIn(text: string, told: readonly string[]): { readonly chosen: string[]; readonly main: string } | null {
  try {
    const { scripts, main } = JSON.parse(text) as { scripts?: Record<string, string>; main?: string };
    const words = new Set(told.join(' ').match(/[\w:.-]+/g));
    const chosen = new Map<string, string>();
    for (let before = -1; before < chosen.size; ) {
      before = chosen.size;
      for (const [name, script] of Object.entries(scripts ?? {})) {
        if (chosen.has(name) || !words.has(name.replace(/^(?:pre|post)(?=\w)/, ''))) continue;
        chosen.set(name, script);
        for (const word of script.match(/[\w:.-]+/g) ?? []) words.add(word);
      }
    }
    return { chosen: [...chosen.values()], main: main ?? '' };
  } catch {
    return null;
  }
}

function textOf(host: string, files: Files): string | null {
  if (files.kind(host) !== 'file') return null;
  try {
    return files.read(host).text;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

const selected = new WeakMap<readonly SourceStore[], Map<string, readonly SourceStore[]>>();

/** Without those that only another program opens: the very same list for the same answers. */
export function openedHere(
  stores: readonly SourceStore[],
  mayBeStarted: MayBeStarted = () => true,
): readonly SourceStore[] {
  if (stores.every(({ started, imported }) => !started && !imported)) return stores;
  const isOpened = ({ started = [], imported = [] }: SourceStore): boolean =>
    started.every(mayBeStarted) && !imported.some(mayBeStarted);
  const answers = stores.map(isOpened);
  const key = answers.map(Number).join('');
  const known = selected.get(stores) ?? new Map<string, readonly SourceStore[]>();
  selected.set(stores, known);
  let found = known.get(key);
  if (!found) {
    found = stores.filter((_, index) => answers[index]);
    known.set(key, found);
  }
  return found;
}
