/**
 * `.env` beside the project, and the environment files that services name, where git could overwrite or delete the keys
 * and passwords that data was made with.
 */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Past } from '../history/model.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { type DotenvEntry, parseDotenv } from '../syntax/dotenv.ts';
import { KEY_MATERIAL } from './families.ts';

export interface SecretInGit {
  /** Absolute path of the file. */
  readonly file: string;
  readonly entry: DotenvEntry;
  readonly tracked: boolean;
  /** What comes of another one, where it is a key that data is encrypted with. */
  readonly loss?: string;
  /** The server elsewhere that it is the password of. */
  readonly host?: string;
}

const SECRET = /(^|_)(PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|KEY|SALT)(_|$)/i;
/** Made of nothing but the words that people put there for the time being: `mysecretpassword`, `root-123`. */
const MADE_UP =
  /^(?=.{1,32}$)(my|your|our|root|admin|user|db|app|super|some|strong|very|secure|safe|dev|test|the|pass|word|passwd|pwd|secret|key|token|postgres|mysql|mongo|redis|\d|[-_.!@#$])+$/i;

/** Says where a secret is, how long it lasts or how it is made; or what is there for everybody to see. */
const ABOUT =
  /_(FILE|PATH|DIR|URL|URI|NAME|ID|LENGTH|SIZE|TTL|LIFETIME|TYPE|ALG(ORITHM)?|ENABLED?|PREFIX|HEADER|ENDPOINT)$|EXPIR|(^|_)(PUBLIC|PUB|SITE|PUBLISHABLE)_?(KEY|TOKEN)|^(NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC)_/i;
/** A login at a server that is none of the project's own. */
const LOGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]+:([^\s@/]+)@([\w-]+(?:\.[\w-]+)+)(?=[:/?\s]|$)/i;

/** What is there to be replaced, or known to everybody. */
const PLACEHOLDER =
  /^$|change.?(me|this|it)|replace|placeholder|your[-_ ]|example|insert|todo|generate|openssl|(fill|set|edit)[-_ ]?(me|in|this)\b|xxx|\.\.\.|^[<$]|^(postgres|password|passwd|pass|secret|admin|root|test|user|docker|dev|local|default|guest|minioadmin|mysql|redis|true|false|yes|no|on|off|\d{1,6}[smhd]?)$/i;

/**
 * Variables with keys that data is encrypted with, and what comes of another one: of images of which that is known, and of
 * Laravel, whose `artisan` stands beside (https://laravel.com/docs/encryption).
 */
function keysOf({ project, services }: AnalysedProject, files: Files): Map<string, string> {
  const found = new Map<string, string>();
  for (const { image, environment } of services) {
    const material = image.match && !image.match.lookalike ? KEY_MATERIAL[image.match.family.id] : undefined;
    if (!material || material.severity === 'info') continue;
    for (const name of material.variables) if (environment.has(name)) found.set(name, material.loss);
  }
  if (files.kind(path.posix.join(project.directory, 'artisan')) === 'file')
    found.set('APP_KEY', 'encrypted columns and settings in the database cannot be read with a new one');
  return found;
}

/** There to be copied, by its name; whoever names it in `env_file` runs the example itself. */
const EXAMPLE = /(^|[._-])(examples?|samples?|templates?|dist|tmpl|tpl|defaults?)([._-]|$)/i;

/** @param isIgnored whether a `.gitignore` leaves the path out */
export function secretsInGit(
  analysed: AnalysedProject,
  past: Past,
  files: Files,
  isIgnored: (at: string) => boolean,
): SecretInGit[] {
  const { runtime, directory } = analysed.project;
  if (runtime !== 'compose') return [];
  const own = path.posix.join(directory, '.env');
  const keys = keysOf(analysed, files);
  const named = environmentFiles(analysed).filter(
    (file) => file !== own && past.tracked(file).length > 0 && !EXAMPLE.test(path.posix.basename(file)),
  );
  return [own, ...named].flatMap((file) => secretIn(file, keys, past, files, isIgnored) ?? []);
}

/** Those that are here, as the services name them. */
const environmentFiles = ({ services }: AnalysedProject): readonly string[] => [
  ...new Set(
    services.flatMap(({ service }) =>
      [...service.environment.values()].flatMap(({ from, span }) => (from === 'env_file' ? span.source.path : [])),
    ),
  ),
];

function secretIn(
  file: string,
  keys: ReadonlyMap<string, string>,
  past: Past,
  files: Files,
  isIgnored: (at: string) => boolean,
): SecretInGit | null {
  if (!isWithin(file, past.top) || files.kind(file) !== 'file') return null;
  const tracked = past.tracked(file).length > 0;
  if (!tracked && isIgnored(file)) return null;
  const secrets = parseDotenv(files.read(file), null).entries.filter(
    ({ name, value }) =>
      value !== null &&
      (hostOf(value) !== undefined ||
        (SECRET.test(name) && !ABOUT.test(name) && !PLACEHOLDER.test(value.trim()) && !MADE_UP.test(value.trim()))),
  );
  const entry = secrets.find(({ name }) => keys.has(name)) ?? secrets[0];
  const loss = entry && keys.get(entry.name);
  const host = entry && hostOf(entry.value ?? '');
  if (!entry) return null;
  return { file, entry, tracked, ...(loss === undefined ? {} : { loss }), ...(host === undefined ? {} : { host }) };
}

/** Reached from nowhere else, or there only to be replaced. */
const NEAR =
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|\.(?:local|localhost|internal|lan|home|test|invalid)$|(?:^|\.)example\./i;

function hostOf(value: string): string | undefined {
  const [, password, host] = LOGIN.exec(value.trim()) ?? [];
  if (password === undefined || host === undefined) return undefined;
  return PLACEHOLDER.test(password) || NEAR.test(host) ? undefined : host;
}
