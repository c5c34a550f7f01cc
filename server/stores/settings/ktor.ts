/** Ktor: `application.conf` (HOCON) and `application.yaml`. The names of its keys are the application's own; the URL tells. */
import type { Source } from '../../syntax/source.ts';
import { environment, literal } from '../source/expressions.ts';
import { jdbcTarget } from '../source/jdbc.ts';
import type { PathExpression } from '../source/model.ts';
import { type SettingsReader, said } from './application.ts';
import { readYaml } from './spring.ts';

export interface KtorUrl {
  readonly key: string;
  readonly value: PathExpression;
  /** As written, without what the environment says over it. */
  readonly url: string;
  readonly start: number;
  readonly end: number;
}

/** `url = "jdbc:sqlite:x.db"`, and below it `url = ${?DB_URL}`. Texts that are put together are not followed. */
export function readHocon(text: string): KtorUrl[] {
  const plain = text.replace(/(?:^|(?<=\s))(?:#|\/\/)[^\n]*/g, (comment) => ' '.repeat(comment.length));
  return [...plain.matchAll(/(?<=^|[\s{,.])([\w-]+)[ \t]*[=:][ \t]*"(jdbc:[^"$\n]*)"[ \t]*(?=[\n,}]|$)/g)].map(
    (match) => {
      const [all, key = '', url = ''] = match;
      const rest = plain.slice(match.index + all.length);
      const over = new RegExp(`^[\\s,]*${key.replace(/-/g, '\\-')}[ \\t]*[=:][ \\t]*\\$\\{\\?(\\w+)\\}`).exec(
        rest,
      )?.[1];
      const value = over === undefined ? literal(url) : environment(literal(over), literal(url));
      return { key, value, url, start: match.index, end: match.index + all.trimEnd().length };
    },
  );
}

/** `url: "$DB_URL:jdbc:sqlite:x.db"` is the variable, or else what follows it. */
export function readKtorYaml(text: string): KtorUrl[] {
  return readYaml(text).flatMap(({ key, value, start, end }) => {
    const [, name, url = ''] = /^(?:\$(\w+):)?(jdbc:[^$]*)$/.exec(value) ?? [];
    if (url === '') return [];
    return [
      { key, value: name === undefined ? literal(url) : environment(literal(name), literal(url)), url, start, end },
    ];
  });
}

const FILE = /\/src\/main\/resources\/application\.(?:conf|ya?ml)$/;

export const ktor: SettingsReader = (application) => {
  const files = application.named(FILE).filter(isKtor);
  const [source] = files;
  // Another file, or other values, come from the command line.
  if (!source || files.length > 1 || application.isHidden(source.path)) return [];
  if (application.words.some((word) => /^-(?:config=|P:)/.test(word))) return [];
  const urls = (source.path.endsWith('.conf') ? readHocon : readKtorYaml)(source.text);
  // Of several it is not known which one is opened.
  if (urls.length !== 1 || jdbcTarget(urls[0]!.url)?.kind !== 'file') return [];
  const [{ key, value, start, end }] = urls as [KtorUrl];
  return [said({ by: key, source, start, end, path: value }, { technology: 'h2', form: 'jdbc' })];
};

const isKtor = ({ text }: Source): boolean => /^[ \t]*["']?ktor["']?[ \t]*[{:]/m.test(text);
