/** What runs as process 1 of a container: a program, or a shell with a text that is known. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { locatedWords, type Word } from '../../stores/command.ts';
import { originalOf } from '../../stores/copies.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { programWords } from '../../syntax/programs.ts';
import type { Source } from '../../syntax/source.ts';
import { runsAlways } from './flow.ts';
import { HANDS_ON, INITS } from './signals.ts';
import { type LocatedText, scriptText, textAt } from './texts.ts';

export type Start =
  /** Started without a shell. */
  | { readonly kind: 'program'; readonly words: readonly Word[] }
  /** `sh -c text`; `handed` is what the text finds in `$@`. */
  | { readonly kind: 'shell'; readonly shell: string; readonly text: LocatedText; readonly handed: readonly Word[] }
  /** A script that was found: in the build context, or in a folder of the host that is mounted. */
  | { readonly kind: 'script'; readonly shell: string; readonly text: LocatedText; readonly handed: readonly Word[] }
  | { readonly kind: 'init'; readonly program: string }
  | { readonly kind: 'unknown' };

const SHELL = /^(?:sh|bash|ash|dash|ksh|zsh)$/;
const UNKNOWN: Start = { kind: 'unknown' };

/** What runs first, and what it hands over to: a script that ends in `exec "$@"` becomes the words that it was given. */
export function startsOf(analysed: AnalysedService, files: Files): readonly Start[] {
  const known = inRun.get(files) ?? new WeakMap<AnalysedService, readonly Start[]>();
  inRun.set(files, known);
  let starts = known.get(analysed);
  if (!starts) {
    starts = followed(analysed, files);
    known.set(analysed, starts);
  }
  return starts;
}

/** Several rules ask. Each run looks at its files anew, through an object of its own. */
const inRun = new WeakMap<Files, WeakMap<AnalysedService, readonly Start[]>>();

function followed(analysed: AnalysedService, files: Files): Start[] {
  const starts = [startOf(analysed, files)];
  for (let start = starts[0]!; start.kind === 'script' || start.kind === 'shell'; start = starts.at(-1)!) {
    const last = start.text.commands.at(-1);
    const handsOver =
      last?.words.length === 2 && last.words[0]!.text === 'exec' && /^\$\{?[@*]\}?$/.test(last.words[1]!.text);
    if (!start.text.whole || !handsOver || last.within.length > 0 || start.handed.length === 0) break;
    starts.push(startWith(start.handed, analysed, files));
  }
  return starts;
}

/** Also what an init program starts, which passes the words on, and the texts that scripts take in before they go on. */
export function* allStarts(analysed: AnalysedService, files: Files): Iterable<Start> {
  const seen = new Set<Source>();
  for (const start of startsOf(analysed, files)) {
    const real = start.kind === 'init' ? behindInit(analysed, files) : start;
    yield* withSourced(real, analysed, files, seen);
  }
}

function behindInit(analysed: AnalysedService, files: Files): Start {
  const words = locatedWords(analysed.service, analysed.image);
  const inits = words.findIndex(({ text }) =>
    /^(?:tini|tini-static|dumb-init|docker-init|catatonit)$/.test(path.posix.basename(text)),
  );
  if (inits < 0) return analysed.service.init ? startWith(words, analysed, files) : UNKNOWN;
  const rest = words.slice(inits + 1);
  const first = rest.findIndex(({ text }) => !text.startsWith('-'));
  return first < 0 ? UNKNOWN : startWith(rest.slice(first), analysed, files);
}

/** `. ./common.sh`, where it is run in any case: first what is taken in, then what does so. */
function* withSourced(start: Start, analysed: AnalysedService, files: Files, seen: Set<Source>): Iterable<Start> {
  if (start.kind === 'script' || start.kind === 'shell') {
    const { text } = start;
    seen.add(text.span.source);
    for (const [at, { words }] of text.commands.entries()) {
      const [first, second] = words;
      if (!/^(?:source|\.)$/.test(first?.text ?? '') || !second || second.open || !runsAlways(text.commands, at))
        continue;
      const word: Word = { text: second.text, from: 'dockerfile', open: false, shell: true };
      const taken = scriptAt(word, [], analysed, files, start.shell);
      if (taken?.kind === 'script' && !seen.has(taken.text.span.source))
        yield* withSourced(taken, analysed, files, seen);
    }
  }
  yield start;
}

function startOf(analysed: AnalysedService, files: Files): Start {
  const { service, image } = analysed;
  const own = (service.entrypoint !== undefined && service.entrypoint !== null) || image.entrypoint !== undefined;
  if (!own && !handsOn(analysed)) return UNKNOWN;
  const words = locatedWords(service, image);
  return service.init ? { kind: 'init', program: 'docker-init' } : startWith(words, analysed, files);
}

/** The image that it is built on brings no entrypoint, or one that makes way. */
export function handsOn({ image }: AnalysedService): boolean {
  if (image.stage && image.stage.base === null) return true;
  return image.match !== undefined && !image.match.lookalike && HANDS_ON.has(image.match.family.id);
}

function startWith(all: readonly Word[], analysed: AnalysedService, files: Files): Start {
  const init = all.findIndex(({ text }) => {
    const found = INITS.find(({ program }) => program === path.posix.basename(text));
    return found === undefined || found.signals !== 'becomes';
  });
  const program = path.posix.basename(all[init]?.text ?? '');
  if (INITS.some((one) => one.program === program)) return { kind: 'init', program };
  const words = programWords(all);
  const [first, ...rest] = words;
  if (!first || first.open) return UNKNOWN;
  const name = path.posix.basename(first.text);
  if (!SHELL.test(name)) return scriptAt(first, rest, analysed, files) ?? { kind: 'program', words };
  const options = rest.findIndex(({ text }) => !/^[-+]/.test(text) || text === '--');
  const command = rest.findIndex(({ text }) => /^-\w*c$/.test(text));
  if (command >= 0 && (options < 0 || command < options)) {
    const text = rest[command + 1];
    if (!text?.span || text.open) return UNKNOWN;
    const shown = textAt(text.text, text.span);
    return { kind: 'shell', shell: name, text: shown, handed: rest.slice(command + 3) };
  }
  const file = rest[options];
  return (file && scriptAt(file, rest.slice(options + 1), analysed, files, name)) ?? UNKNOWN;
}

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Undefined where it is no script of the project. */
function scriptAt(
  { text, copies }: Word,
  handed: readonly Word[],
  analysed: AnalysedService,
  files: Files,
  shell?: string,
): Start | undefined {
  const { placed, image, service } = analysed;
  const folder = service.workingDir?.value ?? image.workdir;
  const places =
    text.includes('/') || shell ? [path.posix.resolve(folder, text)] : FOLDERS.map((at) => `${at}/${text}`);
  const host =
    places.map((at) => placed.running.get(at)).find((at) => at !== undefined) ??
    mountedFile(analysed, places) ??
    places.map((at) => copies && placed.image.get(originalOf(at, copies))).find((at) => at !== undefined);
  if (host === undefined) return undefined;
  try {
    const source = files.read(host);
    const first = /^#![ \t]*(?:\/usr\/bin\/env[ \t]+(?:-S[ \t]+)?)?(\S+)/.exec(source.text)?.[1];
    const by = shell ?? (first === undefined ? 'sh' : path.posix.basename(first));
    if (!SHELL.test(by)) return /\.(sh|bash)$/.test(host) || first?.includes('execline') ? UNKNOWN : undefined;
    if (first === undefined && !shell && !/\.(sh|bash)$/.test(host)) return undefined;
    return { kind: 'script', shell: by, text: scriptText(source), handed };
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}

/** A script that is mounted by itself. */
function mountedFile({ service }: AnalysedService, places: readonly string[]): string | undefined {
  return service.mounts.find(
    (mount) =>
      mount.type === 'bind' &&
      mount.source !== undefined &&
      mount.unresolved.length === 0 &&
      places.includes(mount.target),
  )?.source;
}
