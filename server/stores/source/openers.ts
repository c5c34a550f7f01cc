/** Which files may open a store: only they are parsed to begin with. */
import type { Source } from '../../syntax/source.ts';
import type { Language } from './code.ts';
import type { ConstructorRow } from './constructors.ts';
import { JAVASCRIPT_STORES } from './constructors-javascript.ts';
import { PYTHON_STORES } from './constructors-python.ts';
import { importsIn } from './import-lines.ts';

/** Packages, and the words one of which a file that opens a store with them has; no words: the package itself opens it. */
type Openers = ReadonlyMap<string, ReadonlySet<string>>;

function openersOf(rows: readonly ConstructorRow[], packageOf: (module: string) => string): Openers {
  const found = new Map<string, Set<string>>();
  for (const row of rows) {
    for (const module of row.modules.split(' ')) {
      const name = packageOf(module);
      const words = found.get(name) ?? new Set<string>();
      found.set(name, words);
      for (const member of row.members.split(' ')) {
        words.add(member === '*' ? '' : member.replace(/\(\)$/, '').replace(/^.*\./, ''));
      }
    }
  }
  return found;
}

const OPENERS: Readonly<Record<Language, Openers>> = {
  python: openersOf(PYTHON_STORES, (module) => module.split('.', 1)[0]!),
  javascript: openersOf(JAVASCRIPT_STORES, (module) => module),
};

const escaped = (name: string): string => name.replace(/[^\w]/g, '\\$&');
const anyOf = (names: Iterable<string>): string => [...names].map(escaped).join('|');

const PACKAGES: Readonly<Record<Language, RegExp>> = {
  python: new RegExp(`(?:from|import|,)\\s+(${anyOf(OPENERS.python.keys())})\\b`, 'g'),
  javascript: new RegExp(`['"](${anyOf(OPENERS.javascript.keys())})['"]`, 'g'),
};

/** A store may be saved in another file than it was made in, which then need not import its library. */
const ANYWHERE = /\.save_local\(|\bload_local\(/;

/** The word is called, or given another name: not only the name of a type. */
const uses = (text: string, word: string): boolean =>
  text.includes(word) && new RegExp(`\\b${word}\\s*(?:[(<=:]|as\\b)`).test(text);

/** Libraries that write uploaded files to a folder. */
const UPLOADS =
  /['"](?:multer|@nestjs\/platform-express|formidable|(?:@fastify\/)?busboy)['"]|\b(?:req|request)\.(?:file|files|parts)\(/;

/** Writes files, of which a request may have brought the bytes. */
const WRITES = /\b(?:writeFile|writeFileSync|outputFile|outputFileSync|createWriteStream|copyFile|rename|toFile|mv)\(/;
const BYTES = /\bbuffer\b|\.data\b|\.mv\(|\.(?:file)?path\b|\.toBuffer\(/;

export function mayOpenStore(source: Source, language: Language): boolean {
  if (language === 'python' && ANYWHERE.test(source.text)) return true;
  if (language === 'javascript' && UPLOADS.test(source.text)) return true;
  if (language === 'javascript' && WRITES.test(source.text) && BYTES.test(source.text)) return true;
  for (const [, name] of importsIn(source, language).matchAll(PACKAGES[language])) {
    for (const word of OPENERS[language].get(name!)!) if (word === '' || uses(source.text, word)) return true;
  }
  return false;
}

/** A file that uses the library may make what another file keeps in a store. */
export const usesStoreLibrary = (source: Source, language: Language): boolean =>
  importsIn(source, language).search(PACKAGES[language]) >= 0;

/** A framework opens the database, or writes to the folder, that these name. */
export const mayConfigureStore = (source: Source, language: Language): boolean =>
  language === 'python' &&
  /\bSQLALCHEMY_DATABASE_URI\b|\bDATABASES\b|\bMEDIA_ROOT\b|\bUPLOAD_FOLDER\b|\bStaticFiles\(|\bUploadFile\b|\bfile_uploader\(|\brequest\.files\b|\bset_tracking_uri\(|\bMlflowClient\(/.test(
    source.text,
  );
