/** One document in several languages says one thing: it is told where it was written first. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { Source, Span } from '../../syntax/source.ts';

/** ISO 639-1, of languages that documentation is translated to; a region or a script may follow. */
const LANGUAGE =
  /^(?:ar|bg|bn|ca|cn|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|jp|ka|ko|kr|lt|lv|ms|nb|nl|no|pl|pt|ro|ru|sk|sl|sr|sv|ta|th|tr|tw|uk|ur|uz|vi|zh)(?:[-_](?:[a-z]{2}|hans|hant|latn|419))?$/i;
const ENGLISH = ['en', 'en-US', 'en_US', 'en-us'];
/** Folders above that may hold the document a translation was made of. */
const MAX_ABOVE = 3;

/** The same command stands in the document that this one is a translation of. */
export function isTranslated({ source, start }: Span, files: Files): boolean {
  if (!/\.(?:md|markdown)$/i.test(source.path)) return false;
  const command = commandAt(source, start);
  return command !== '' && originals(source.path).some((file) => linesOf(file, files).has(command));
}

/** Where the untranslated document may stand, the likeliest first. */
function originals(file: string): string[] {
  const folder = path.posix.dirname(file);
  const found = untagged(path.posix.basename(file)).flatMap((name) => upwards(folder).map((at) => `${at}/${name}`));
  const segments = file.split('/');
  for (const [at, segment] of segments.slice(0, -1).entries()) {
    if (!LANGUAGE.test(segment)) continue;
    const before = segments.slice(0, at);
    const behind = segments.slice(at + 1);
    found.push([...before, ...behind].join('/'));
    if (!/^en/i.test(segment)) found.push(...ENGLISH.map((one) => [...before, one, ...behind].join('/')));
    // Docusaurus: `i18n/fr/docusaurus-plugin-content-docs/current/x.md` of `docs/x.md`.
    if (before.at(-1) === 'i18n' && /^docusaurus-plugin-content-docs/.test(behind[0] ?? ''))
      found.push([...before.slice(0, -1), 'docs', ...behind.slice(2)].join('/'));
  }
  return found.filter((one) => one !== file);
}

/** `README.md` of `README.zh-CN.md`, `README_ja.md` and `README-pt_BR.md`; none where no language is named. */
function untagged(name: string): string[] {
  const match = /^(.+?)[._-]([a-z]{2}(?:[-_][a-z0-9]{2,4})?)(\.(?:md|markdown))$/i.exec(name);
  if (!match || !LANGUAGE.test(match[2]!)) return [];
  const [, stem, language, suffix] = match;
  return [`${stem}${suffix}`, ...(/^en/i.test(language!) ? [] : ENGLISH.map((one) => `${stem}.${one}${suffix}`))];
}

function upwards(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; folders.length <= MAX_ABOVE && path.posix.dirname(at) !== at; at = path.posix.dirname(at))
    folders.push(path.posix.dirname(at));
  return folders;
}

/** A line without what is said about it, which is what is translated. */
const bare = (line: string): string =>
  line
    .replace(/^[\s>]*(?:[$%#][ \t]+)?/, '')
    .replace(/[ \t]+#.*$/, '')
    .trim();

function commandAt({ text }: Source, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return bare(text.slice(from, end < 0 ? text.length : end));
}

const lines = new WeakMap<Source, ReadonlySet<string>>();

function linesOf(file: string, files: Files): ReadonlySet<string> {
  if (files.kind(file) !== 'file') return new Set();
  try {
    const source = files.read(file);
    let found = lines.get(source);
    if (!found) {
      found = new Set(source.text.split('\n').map(bare));
      lines.set(source, found);
    }
    return found;
  } catch (error) {
    if (error instanceof UnreadableFile) return new Set();
    throw error;
  }
}
