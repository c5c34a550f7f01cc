/** Code that a container sees only through a bind mount: many see it, and few run it. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Service } from '../project/model.ts';
import { isWithin } from '../survival/backing.ts';
import type { ServiceImage } from './model.ts';
import type { Placed } from './placement.ts';
import { runsScriptOf, toldOf } from './processes.ts';
import { effectiveWords } from './words.ts';
import { workdirOf } from './workdir.ts';

interface Language {
  readonly name: string;
  readonly files: RegExp;
  /** What runs it, or loads it. */
  readonly runs: RegExp;
  /** Images that bring it, and no program: the last part of their names. */
  readonly images: RegExp;
  /** Packages that bring it. */
  readonly packages: RegExp;
}

/** Programs by name, where a command may name them. */
const programs = (names: string): RegExp =>
  new RegExp(`(?:^|[\\s"'\`/;&|(=!])(?:${names.split(' ').join('|')})(?=$|[\\s"'\`;&|)])`, 'm');

const LANGUAGES: readonly Language[] = [
  {
    name: 'python',
    files: /\.py$/,
    runs: programs(
      '(?:python|pypy)[\\d.]* uvicorn gunicorn hypercorn daphne granian uwsgi waitress-serve flask fastapi celery streamlit ' +
        'chainlit poetry uv pipenv pdm rye hatch pixi conda dagster prefect scrapy pytest litestar sanic quart huey_consumer(?:\\.py)? ' +
        'dramatiq arq rq taskiq faust nodemon watchfiles watchmedo hupper mkdocs panel voila gradio marimo ipython manage\\.py',
    ),
    images:
      /^(?:python(?:3|-?\d+)?(?:-debian\d+)?|pypy|(?:mini|ana)conda\d?|micromamba|mambaforge|miniforge\d?|uv|uvicorn-gunicorn(?:-\w+)*)$/,
    packages: /\b(?:python3?|pypy3?)(?![\w.-]*-(?:doc|common))\b/,
  },
  {
    name: 'javascript',
    files: /\.(?:[mc]?[jt]s|[jt]sx)$/,
    runs: programs(
      'node nodejs npm npx pnpm yarn bun bunx deno tsx ts-node ts-node-dev ts-node-esm tsnd nodemon pm2 pm2-runtime pm2-dev ' +
        'next nuxt vite nest strapi turbo nx concurrently forever esno',
    ),
    images: /^(?:node(?:js)?(?:-?\d+)?(?:-debian\d+)?|bun|deno|(?:type|java)script-node)$/,
    packages: /\b(?:nodejs|nodesource|nvm|bun|deno)\b/,
  },
  {
    name: 'php',
    files: /\.php$/,
    runs: programs(
      'php[\\d.]* php-fpm[\\d.]* frankenphp composer artisan rr symfony apache2-foreground apache2ctl httpd-foreground',
    ),
    images: /^(?!.*(?:admin|exporter))(?:php(?:[-_][\w.-]+)?|[\w.-]+-php(?:-fpm)?|frankenphp|composer)$/,
    packages: /\bphp[\d.]*\b/,
  },
  {
    name: 'ruby',
    files: /\.(?:rb|ru)$/,
    runs: programs('j?ruby rails rake bundle bundler puma unicorn thin passenger rackup sidekiq foreman falcon'),
    images: /^j?ruby(?:-?\d+)?$/,
    packages: /\bruby[\d.]*\b/,
  },
  {
    name: 'go',
    files: /\.go$|(?:^|\/)go\.mod$/,
    runs: programs('go air gow reflex CompileDaemon dlv realize fresh modd wgo watchexec gin'),
    images: /^golang(?:-?\d+)?$/,
    packages: /\b(?:golang|go)\b/,
  },
  {
    name: 'rust',
    files: /\.rs$|(?:^|\/)Cargo\.toml$/,
    runs: programs('cargo bacon watchexec'),
    images: /^rust$/,
    packages: /\b(?:cargo|rustup|rust)\b/,
  },
  {
    name: 'java',
    files: /\.(?:java|kt)$/,
    runs: programs('java mvn mvnw gradle gradlew kotlin quarkus'),
    images: /^(?:openjdk|eclipse-temurin|maven|gradle|amazoncorretto|azul-zulu|sapmachine|ibm-semeru-runtimes)$/,
    packages: /\b(?:openjdk|jdk|jre|default-j[rd][ek]|maven|gradle)\b/,
  },
];

/** Folders that images of PHP serve, where they do not tell in which they start. */
const SERVED = ['/var/www', '/app'];

export interface Container {
  readonly service: Service;
  readonly image: ServiceImage;
  readonly placed: Placed;
  readonly files: Files;
}

/** Languages whose mounted code is not the program of this container, in order. */
export function othersIn(container: Container): string[] {
  const { running, mounted } = container.placed;
  if (mounted.size === 0) return [];
  const code = [...running].flatMap(([at, host]) => (mounted.has(host) ? at : []));
  const present = LANGUAGES.filter(({ files }) => code.some((at) => files.test(at)));
  if (present.length === 0) return [];
  const told = saidBy(container);
  const others = present.filter((language) => {
    const own = code.filter((at) => language.files.test(at));
    return !isRun(language, own, container, told);
  });
  return others.map(({ name }) => name);
}

/** Whether a file is of one of these languages. */
export const isOf = (file: string, names: readonly string[]): boolean =>
  LANGUAGES.some(({ name, files }) => names.includes(name) && files.test(file));

interface Told {
  /** The words, and the scripts that they lead to; remarks left out. */
  readonly text: string;
  /** All of these scripts are here. */
  readonly whole: boolean;
  readonly folders: readonly string[];
}

function saidBy({ service, image, placed, files }: Container): Told {
  const argv = effectiveWords(service, image);
  const told = argv.length > 0 ? toldOf(argv, placed.running, files) : null;
  const text = (told ?? argv.join(' ')).replace(/^[ \t]*#.*$/gm, '');
  const workdir = workdirOf(service, image);
  const entered = [...text.matchAll(/(?:\b(?:cd|pushd)|--(?:chdir|app-dir))[ \t=]+["']?([\w./-]+)/g)].flatMap(
    ([, to]) => (to!.startsWith('/') || workdir !== null ? path.posix.resolve(workdir ?? '/', to!) : []),
  );
  const folders = [...(workdir === null ? [] : [workdir]), ...entered].filter((folder) => folder !== '/');
  return { text, whole: told !== null, folders };
}

function isRun(language: Language, code: readonly string[], container: Container, told: Told): boolean {
  const { service, image, placed, files } = container;
  const { match, stage } = image;
  // Of an image that was pulled with its own program in it others' code is never the program.
  const isOther = match !== undefined && !match.lookalike && match.family.category !== 'base';
  if (isOther && !stage) return false;
  const { text, whole, folders } = told;
  const runs = language.runs.test(text);
  if (isNamed(language, code, text, runs, service)) return true;
  if (isOther) return false;
  const inside = (among: readonly string[]): boolean => code.some((at) => among.some((folder) => isWithin(at, folder)));
  if (runs && inside(folders)) return true;
  const workdir = workdirOf(service, image);
  if (runs && workdir === null && language.name === 'javascript') return runsScriptOf(text, placed, files);
  if (language.images.test(nameOf(container))) {
    const isBare = workdir === null || workdir === '/';
    return inside(isBare ? (language.name === 'php' ? SERVED : []) : [workdir]);
  }
  const isOpen = !whole || /%\(ENV_|\bsupervisord\b|\$[@*]|\$\{[@*]\}/.test(text);
  return isOpen && inside(folders) && placed.building.commands.some((command) => installs(language, command));
}

/** `apt-get install -y python3`, `apk add nodejs`. */
const installs = ({ packages }: Language, command: string): boolean =>
  /\b(?:install|add)\b/.test(command) && packages.test(command);

/** The last part of the name of the image at the foot. */
function nameOf({ service, image: { match, stage } }: Container): string {
  const text = match?.reference.path ?? (stage ? stage.base?.value : service.image?.value) ?? '';
  return /([^/:@]+)(?:[:@][^/]*)?$/.exec(text)?.[1] ?? '';
}

/** A folder that is run, and none that is only told of: `node /app`, `npm --prefix /app start`, `php -S :80 -t /app`. */
const FOLDER =
  /(?:(?:^|[\s;&|(/])(?:(?:python|pypy|php)[\d.]*|node|nodejs|bun|tsx|ruby|go run)(?:\s+-\S+)*|\s(?:--prefix|--cwd|--app|--docroot|-C|-t))[\s=]+["']?(\/[\w./-]+)/g;

/** A word leads to the code: its path, a folder above it, a module; or it is run as it is. */
function isNamed(
  { files: ends }: Language,
  code: readonly string[],
  text: string,
  runs: boolean,
  { mounts }: Service,
): boolean {
  const all = text.match(/[^\s"'`;&|()<>=,]+/g) ?? [];
  const started = [...text.matchAll(/(?:^|[\n;&|(]|\bexec\b)[ \t]*((?:\.{0,2}\/)?[\w./-]+)/g)].map(([, word]) => word!);
  const words = runs ? all : started.filter((word) => ends.test(word));
  const roots = mounts.filter(({ type }) => type === 'bind').map(({ target }) => target);
  const isMounted = (word: string): boolean => word.startsWith('/') && roots.some((root) => isWithin(word, root));
  const absolute = words.filter(isMounted);
  const folders = runs ? [...text.matchAll(FOLDER)].map(([, word]) => word!).filter(isMounted) : [];
  const endings = words
    .filter((word) => !word.startsWith('/') && ends.test(word))
    .map((word) => `/${word.replace(/^(?:\.{1,2}\/)+/, '')}`);
  const modules = runs ? modulesIn(text).map((dotted) => `/${dotted.replaceAll('.', '/')}`) : [];
  return code.some((at) => {
    const bare = at.replace(/\.\w+$/, '');
    const dotted = bare.replace(/\/__(?:init|main)__$/, '');
    return (
      absolute.some((word) => word === bare || word === at) ||
      folders.some((word) => isWithin(at, word)) ||
      endings.some((word) => at.endsWith(word)) ||
      (at.endsWith('.py') && modules.some((word) => dotted.endsWith(word)))
    );
  });
}

/** `main:app`, `shop.wsgi`, `-m shop`, `-A shop`. */
function modulesIn(text: string): string[] {
  const named = [...text.matchAll(/(?:^|\s)(?:-m|-A|--app)[ =]([A-Za-z_][\w.]*)(?=$|[\s:;"'])/gm)];
  const targets = [
    ...text.matchAll(/(?<=[\s"'])([A-Za-z_]\w*(?:\.\w+)*):[A-Za-z_]\w*|(?<=[\s"'])([A-Za-z_]\w*\.wsgi)\b/g),
  ];
  return [...named, ...targets].flatMap(([, one, two]) => one ?? two ?? []);
}
