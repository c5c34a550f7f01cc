/** The code that is certain to be loaded when a container starts: rather too little than too much. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { readShell } from '../../syntax/shell.ts';
import type { Source } from '../../syntax/source.ts';
import type { AnalysedService } from '../model.ts';
import { isCounted } from '../source/counted.ts';
import { goFiles } from '../source/plain/go-programs.ts';
import { Modules } from '../source/reach/modules.ts';
import { mayStart } from '../source/reach/starters.ts';
import { Starting } from '../source/reach/starting.ts';
import { type Outline, outlineOf } from './outline.ts';

export interface Program {
  /** What is loaded, each with what it was started as. */
  readonly files: readonly Source[];
  /** Of these the ones that are run themselves. */
  readonly entries: ReadonlySet<string>;
  /** All code of the application, loaded or not. */
  readonly all: readonly Source[];
  /** The words that run. */
  readonly words: string;
}

const CODE = /\.(?:py|[mc]?[jt]s|[jt]sx)$/;
const OTHERS = /\/(?:node_modules|site-packages|\.venv|venv|\.git|vendor|bin|obj)\//;

/** @param commands what is run in any case, each as its words */
export function programOf(
  analysed: AnalysedService,
  commands: readonly (readonly string[])[],
  files: Files,
): Program | null {
  const words = [...commands.map((one) => one.join(' ')), analysed.argv.join(' ')].join('\n');
  const hosts = codeHosts(analysed);
  const read: Read = (ends) => hosts.filter((host) => ends.test(host)).flatMap((host) => textAt(host, files) ?? []);
  const found =
    ofScripts(analysed, commands, files, read) ?? ofDotnet(words, analysed, files, read) ?? ofGo(analysed, read);
  return found && { ...found, words };
}

const READ = /\.(?:py|[mc]?[jt]s|[jt]sx|go|cs)$/;

const spoken = new WeakMap<readonly Source[], Map<RegExp, boolean>>();

/** Whether any of the application's code may have such words: asked first, as most has none. */
export function mentions({ code }: AnalysedService, words: RegExp): boolean {
  const known = spoken.get(code) ?? new Map<RegExp, boolean>();
  spoken.set(code, known);
  let found = known.get(words);
  if (found === undefined) {
    found = code.some(({ path: file, text }) => READ.test(file) && words.test(text));
    known.set(words, found);
  }
  return found;
}

const sharp = new WeakMap<AnalysedService['placed'], readonly string[]>();

/** Files of C#, which nothing else reads. */
function sharpHosts({ placed }: AnalysedService): readonly string[] {
  let found = sharp.get(placed);
  if (!found) {
    found = [...new Set([...placed.running.values(), ...placed.built.values()])].filter((host) => host.endsWith('.cs'));
    sharp.set(placed, found);
  }
  return found;
}

export const isSharp = (analysed: AnalysedService): boolean => sharpHosts(analysed).length > 0;

export const sharpMentions = (analysed: AnalysedService, words: RegExp, files: Files): boolean =>
  sharpHosts(analysed).some((host) => words.test(textAt(host, files)?.text ?? ''));

/** Code of the application that stands in the container, or that its program is built from. */
function codeHosts({ placed, service }: AnalysedService): string[] {
  const root =
    service.build && !service.build.remote
      ? service.build.context
      : path.posix.dirname(service.declarations[0].source.path);
  const all = new Set([...placed.running.values(), ...placed.built.values(), ...placed.scripts]);
  return [...all].filter((host) => !OTHERS.test(host) && isCounted(host, root));
}

function textAt(host: string, files: Files): Source | null {
  try {
    return files.read(host);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

type Found = Omit<Program, 'words'>;
type Read = (ends: RegExp) => Source[];

function ofScripts(
  analysed: AnalysedService,
  commands: readonly (readonly string[])[],
  files: Files,
  read: Read,
): Found | null {
  const { placed, service, image } = analysed;
  const workdir = service.workingDir?.value ?? image.workdir;
  const hosts = codeHosts(analysed).filter((host) => CODE.test(host) && !host.endsWith('.d.ts'));
  if (hosts.length === 0) return null;
  const modules = new Modules(hosts);
  const sources = new Map(
    [...placed.running.values()].filter(mayStart).flatMap((host) => {
      const source = textAt(host, files);
      return source ? [[host, source] as const] : [];
    }),
  );
  const environment = (name: string) => analysed.environment.get(name)?.value;
  const starting = new Starting({ placement: placed.running, sources, modules, workdir, environment });
  const entries = new Set<string>();
  for (const words of commands) {
    starting.run(words);
    for (const host of compiledFrom(words, workdir, analysed, sources)) entries.add(host);
  }
  for (const host of starting.entries) entries.add(host);
  if (entries.size === 0) return null;
  return { files: follow(entries, modules, files), entries, all: read(CODE) };
}

/** `node dist/main.js`, also behind `npm run start`: the source that it is compiled from. */
function compiledFrom(
  words: readonly string[],
  workdir: string,
  { placed }: AnalysedService,
  sources: ReadonlyMap<string, Source>,
): string[] {
  const line = words.join(' ');
  const name = /^(?:npm|yarn|pnpm)\s+(?:run\s+)?(?:-\S+\s+)*([\w:-]+)/.exec(line)?.[1];
  const told = name === undefined ? line : (scriptNamed(name, workdir, placed.running, sources) ?? '');
  const stems = readShell(told).commands.flatMap(({ words: all }) =>
    /^(?:node|bun|pm2(?:-runtime)?)$/.test(all[0]?.text ?? '')
      ? all.flatMap(
          ({ text }) =>
            /^(?:\.\/|\/\S*?\/)?(?:dist|build|out|lib)\/(?:src\/)?([\w./-]+?)(?:\.[mc]?js)?$/.exec(text)?.[1] ?? [],
        )
      : [],
  );
  const all = new Map([...placed.built, ...placed.running]);
  return stems.flatMap((stem) => {
    const ends = [`/src/${stem}.ts`, `/${stem}.ts`, `/src/${stem}/index.ts`];
    for (const end of ends) {
      const own = all.get(path.posix.join(workdir, end));
      if (own !== undefined) return [own];
      const others = new Set([...all].flatMap(([at, host]) => (at.endsWith(end) && !OTHERS.test(at) ? [host] : [])));
      if (others.size === 1) return [...others];
    }
    return [];
  });
}

function scriptNamed(
  name: string,
  workdir: string,
  running: ReadonlyMap<string, string>,
  sources: ReadonlyMap<string, Source>,
): string | undefined {
  const source = sources.get(running.get(path.posix.join(workdir, 'package.json')) ?? '');
  try {
    return (JSON.parse(source?.text ?? '{}') as { scripts?: Record<string, string> }).scripts?.[name];
  } catch {
    return undefined;
  }
}

const SCRIPT_IMPORT =
  /\b(?:import\s*(?:[\w*{}\s,$]+\s+from\s*)?|require\s*\(\s*|export\s+[\w*{}\s,$]+\s+from\s*)(["'`])([^"'`\n]+)\1/g;
const PYTHON_IMPORT = /^(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]*)|import[ \t]+([^\n#;]*))/gm;

/** What they import as they are loaded, and not when something is called. */
function follow(entries: ReadonlySet<string>, modules: Modules, files: Files): Source[] {
  const seen = new Set(entries);
  const found: Source[] = [];
  for (const host of seen) {
    const source = textAt(host, files);
    const outline = source && outlineOf(source);
    if (!outline) continue;
    found.push(source);
    const next =
      outline.tongue === 'python' ? pythonImports(outline.code, host, modules) : scriptImports(outline, host, modules);
    for (const file of next) if (modules.files.has(file)) seen.add(file);
  }
  return found;
}

function pythonImports(code: string, host: string, modules: Modules): string[] {
  const one = (dotted: string): readonly string[] => {
    const { near } = modules.python(host, dotted);
    return near.length === 1 ? near : [];
  };
  return [...code.matchAll(PYTHON_IMPORT)].flatMap(([, from, names, plain]) => {
    const list = (names ?? plain ?? '')
      .replace(/[()\\]/g, ' ')
      .split(',')
      .flatMap((name) => /^\s*([\w.]+)/.exec(name)?.[1] ?? []);
    if (from === undefined) return list.flatMap(one);
    const inner = list.flatMap((name) => one(/^\.+$/.test(from) ? from + name : `${from}.${name}`));
    return [...one(from), ...inner];
  });
}

function scriptImports({ code, source, around }: Outline, host: string, modules: Modules): string[] {
  return [...source.text.matchAll(SCRIPT_IMPORT)].flatMap(({ index, 2: name }) => {
    const isSaid = code[index] === source.text[index] && around(index).length === 0;
    return (isSaid && modules.javascript(host, name!)) || [];
  });
}

/** The project whose assembly is started. */
function ofDotnet(words: string, { placed }: AnalysedService, files: Files, read: Read): Found | null {
  const assembly = /(?:^|\s)dotnet\s+(?:\S*\/)?([\w.-]+)\.dll\b/.exec(words)?.[1];
  if (assembly === undefined) return null;
  const projects = [...new Set([...placed.built.values(), ...placed.running.values()])].filter((host) =>
    host.endsWith('.csproj'),
  );
  const named = projects.filter((host) => {
    const name = /<AssemblyName>\s*([\w.-]+)\s*</.exec(textAt(host, files)?.text ?? '')?.[1];
    return (name ?? path.posix.basename(host, '.csproj')) === assembly;
  });
  if (named.length !== 1) return null;
  const folder = `${path.posix.dirname(named[0]!)}/`;
  const all = read(/\.cs$/).filter(
    ({ path: host }) => host.startsWith(folder) && !/\/(?:bin|obj|Migrations)\//.test(host),
  );
  const entries = new Set(all.flatMap(({ path: host }) => (host === `${folder}Program.cs` ? [host] : [])));
  return entries.size === 1 ? { files: all, entries, all } : null;
}

function ofGo({ placed, argv }: AnalysedService, read: Read): Found | null {
  const sources = read(/(?<!_test)\.go$/);
  if (sources.length === 0) return null;
  const files = goFiles(sources, read(/\/go\.mod$/), { ...placed.building, argv });
  const entries = new Set(
    files.flatMap(({ path: host, text }) => (/^package\s+main\b/m.test(text.slice(0, 4000)) ? [host] : [])),
  );
  return entries.size > 0 ? { files, entries, all: sources } : null;
}
