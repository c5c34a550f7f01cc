/** The words that start a server, each with its place: through `sh -c`, behind wrappers, without other programs' words. */
import * as path from 'node:path';
import type { Service, Words } from '../project/model.ts';
import type { Exec } from '../syntax/dockerfile.ts';
import { type Span, textOf } from '../syntax/source.ts';
import { type Copies, copiesIn } from './copies.ts';
import type { ServiceImage } from './model.ts';
import { splitsWords } from './split-words.ts';
import { commandsIn, passesOn, shellAt } from './words.ts';

export interface Word {
  readonly text: string;
  readonly span?: Span;
  readonly from: 'command' | 'dockerfile';
  /** Variables without a value are, or may be, a part of it. */
  readonly open: boolean;
  /** It goes through a shell, which puts variables of the container in. */
  readonly shell: boolean;
  /** Which files of the image its build made of which others; absent where it made none. */
  readonly copies?: Copies;
}

/** Entrypoint and command as the engine combines them, located. */
export function locatedWords(service: Service, image: ServiceImage): readonly Word[] {
  const built = image.stage;
  const entrypoint = service.entrypoint
    ? ofService(service.entrypoint)
    : ofImage(image.entrypoint, built?.entrypoint ?? null);
  const own = service.entrypoint !== undefined && service.entrypoint !== null;
  const command = service.command
    ? ofService(service.command)
    : own
      ? []
      : ofImage(image.command, built?.command ?? null);
  const copies = copiesIn(built);
  const words = [...entrypoint, ...(splitsWords({ service, image }) ? command.flatMap(parts) : command)];
  return copies.size === 0 ? words : words.map((word) => ({ ...word, copies }));
}

function ofService({ words, spans, span, unresolved }: Words): Word[] {
  return words.map((text, i) => {
    const at = spans[i] ?? span;
    // A variable of which nothing is left may have been a word of its own behind this one.
    const until = spans[i + 1] && spans[i + 1] !== span ? spans[i + 1]!.start : span.end;
    const touches = unresolved.some((hole) => hole.span.start >= at.start && hole.span.start < Math.max(until, at.end));
    return { text, span: at, from: 'command', open: touches, shell: false };
  });
}

function ofImage(words: readonly string[] | undefined, exec: Exec | null): Word[] {
  if (!words) return [];
  const span = exec?.words === words ? exec.span : undefined;
  let cursor = 0;
  return words.map((text) => {
    const at = span && within(span, text, cursor);
    if (at && at !== span) cursor = at.end - span!.start;
    return { text, ...(at ? { span: at } : {}), from: 'dockerfile', open: false, shell: false };
  });
}

/** The words that a shell makes of one with blanks in it. */
function parts(word: Word): Word[] {
  let cursor = 0;
  return word.text.split(/\s+/).map((text) => {
    const span = word.span && within(word.span, text, cursor);
    if (span && span !== word.span) cursor = span.end - word.span!.start;
    return { ...word, text, ...(span ? { span } : {}) };
  });
}

/** Where `text` stands letter by letter in what is written at `span`, from `cursor` on; else the whole span. */
function within(span: Span, text: string, cursor = 0): Span {
  const at = text === '' ? -1 : textOf(span).indexOf(text, cursor);
  return at < 0 ? span : { ...span, start: span.start + at, end: span.start + at + text.length };
}

/** A part of a word, by its offsets in the text. */
export function partOfWord({ text, span }: Word, from: number): Span | undefined {
  if (!span || from === 0) return span;
  const whole = within(span, text);
  return textOf(whole) === text ? { ...whole, start: whole.start + from } : within(span, text.slice(from));
}

/**
 * The words from the server's program on. Of several commands in a shell's text the last that runs one of `servers`;
 * where none is named, all words.
 */
export function serverWords(words: readonly Word[], servers: readonly string[]): readonly Word[] {
  const commands = commandsOf(words);
  const starts = (word: Word): boolean => servers.includes(path.posix.basename(word.text));
  const running = commands.findLast((command) => command.some(starts));
  return running ? running.slice(running.findIndex(starts)) : commands.flat();
}

function commandsOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const shell = shellAt(words.map(({ text }) => text));
  const script = words[shell + 2];
  if (shell < 0 || !script) return [words];
  let cursor = 0;
  const inside = commandsIn(script.text).map((command) =>
    command.map((text): Word => {
      const span = script.span && within(script.span, text, cursor);
      if (span && span !== script.span) cursor = span.end - script.span!.start;
      return { ...script, text, ...(span ? { span } : {}), shell: true };
    }),
  );
  // `exec "$@"` runs the words behind the text; the first of them is only its name.
  const handed = passesOn(script.text) ? words.slice(shell + 4) : [];
  return [...inside, handed];
}

/** A text as a shell reads it: with the variables of the container in it; null where one has no known value. */
export function expanded(text: string, environment: (name: string) => string | null | undefined): string | null {
  let known = true;
  const result = text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))|[$`]/g,
    (_, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare;
      const value = name === undefined ? null : environment(name);
      if (typeof value === 'string' && value !== '') return value;
      if (value !== null && fallback !== undefined && !fallback.includes('$')) return fallback;
      known = false;
      return '';
    },
  );
  return known ? result : null;
}
