/** Whether a program reads a variable under a name with something in front of it: `SHOP_DB_HOST`, and nothing reads `DB_HOST`. */
import type { AnalysedService } from '../stores/model.ts';
import { type Text, textsOf } from './read-by.ts';
import type { RuleContext } from './rule.ts';

const SCRIPT = /\.([cm]?[jt]sx?|vue|svelte)$/i;
const PYTHON = /\.py$/i;
/** Languages in which nobody here can tell a variable of the environment from another. */
const OTHER = /\.(rb|php|go|rs|java|kts?|scala|groovy|clj|cs|fs|exs?|lua|pl|pm|dart|swift|cr|nim|c|cc|cpp|h|hpp)$/i;

/**
 * The environment as a whole, or by a name that is computed: what is read of it cannot be told. `${name}_FILE` is a
 * file with a secret, and what is written is not read.
 */
const WHOLE_OF_SCRIPTS =
  /\bprocess\s*\.\s*env\b(?!\s*\??\.\s*[A-Za-z_]\w*|\s*(?:\?\.\s*)?\[\s*(?:'\w+'|"\w+"|`\$\{\w+\}_FILE`)\s*\]|\s*\[\s*\w+\s*\]\s*=(?!=))|\bimport\s*(?:\w+\s*,\s*)?\{[^}]*\benv\b[^}]*\}\s*from\s*['"](?:node:)?process['"]|\brequire\(\s*['"](?:node:)?process['"]\s*\)|\b(?:Bun|Deno)\s*\.\s*env\b/;
const WHOLE_OF_PYTHON =
  /\benvironb?\b(?!\s*\[\s*['"]\w+['"]\s*\]|\s*\.\s*(?:get|setdefault|pop)\(\s*['"]\w+['"])(?<!import[ \t]+environ)|\bgetenv\b(?!\s*\(\s*['"]\w+['"])(?<!import[ \t]+getenv)/;
const WRITTEN = /\bprocess\s*\.\s*env\s*\[\s*\w+\s*\]\s*=(?!=)/;
/** Libraries that put prefixes in front of names, or read what their settings are called. */
const LIBRARIES =
  /\b(?:pydantic|env_prefix|envPrefix|BaseSettings|environs|decouple|dynaconf|django-environ|starlette\.config|hydra|omegaconf|expandvars|envsubst|envalid|env-var|envsafe|convict|nconf|custom-environment-variables|@nestjs\/config|znv|t3-env|env-schema|dotenv-expand|getConfigEnv|konfig)\b/i;

/** What stands in front of every one of `names` where the program reads it; null where one is read as it is, or nobody can tell. */
export function prefixOf(names: readonly string[], analysed: AnalysedService, context: RuleContext): string | null {
  const texts = textsOf(analysed, context);
  if (!texts || texts.some(isOpen)) return null;
  if (names.some((name) => texts.some((text) => mayRead(name, text)))) return null;
  const found = names.map((name) => prefixesOf(name, texts));
  const [first] = found;
  const shared = first?.filter((prefix) => found.every((some) => some.includes(prefix))) ?? [];
  return shared.length === 1 ? shared[0]! : null;
}

/** Something sets variables that cannot be told, from wherever it has them. */
export const setsOthers = (analysed: AnalysedService, context: RuleContext): boolean =>
  textsOf(analysed, context)?.some(({ text }) => WRITTEN.test(text)) ?? true;

/** `process.env.SHOP_DB_HOST || 'db'`: it comes to the same without the variable. */
export const isDefault = (name: string, value: string, analysed: AnalysedService, context: RuleContext): boolean => {
  const form = new RegExp(`\\b${name}\\b['"\\])]*\\s*(?:\\|\\||\\?\\?|,|or\\b)\\s*['"\`]${escaped(value)}['"\`:]`);
  return textsOf(analysed, context)?.some(({ text }) => form.test(text)) ?? true;
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const isOpen = ({ path, text }: Text): boolean =>
  LIBRARIES.test(text) ||
  OTHER.test(path) ||
  (SCRIPT.test(path) && WHOLE_OF_SCRIPTS.test(text)) ||
  (PYTHON.test(path) && WHOLE_OF_PYTHON.test(text));

/** In code a name may be a constant's; a text, a member of the environment, and a word of anything else is the variable. */
function mayRead(name: string, { path, text }: Text): boolean {
  if (!text.includes(name)) return false;
  const isCode = SCRIPT.test(path) || PYTHON.test(path);
  const form = isCode
    ? `['"\`]${name}['"\`]|\\$\\{?${name}(?!\\w)|\\b(?:env|environ)\\s*\\??\\.\\s*${name}(?!\\w)`
    : `(?<!\\w)${name}(?!\\w)`;
  return new RegExp(form).test(text);
}

function prefixesOf(name: string, texts: readonly Text[]): string[] {
  const longer = `([A-Za-z]\\w*_)${name}`;
  const script = `\\benv\\s*\\??\\.\\s*${longer}(?!\\w)|\\benv\\s*(?:\\?\\.\\s*)?\\[\\s*['"]${longer}['"]`;
  const python = `\\benviron\\s*(?:\\[|\\.\\s*get\\()\\s*['"]${longer}['"]|\\bgetenv\\(\\s*['"]${longer}['"]`;
  const found = new Set<string>();
  for (const { path, text } of texts) {
    const form = SCRIPT.test(path) ? script : PYTHON.test(path) ? python : null;
    if (form === null || !text.includes(`_${name}`)) continue;
    for (const [, one, other] of text.matchAll(new RegExp(form, 'g'))) found.add((one ?? other)!);
  }
  return [...found];
}
