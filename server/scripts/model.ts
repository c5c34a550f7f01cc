/** What people run things with (shell scripts, Makefiles, CI, documentation) as the commands in it, each with its place. */
import type { Source, Span } from '../syntax/source.ts';

/** What a file of commands is by its name. */
export type ScriptFileKind =
  | 'shell'
  | 'makefile'
  | 'justfile'
  | 'taskfile'
  | 'package-json'
  | 'vscode-tasks'
  | 'vscode-settings'
  | 'github'
  | 'gitlab'
  | 'jenkinsfile'
  | 'crontab'
  | 'systemd'
  | 'markdown';

/** `started`: no file of its own, but what a service is started with. */
export type ScriptKind = ScriptFileKind | 'started';

export interface Word {
  /** After quotes, escapes and known variables; {@link UNKNOWN} stands for what only running it would tell. */
  readonly text: string;
  /** As written, with its quotes. */
  readonly span: Span;
  /** False where a variable or a substitution decides what it says; `text` is then the likeliest reading. */
  readonly told: boolean;
  /** Of a loop: what else the word says in turn. */
  readonly each?: Each;
}

/** What the engine lists, as far as it was chosen from. */
export interface Listing {
  readonly of: 'volumes' | 'containers';
  /** Whether something of this name is in the list, behind `grep` and `--filter name=`. */
  readonly picks: (name: string) => boolean;
}

/** What a loop puts in the place of its variable, one after the other. */
export type Values = readonly string[] | Listing;

export interface Each {
  readonly values: Values;
  /** The word, with {@link TURN} where the value goes. */
  readonly template: string;
}

export interface Redirect {
  /** `<`, `>`, `>>`, `&>`, `<<`, `<<<` ... */
  readonly op: string;
  /** Null for a here-document. */
  readonly target: Word | null;
  readonly fd: number | null;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

/** What decides whether a command is run at all. */
export interface Condition {
  readonly kind: 'if' | 'else' | 'case' | 'loop' | 'and' | 'or';
  /** As written: the test, the pattern, or the command on the left. */
  readonly text: string;
}

/** Where a command is run, when that is not the shell of the script itself. */
export interface Within {
  /** `service`: `docker compose exec`, `run`. `container`: `docker exec`. `one-off`: `docker run`. `host`: `ssh`. */
  readonly kind: 'service' | 'container' | 'one-off' | 'host';
  readonly name: Word | null;
  /** The command that leads there. */
  readonly by: Command | null;
}

export interface Command {
  /** From the program on: what only leads to it (`sudo`, `env`, `time`) is left out. Never empty. */
  readonly words: readonly [Word, ...Word[]];
  /** With everything that leads to it and its redirections. */
  readonly span: Span;
  readonly redirects: readonly Redirect[];
  /** Those in front of it: `PGPASSWORD=x pg_dump`. */
  readonly assignments: readonly Assignment[];
  /** Its neighbors in a pipeline. */
  readonly pipedFrom: Command | null;
  readonly pipedInto: Command | null;
  /** Outermost first. */
  readonly conditions: readonly Condition[];
  /** Outermost first; empty for what the script's own shell runs. */
  readonly within: readonly Within[];
  /** Entered with `cd`, from where the script starts (``); null where it cannot be told. */
  readonly folder: string | null;
  /** Comments right above it and behind it, without their `#`. */
  readonly comments: readonly string[];
  /** Someone was asked before: `read -p`, `select`, `gum confirm`, `[confirm]`, `prompt:`. */
  readonly confirmed: boolean;
  /** Its output is used as words of another: `$(docker ps -q)`. */
  readonly substituted: boolean;
}

/** What is run as one: a target, a function, a step, a fenced block. */
export interface ScriptPart {
  /** The target, function, npm script, `job / step`, or the heading above; null for the top level of a script. */
  readonly name: string | null;
  readonly span: Span;
  readonly commands: readonly Command[];
  /** Someone is asked before any of it runs. */
  readonly confirmed: boolean;
  /** On a machine that is thrown away: a hosted runner, or a job that tests. */
  readonly ephemeral: boolean;
  /** Parts that run before this one, by name: prerequisites, dependencies. */
  readonly after: readonly string[];
  /** What the text around it says: the paragraph above a fenced block, the description of a task. */
  readonly prose: string;
}

/** A setting of the editor that makes it run something. */
export interface ScriptSetting {
  readonly key: string;
  readonly value: string | number | boolean | null;
  readonly keySpan: Span;
  readonly span: Span;
}

export interface Script {
  readonly source: Source;
  readonly kind: ScriptKind;
  readonly parts: readonly ScriptPart[];
  /** Only of `vscode-settings`. */
  readonly settings: readonly ScriptSetting[];
}

/** Stands in a word for what cannot be told. It is no character of any script. */
export const UNKNOWN = '\uE001';
/** Stands in a template for the value of a loop. */
export const TURN = '\uE002';
