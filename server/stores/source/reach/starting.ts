/** The files of an application that a container starts, followed through shells, scripts, supervisors and package managers. */
import * as path from 'node:path';
import { programWords } from '../../../syntax/programs.ts';
import { readShell } from '../../../syntax/shell.ts';
import type { Source } from '../../../syntax/source.ts';
import { expanded } from '../../command.ts';
import { supervised } from '../../supervised.ts';
import type { Modules } from './modules.ts';
import {
  FILE_SERVERS,
  HARMLESS,
  HARMLESS_MODULES,
  MODULE_SERVERS,
  PREFIXES,
  SCRIPT_RUNNERS,
  SHELLS,
  WAITS,
} from './words.ts';

export interface Surroundings {
  /** Container path -> absolute path on the host. */
  readonly placement: ReadonlyMap<string, string>;
  /** By the path on the host: code, and what starts it. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly modules: Modules;
  readonly workdir: string;
  /** undefined: not set; null: set, but its value is not known. */
  readonly environment: (name: string) => string | null | undefined;
}

/** Scripts that call scripts: deeper than this nobody nests them. */
const MAX_DEPTH = 8;

const CODE = /\.(?:py|[mc]?[jt]s|[jt]sx)$/;
const SCRIPT_ENDS = ['', '.js', '.ts', '.mjs', '.mts', '.cjs', '.cts', '.tsx', '.jsx', '/index.js', '/index.ts'];
const FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/bin', '/sbin'];
const INIT = /^(?:tini|tini-static|docker-init|dumb-init|catatonit)$/;

/** The word is a module and what is taken from it: `app.main:app`, `app:create_app()`; no address. */
const TARGET = /^([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)(?:\(.*\))?$/;

export class Starting {
  /** On the host. */
  readonly entries = new Set<string>();
  /** Code that stands in the command itself. */
  readonly inline: Source[] = [];
  /** Modules may be looked for in other folders than those of the program. */
  anywhere = false;
  readonly #at: Surroundings;
  /** The working directory, and all that are entered: which of them holds is not asked. */
  readonly #folders: Set<string>;
  /** Of scripts that are run. */
  readonly #scriptFolders: string[] = [];
  readonly #flaskApps: string[] = [];
  #depth = 0;

  constructor(at: Surroundings) {
    this.#at = at;
    this.#folders = new Set([at.workdir]);
    if (at.environment('PYTHONPATH') !== undefined || at.environment('NODE_PATH') !== undefined) this.anywhere = true;
  }

  /** False where it cannot be told what is started. */
  run(all: readonly string[], stdin?: string): boolean {
    if (all.length === 0) return true;
    if (this.#depth >= MAX_DEPTH) return false;
    this.#depth++;
    try {
      return this.#command(all, stdin);
    } finally {
      this.#depth--;
    }
  }

  #command(all: readonly string[], stdin: string | undefined): boolean {
    if (all[0] === 'command' && /^-[vV]$/.test(all[1] ?? '')) return true;
    if (all[0] === 'uv' && all[1] === 'run' && CODE.test(all.find((word, i) => i > 1 && !word.startsWith('-')) ?? ''))
      return this.#python(all.slice(2), stdin);
    const [first, ...rest] = programWords(all.map((text) => ({ text }))).map(({ text }) => this.#filled(text));
    if (first === undefined) return true;
    const name = path.posix.basename(first);
    if (INIT.test(name)) return this.run(rest.slice(rest.findIndex((word) => !word.startsWith('-'))));
    if (SHELLS.has(name)) return this.#shell(rest, stdin);
    if (name === 'cd' || name === 'pushd') return this.#enter(rest[0]);
    if ((name === '.' || name === 'source') && rest[0] !== undefined)
      return /activate$|\.env$|profile$|bashrc$|nvm\.sh$/.test(rest[0]) || this.#file(rest[0], []) === true;
    if (rest.at(-1) === ']]' || HARMLESS.has(first)) return true;
    if (WAITS.test(name)) return this.run(rest.includes('--') ? rest.slice(rest.indexOf('--') + 1) : []);
    if (HARMLESS.has(name)) return true;
    return this.#program(name, rest, stdin) ?? this.#file(first, rest) ?? this.#script(name) ?? false;
  }

  /** Undefined where it is none that is known. */
  #program(name: string, rest: readonly string[], stdin?: string): boolean | undefined {
    if (/^(?:python|pypy)[\d.]*$/.test(name)) return this.#python(rest, stdin);
    if (name === 'node' || name === 'nodejs') return this.#node(rest);
    if (MODULE_SERVERS.has(name)) return this.#served(name, rest);
    if (name === 'flask') return this.#flask(rest);
    if (name === 'celery') return this.#celery(rest);
    if (FILE_SERVERS.has(name)) return this.#fileServer(name, rest);
    if (/^(?:npm|yarn|pnpm|bun)$/.test(name)) {
      const told = this.#packageManager(name, rest);
      if (told !== undefined) return told;
    }
    if (SCRIPT_RUNNERS.has(name)) {
      const told = this.#runner(rest);
      if (told !== undefined) return told;
    }
    if (name === 'concurrently')
      return (
        rest.filter((word) => /\s/.test(word)).every((text) => this.text(text, [])) && rest.some((w) => /\s/.test(w))
      );
    if (name === 'prisma') return !rest.some((word) => /seed|reset|dev|execute/.test(word));
    if (name === 'supervisord') return this.#supervisor(rest);
    if (name === 'honcho' || name === 'foreman') return this.#procfile();
    if (PREFIXES.has(name)) {
      const from = rest.includes('--') ? rest.indexOf('--') + 1 : rest.findIndex((word) => isProgram(word));
      return from >= 0 && this.run(rest.slice(from));
    }
    return undefined;
  }

  /** A text that a shell reads; the words that it is given take the place of `"$@"`. */
  text(text: string, handed: readonly string[]): boolean {
    if (/\b(?:PYTHONPATH|NODE_PATH)=/.test(text)) this.anywhere = true;
    // Lists in arrays start nothing.
    const { commands, whole } = readShell(text.replace(/(?<=\w\+?=)\([^()]*\)/g, (list) => ' '.repeat(list.length)));
    if (!whole || /(?:\$\(|`)[^)`]*\b(?:python|node)[\d.]*\s/.test(text)) return false;
    for (const [, module] of text.matchAll(/\bFLASK_APP=["']?([^\s"';&]+)/g)) this.#flaskApps.push(module!);
    const own = new Set([...text.matchAll(/(?:^|[\s;])(?:function\s+)?([\w-]+)\s*\(\)/g)].map(([, name]) => name!));
    return commands.every(({ words, redirections }) => {
      const all = words.flatMap(({ text: word }) => (/^\$\{?[@*]\}?$/.test(word) ? handed : [word]));
      if (all[0] !== undefined && own.has(all[0])) return true;
      return this.run(all, redirections.find(({ body }) => body !== undefined)?.body);
    });
  }

  #shell(rest: readonly string[], stdin: string | undefined): boolean {
    const flag = rest.findIndex((word) => /^-\w*c$/.test(word));
    const file = rest.findIndex((word, i) => !/^[-+]/.test(word) && !/^[-+]\w*o$/.test(rest[i - 1] ?? ''));
    if (flag >= 0 && (file < 0 || flag < file)) return this.text(rest[flag + 1] ?? '', rest.slice(flag + 3));
    // A shell looks for it where it is, and a program by its name in the folders for programs.
    if (file >= 0)
      return this.#file(rest[file]!.includes('/') ? rest[file]! : `./${rest[file]!}`, rest.slice(file + 1)) ?? false;
    return stdin !== undefined && this.text(stdin, []);
  }

  #enter(folder: string | undefined): boolean {
    if (folder === undefined || folder === '-') return true;
    if (
      /^(?:\$\(dirname "?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?"?\)|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%\/\*\})$/.test(folder)
    ) {
      for (const at of this.#scriptFolders) this.#folders.add(at);
      return true;
    }
    if (/[$`]/.test(folder)) return false;
    for (const at of [...this.#folders]) this.#folders.add(path.posix.resolve(at, folder));
    return true;
  }

  /** A file that is run as it is; undefined where none of the application stands there, or what it is cannot be told. */
  #file(written: string, handed: readonly string[]): boolean | undefined {
    if (CODE.test(written)) return this.#add(this.#placed(written, ['']));
    const places = written.includes('/') ? undefined : FOLDERS.map((folder) => `${folder}/${written}`);
    const found = places ? places.filter((at) => this.#at.placement.has(at)) : this.#standing(written, ['']);
    const source = found.length === 1 ? this.#at.sources.get(this.#at.placement.get(found[0]!)!) : undefined;
    if (!source) return undefined;
    const by = /^#![ \t]*(?:\/usr\/bin\/env[ \t]+(?:-S[ \t]+)?)?(\S+)/.exec(source.text)?.[1];
    const isShell = by === undefined ? /\.(?:sh|bash)$/.test(written) : SHELLS.has(path.posix.basename(by));
    if (!isShell) return undefined;
    this.#scriptFolders.push(path.posix.dirname(found[0]!));
    return this.text(source.text.replaceAll('\r\n', '\n'), handed);
  }

  #python(rest: readonly string[], stdin: string | undefined): boolean {
    for (let i = 0; i < rest.length; i++) {
      const word = rest[i]!;
      if (/^-[A-Za-z]*c$/.test(word)) return this.#code(rest[i + 1]);
      if (/^-[A-Za-z]*m$/.test(word)) return this.#module(rest[i + 1], rest.slice(i + 2));
      if (/^-[WX]$/.test(word)) i++;
      else if (/^(?:-V|--version|-h|--help)$/.test(word)) return true;
      else if (word === '-') break;
      else if (!word.startsWith('-')) return this.#add(this.#placed(word, ['', '/__main__.py']));
    }
    return stdin !== undefined && this.#code(stdin);
  }

  #code(text: string | undefined): boolean {
    if (text === undefined || /[$`]/.test(text)) return false;
    this.inline.push({ path: `${this.#at.workdir}/-.py`, text });
    return true;
  }

  #module(name: string | undefined, rest: readonly string[]): boolean {
    if (name === undefined) return false;
    const found = [...this.#modules(name), ...this.#modules(`${name}.__main__`)];
    if (found.length > 0) return this.#add(found);
    if (HARMLESS_MODULES.has(name)) return true;
    if (name === 'debugpy') {
      const module = rest.indexOf('-m');
      if (module >= 0) return this.#module(rest[module + 1], rest.slice(module + 2));
      return this.#add(rest.flatMap((word) => (CODE.test(word) ? this.#placed(word, ['']) : [])));
    }
    const program = name.split('.', 1)[0]!;
    return isProgram(program) && this.run([program, ...rest]);
  }

  /** Where they are looked for; else wherever their name leads. */
  #modules(dotted: string): string[] {
    if (!/^[A-Za-z_][\w.]*$/.test(dotted)) return [];
    const at = dotted.replaceAll('.', '/');
    const python = this.#at.environment('PYTHONPATH')?.split(':') ?? [];
    const folders = [...this.#folders, ...python.map((folder) => path.posix.resolve(this.#at.workdir, folder))];
    const hosts = folders.flatMap((folder) =>
      ['.py', '/__init__.py'].flatMap((end) => this.#at.placement.get(path.posix.join(folder, at) + end) ?? []),
    );
    return hosts.length > 0 ? hosts : [...this.#at.modules.python('', dotted).all];
  }

  /** `app.main:app` among the words, wherever it stands; other words that name a module are taken as well. */
  #served(name: string, rest: readonly string[]): boolean {
    for (const [i, word] of rest.entries()) {
      const folder = /^--(?:app-dir|chdir|pythonpath)(?:=(.+))?$/.exec(word);
      if (folder && !this.#enter(folder[1] ?? rest[i + 1])) return false;
    }
    const words = rest.map((word) => word.replace(/^--[\w-]+=/, ''));
    let found = false;
    for (const word of words) {
      const module = TARGET.exec(word)?.[1];
      const hosts = module !== undefined ? this.#modules(module) : word.startsWith('-') ? [] : this.#named(word);
      if (module !== undefined && hosts.length === 0) return false;
      found = this.#add(hosts) || found;
    }
    if (name === 'gunicorn') found = this.#add(this.#placed('gunicorn.conf.py', [''])) || found;
    return (
      found && !words.some((word) => /[$`]/.test(word) && !/\d|PORT|HOST|WORKERS|THREADS|TIMEOUT|LEVEL/i.test(word))
    );
  }

  #named(word: string): string[] {
    return CODE.test(word) ? this.#placed(word, ['']) : this.#modules(word);
  }

  #flask(rest: readonly string[]): boolean {
    const flag = rest.findIndex((word) => /^(?:-A|--app)$/.test(word));
    const given = flag >= 0 ? rest[flag + 1] : rest.find((word) => word.startsWith('--app='))?.slice(6);
    const set = this.#at.environment('FLASK_APP');
    if (given === undefined && set === null) return false;
    const told = [given ?? set ?? [], given === undefined ? this.#flaskApps : []].flat();
    if (told.length > 0) return told.every((one) => this.#add(this.#named(one.replace(/:.*$/, ''))));
    const hidden = [...this.#folders].some((at) =>
      ['.flaskenv', '.env'].some((file) => this.#at.placement.has(`${at}/${file}`)),
    );
    return !hidden && this.#add([...this.#placed('wsgi.py', ['']), ...this.#placed('app.py', [''])]);
  }

  #celery(rest: readonly string[]): boolean {
    const flag = rest.findIndex((word) => /^(?:-A|--app)$/.test(word));
    const given = flag >= 0 ? rest[flag + 1] : rest.find((word) => word.startsWith('--app='))?.slice(6);
    if (given === undefined) return false;
    const module = given.replace(/:.*$/, '');
    // `-A shop` may be the module, its package's `celery`, or what is called app in either.
    const modules = [module, `${module}.celery`, module.replace(/\.\w+$/, '')];
    return this.#add(modules.flatMap((name) => this.#modules(name)));
  }

  #fileServer(name: string, rest: readonly string[]): boolean {
    const files = rest.flatMap((word) => (word.endsWith('.py') ? this.#placed(word, ['']) : []));
    if (rest.some((word) => word.endsWith('.py'))) {
      // Streamlit makes a page of each file in the folder beside.
      const pages =
        name === 'streamlit'
          ? files.flatMap((file) => this.#at.modules.inFolder(`${path.posix.dirname(file)}/pages`))
          : [];
      return this.#add(files) && (this.#add(pages) || true);
    }
    if (
      name !== 'fastapi' ||
      !/^(?:run|dev)$/.test(rest[0] ?? '') ||
      rest.some((w, i) => i > 0 && !/^-|^[\d.]+$/.test(w))
    )
      return false;
    const told = [...this.#at.sources.values()].flatMap(({ path: at, text }) =>
      at.endsWith('/pyproject.toml') ? (/^entrypoint[ \t]*=[ \t]*["']([\w.]+):/m.exec(text)?.[1] ?? []) : [],
    );
    if (told.length > 0) return told.every((module) => this.#add(this.#modules(module)));
    return this.#add(
      ['main.py', 'app.py', 'api.py'].flatMap((file) => [file, `app/${file}`].flatMap((at) => this.#placed(at, ['']))),
    );
  }

  #node(rest: readonly string[]): boolean {
    for (let i = 0; i < rest.length; i++) {
      const word = rest[i]!;
      if (/^(?:-e|--eval|-p|--print|--test|--run)$/.test(word)) return false;
      if (/^(?:-v|--version|-h|--help)$/.test(word)) return true;
      if (/^(?:-r|--require|--import|--loader|--experimental-loader)$/.test(word))
        this.#add(this.#placed(rest[++i] ?? '', SCRIPT_ENDS));
      else if (/^(?:-C|--conditions|--env-file|--title|--watch-path|--icu-data-dir|--diagnostic-dir)$/.test(word)) i++;
      else if (!word.startsWith('-')) return this.#add(this.#scripts(word));
    }
    return false;
  }

  /** A file, with or without its end, or a folder with a package in it. */
  #scripts(word: string): string[] {
    const files = this.#placed(word, SCRIPT_ENDS);
    if (files.length > 0) return files;
    return this.#standing(word === '.' ? 'package.json' : `${word}/package.json`, ['']).flatMap((at) => {
      const { main } = this.#package(at);
      return main === undefined ? [] : this.#placed(path.posix.join(path.posix.dirname(at), main), SCRIPT_ENDS);
    });
  }

  /** Of its words those that are files. */
  #runner(rest: readonly string[]): boolean | undefined {
    const commands = rest.filter((word, i) => /\s/.test(word) && /^(?:--exec|-x)$/.test(rest[i - 1] ?? ''));
    const files = rest.flatMap((word) =>
      word.startsWith('-') || /\s/.test(word)
        ? []
        : this.#placed(word, /[./]/.test(word) ? SCRIPT_ENDS : ['.js', '.ts']),
    );
    if (rest.some((word) => CODE.test(word) && !word.startsWith('-') && this.#placed(word, ['']).length === 0))
      return false;
    if (files.length === 0 && commands.length === 0) return undefined;
    return commands.every((text) => this.text(text, [])) && (files.length === 0 || this.#add(files));
  }

  /** Undefined where it only runs another program. */
  #packageManager(name: string, rest: readonly string[]): boolean | undefined {
    const words = rest.filter((word) => !/^(?:--silent|-s|--quiet|--no-\S+|--if-present)$/.test(word));
    const [first, second] = words;
    if (first === undefined || first.startsWith('-') || first === 'workspace') return false;
    if (/^(?:ci|install|i|add|rebuild|cache|config|audit|prune|--version)$/.test(first)) return true;
    const named = /^(?:run|run-script)$/.test(first);
    const script = named ? second : first;
    if (script === undefined || script.startsWith('-')) return false;
    const texts = [...this.#folders].flatMap((folder) => {
      const { scripts } = this.#package(`${folder}/package.json`);
      return scripts?.[script] === undefined
        ? []
        : [`pre${script}`, script, `post${script}`].flatMap((one) => scripts[one] ?? []);
    });
    if (texts.length > 0) return texts.every((text) => this.text(text, []));
    if (name === 'bun' && CODE.test(script)) return this.#add(this.#placed(script, ['']));
    return named || name === 'npm' ? false : name === 'bun' ? undefined : this.run(words);
  }

  #package(at: string): { readonly main?: string; readonly scripts?: Readonly<Record<string, string>> } {
    const source = this.#at.sources.get(this.#at.placement.get(at) ?? '');
    try {
      return source ? JSON.parse(source.text) : {};
    } catch {
      return {};
    }
  }

  #supervisor(rest: readonly string[]): boolean {
    const { placement, sources } = this.#at;
    const read = (at: string) => {
      const host = placement.get(path.posix.resolve(this.#at.workdir, at));
      return host === undefined ? 'shipped' : (sources.get(host) ?? 'unknown');
    };
    const list = (folder: string) => [...placement.keys()].filter((at) => path.posix.dirname(at) === folder).sort();
    const programs = supervised(rest, { read, list });
    if (!programs) return false;
    for (const { text } of new Set(programs.map(({ source }) => source))) {
      if (/PYTHONPATH|NODE_PATH/.test(text)) this.anywhere = true;
      for (const [, folder] of text.matchAll(/^[ \t]*directory[ \t]*=[ \t]*(\S+)/gm))
        this.#folders.add(path.posix.resolve(this.#at.workdir, folder!));
    }
    return programs.every(({ text }) => this.text(text, []));
  }

  #procfile(): boolean {
    const found = this.#standing('Procfile', ['']).flatMap(
      (at) => this.#at.sources.get(this.#at.placement.get(at)!) ?? [],
    );
    return (
      found.length > 0 &&
      found.every(({ text }) => [...text.matchAll(/^[\w-]+:[ \t]*(.+)$/gm)].every(([, line]) => this.text(line!, [])))
    );
  }

  /** A program that the application itself brings: `[project.scripts]`. */
  #script(name: string): boolean | undefined {
    const line = new RegExp(`^"?${name.replace(/[^\w]/g, '\\$&')}"?[ \\t]*=[ \\t]*["']([\\w.]+):[\\w.]+["']`, 'm');
    const modules = [...this.#at.sources.values()].flatMap(({ path: at, text }) =>
      at.endsWith('/pyproject.toml') ? (line.exec(text)?.[1] ?? []) : [],
    );
    return modules.length > 0 ? modules.every((module) => this.#add(this.#modules(module))) : undefined;
  }

  #standing(written: string, ends: readonly string[]): string[] {
    if (written === '' || /[$`]/.test(written)) return [];
    const found = [...this.#folders].flatMap((folder) => {
      const at = path.posix.resolve(folder, written);
      return ends.map((end) => at + end).filter((one) => this.#at.placement.has(one));
    });
    return [...new Set(found)];
  }

  #placed(written: string, ends: readonly string[]): string[] {
    return this.#standing(written, ends)
      .flatMap((at) => this.#at.placement.get(at) ?? [])
      .filter((host) => CODE.test(host));
  }

  #add(hosts: readonly string[]): boolean {
    for (const host of hosts) this.entries.add(host);
    return hosts.length > 0;
  }

  /** With the container's variables in it; a part that is not known stays as it is written. */
  #filled(word: string): string {
    return /[$`]/.test(word) ? (expanded(word, this.#at.environment) ?? word) : word;
  }
}

const isProgram = (name: string): boolean =>
  /^(?:python|pypy)[\d.]*$|^(?:node|npm|yarn|pnpm|flask|celery)$/.test(path.posix.basename(name)) ||
  [MODULE_SERVERS, FILE_SERVERS, SCRIPT_RUNNERS, SHELLS].some((names) => names.has(path.posix.basename(name)));
