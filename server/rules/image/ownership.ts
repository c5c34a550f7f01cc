/** To whom a directory of the image belongs once the build has ended. */
import * as path from 'node:path';
import type { Files } from '../../files.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { copiedFiles } from '../../syntax/build-context.ts';
import type { CopyStep, RunStep, StageResult, Step, Value } from '../../syntax/dockerfile.ts';
import { programWords } from '../../syntax/programs.ts';
import { runText } from './texts.ts';
import { wordValue } from './writes.ts';

/** `missing`: the engine makes the mount point, for root. `unknown`: something may have given it to somebody. */
export type Owner = 'root' | 'missing' | 'unknown';

/** The user that the container runs as; undefined for root, and where it is not known. */
export function plainUser({ image: { stage }, service }: AnalysedService): Value | undefined {
  const user = stage?.user;
  if (!user || service.user || user.unresolved.length > 0) return undefined;
  return /^(?:root|0|ContainerAdministrator)?(?::|$)/i.test(user.value) ? undefined : user;
}

export const isRoot = (user: string | null): boolean => user === null || /^(?:root|0)(?::|$)/.test(user);

/** Programs that change or set owners and rights. */
const GIVES = new Set([
  'chown',
  'chgrp',
  'chmod',
  'install',
  'useradd',
  'adduser',
  'usermod',
  'setfacl',
  'rsync',
  'tar',
  'cp',
  'mv',
  'unzip',
]);
/** What runs a text that is not looked at. */
const RUNS = /^(?:sh|bash|ash|dash|zsh|make|ansible-playbook|su|runuser|eval|source|\.)$|\.sh$/;

export function ownerOf(at: string, analysed: AnalysedService, files: Files): Owner {
  const { stage } = analysed.image;
  if (!stage || isWithin(stage.workdir?.value ?? '/', at)) return 'unknown';
  let owner: Owner = 'missing';
  for (const step of stage.steps) {
    if (workdirsOf(step).some((one) => isWithin(one, at))) return 'unknown';
    const found =
      step.kind === 'run'
        ? afterRun(step.run, at, stage)
        : step.kind === 'copy'
          ? afterCopy(step.copy, at, analysed, files)
          : undefined;
    if (found === 'unknown') return 'unknown';
    if (found) owner = found;
  }
  return owner;
}

/** BuildKit makes a working directory for the user of that moment, the classic builder for root. */
const workdirsOf = (step: Step): readonly string[] =>
  step.kind === 'run' ? [step.run.workdir] : step.kind === 'copy' ? (step.copy.workdirs ?? []) : [];

function afterRun(run: RunStep, at: string, stage: StageResult): Owner | undefined {
  const text = runText(run);
  if (!text?.whole) return 'unknown';
  let owner: Owner | undefined;
  let folder: string | null = run.workdir;
  for (const command of text.commands) {
    const words = programWords(command.words);
    const name = path.posix.basename(words[0]?.text ?? '');
    const given = words.slice(1).filter(({ text: word }) => !word.startsWith('-') || word.includes('/'));
    const places = given.map((word): string | null => {
      const value =
        wordValue({ ...word, text: word.text.replace(/^--?[\w-]+=/, '') }, stage)?.replace(/\/\*?$/, '') ?? null;
      if (value === null || /[*?[{]/.test(value)) return null;
      return value.startsWith('/') || folder !== null ? path.posix.resolve(folder ?? '/', value) : null;
    });
    if (RUNS.test(name) || (words[0]?.text ?? '').startsWith('./')) return 'unknown';
    const touches = places.some((place) => place === null || isWithin(at, place) || isWithin(place, at));
    if (GIVES.has(name) && touches) return 'unknown';
    const makes = places.some((place) => place !== null && isWithin(place, at));
    if (makes && !isRoot(run.user)) return 'unknown';
    if (name === 'mkdir' && makes) owner = 'root';
    if (name === 'cd') folder = places[0] ?? null;
  }
  return owner;
}

function afterCopy(copy: CopyStep, at: string, { placed }: AnalysedService, files: Files): Owner | undefined {
  const to = copy.destination.value.replace(/(.)\/+$/, '$1');
  if (copy.destination.unresolved.length > 0) return 'unknown';
  const near = isWithin(at, to) || isWithin(to, at);
  if (!near) return undefined;
  // What another stage or image holds there, and for whom, is not followed.
  if (copy.from || !placed.context) return 'unknown';
  const { context } = placed;
  // An empty folder has no file that tells of it.
  const folder = ({ value }: Value): boolean =>
    isWithin(at, to) &&
    files.kind(path.posix.join(context.directory, value, path.posix.relative(to, at))) === 'directory';
  const brings =
    isWithin(to, at) ||
    copy.sources.some(folder) ||
    copiedFiles(context, copy).some(({ destination }) => isWithin(destination, at));
  if (!brings) return undefined;
  return copy.flags.has('chown') || copy.flags.has('chmod') ? 'unknown' : 'root';
}
