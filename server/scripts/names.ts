/** Which files hold commands, by their names. */
import type { ScriptFileKind } from './model.ts';

const KINDS: readonly (readonly [RegExp, ScriptFileKind])[] = [
  [/(^|\/)\.vscode\/tasks\.json$/, 'vscode-tasks'],
  [/(^|\/)\.vscode\/settings\.json$/, 'vscode-settings'],
  [/(^|\/)\.(github|gitea|forgejo)\/(workflows\/[^/]+|actions\/.*action)\.ya?ml$/i, 'github'],
  [/(^|\/)[\w-]*\.gitlab-ci\.ya?ml$/i, 'gitlab'],
  [/(^|\/)taskfile(\.dist)?\.ya?ml$/i, 'taskfile'],
  [/(^|\/)package\.json$/, 'package-json'],
  [/(^|\/)(gnu)?makefile$|\.(mk|make)$/i, 'makefile'],
  [/(^|\/)\.?justfile$|\.just$/i, 'justfile'],
  [/(^|\/)jenkinsfile([._-](?!md$|markdown$|txt$|bak$|orig$|j2$)[\w-]+)?$|\.jenkinsfile$/i, 'jenkinsfile'],
  // Names in `cron.d` have no dot, or cron passes them by.
  [/(^|\/)([\w-]+[._-])?crontab([_-][\w-]+)?$|\.(cron|crontab)$|(^|\/)cron\.d\/[\w-]+$/i, 'crontab'],
  [/\.service$/, 'systemd'],
  [/\.(sh|bash|zsh|ksh)$/i, 'shell'],
  [/\.(md|markdown)$/i, 'markdown'],
];

/** Null for files that hold no commands, as far as their names tell. */
export const scriptKind = (file: string): ScriptFileKind | null =>
  KINDS.find(([pattern]) => pattern.test(file))?.[1] ?? null;

export const isScriptFile = (file: string): boolean => scriptKind(file) !== null;

/** A script without a suffix: `bin/deploy`. */
export const startsAsShell = (text: string): boolean => /^#!.*\b(ba|da|z|k|a)?sh\b/.test(text.slice(0, 200));
