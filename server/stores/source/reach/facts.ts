/** What one file takes from others, read without parsing it: rather too much than too little. */
import { builtinModules } from 'node:module';
import type { Source } from '../../../syntax/source.ts';
import { isGenerated } from '../counted.ts';

export interface Facts {
  readonly imports: readonly Import[];
  /** Texts that may name a file or a module. */
  readonly texts: readonly string[];
  /** It loads modules, or starts programs, by their names: a single word may be one. */
  readonly loads: boolean;
  /** What it loads is computed, or a framework loads by convention: any file may be. */
  readonly everything: boolean;
  /** It changes where modules are looked for. */
  readonly anywhere: boolean;
}

export interface Import {
  readonly module: string;
  /** What is taken from it, which may be a module in turn; `*`: whatever is there. */
  readonly names: readonly string[];
}

/** Larger files are data or generated code. */
const MAX_LENGTH = 1024 * 1024;

const facts = new WeakMap<Source, Facts>();

export function factsOf(source: Source): Facts {
  let known = facts.get(source);
  if (!known) {
    const python = source.path.endsWith('.py');
    known =
      source.text.length > MAX_LENGTH || isGenerated(source.text)
        ? { imports: [], texts: [], loads: false, everything: true, anywhere: false }
        : python
          ? ofPython(source.text)
          : ofScript(source.text);
    facts.set(source, known);
  }
  return known;
}

const PYTHON_IMPORT =
  /(?:^|[;:])[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\((?:[^)#]|#[^\n]*)*\)?|(?:\\\r?\n|[^\n#;])*)|import[ \t]+((?:\\\r?\n|[^\n#;])*))/gm;

/** A framework that imports what its settings name, or whatever it finds in a folder. */
const PYTHON_FRAMEWORK =
  /^[ \t]*(?:from|import)[ \t]+(?:django|alembic|airflow|dagster|scrapy|connexion|hydra|stevedore|pkgutil|prefect|kedro|nameko|behave|pytest|unittest)\b|\bDJANGO_SETTINGS_MODULE\b/m;
const PYTHON_COMPUTED =
  /\b(?:import_module|__import__|import_string|load_extension|run_path|run_module|load_module)\((?!\s*(["'])[\w.:/]+\1\s*[,)])|\b(?:exec_module|spec_from_file_location|SourceFileLoader|walk_packages|iter_modules|autodiscover_tasks|autodiscover|entry_points|iter_entry_points|load_extensions|find_modules|from_envvar|execfile)\(|(?<![.\w])exec\(|\.scan\(|\bfrom_object\(\s*(?:f["']|os\.|["'][^"']*["']\s*[+%])/;
const PYTHON_LOADS =
  /\b(?:import_module|__import__|import_string|load_extension|run_path|run_module|from_object|subprocess|Popen|create_subprocess_\w+|config_from_object)\b|\b(?:include|imports)\s*=\s*[[(]|\bos\.(?:system|exec\w*|spawn\w*|popen)\(/;

function ofPython(text: string): Facts {
  const imports: Import[] = [];
  for (const [, module, names, modules] of text.matchAll(PYTHON_IMPORT)) {
    if (module !== undefined) imports.push({ module, names: wordsIn(names ?? '') });
    else for (const name of wordsIn(modules ?? '')) imports.push({ module: name, names: [] });
  }
  const texts = quoted(text);
  return {
    imports,
    texts,
    loads: PYTHON_LOADS.test(text),
    everything:
      PYTHON_FRAMEWORK.test(text) || PYTHON_COMPUTED.test(text) || texts.some((one) => /\}[\w./-]*\.py$/.test(one)),
    anywhere: /\bsys\.path\b|\bPYTHONPATH\b|\baddsitedir\b|\b__path__\b/.test(text),
  };
}

/** `a, b as c` in parentheses or not, with comments and line ends in between. */
const wordsIn = (list: string): string[] =>
  list
    .replace(/#[^\n]*/g, '')
    .replace(/[()\\]/g, ' ')
    .split(',')
    .flatMap((one) => /^\s*([\w.*]+)/.exec(one)?.[1] ?? []);

const SCRIPT_IMPORT =
  /\b(?:from|import|require(?:\.resolve)?)\b\s*\(?\s*(?:\/\*[\s\S]{0,200}?\*\/\s*)*(?:"([^"\n]+)"|'([^'\n]+)'|`([^`\n$]+)`)/g;

const SCRIPT_FRAMEWORK =
  /['"](?:next|nuxt|nitropack|vite|vike|astro|gatsby|sails|payload|directus|umzug|bree|moleculer|require-all|require-dir|requireindex|include-all|import-all|fastify-cli|@fastify\/autoload|@(?:remix-run|react-router|sveltejs|adonisjs|strapi|keystone-6|redwoodjs|nuxt)\/[\w./-]+)['"]/;
const SCRIPT_COMPUTED =
  /(?<![.\w$])(?:require|import)\s*\(\s*(?!['"`\s)]|\/\*)|(?<![.\w$])(?:require|import)\s*\(\s*(?:'[^'\n]*'|"[^"\n]*")\s*\+|(?<![.\w$])(?:require|import)\s*\(\s*`[^`]*\$\{|\brequire\.context\b|\bimport\.meta\.glob\b|\bloadModules\(/;
const SCRIPT_LOADS = /\b(?:child_process|worker_threads|fork|Worker|spawn|exec\w*|piscina|cluster)\b/i;
/** Entities, migrations, routes that are found by their names. */
const SCRIPT_GLOB = /\*[^\s]*(?:\.|\{|,)[mc]?[jt]s/;

function ofScript(text: string): Facts {
  const found = [...text.matchAll(SCRIPT_IMPORT)].map(([, one, two, three]) => (one ?? two ?? three)!);
  const specifiers = new Set(found.filter((one) => !isBuiltIn(one)));
  const texts = quoted(text).filter((one) => !specifiers.has(one));
  return {
    imports: [...specifiers].map((module) => ({ module, names: [] })),
    texts,
    loads: SCRIPT_LOADS.test(text),
    everything:
      SCRIPT_FRAMEWORK.test(text) ||
      SCRIPT_COMPUTED.test(text) ||
      [...specifiers].some((one) => /\.(?:vue|svelte|astro|mdx)$/.test(one)) ||
      texts.some((one) => SCRIPT_GLOB.test(one) || /\$\{[^}]*\}[\w./-]*\.[mc]?[jt]sx?$/.test(one)),
    anywhere: false,
  };
}

const builtIn: ReadonlySet<string> = new Set(builtinModules);

const isBuiltIn = (specifier: string): boolean => specifier.startsWith('node:') || builtIn.has(specifier);

/** Names of files and modules are short; longer texts are prose. */
const QUOTED = /"([^"\\\n]{1,200})"|'([^'\\\n]{1,200})'|`([^`\\\n]{1,200})`/g;
const MAY_NAME = /^[\w./:-]+(?:\(\))?$|\.(?:py|[mc]?[jt]sx?)\b|\*/;

function quoted(text: string): string[] {
  const found = new Set<string>();
  for (const [, one, two, three] of text.matchAll(QUOTED)) {
    const inner = (one ?? two ?? three)!;
    if (MAY_NAME.test(inner)) found.add(inner);
  }
  return [...found];
}
