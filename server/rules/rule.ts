/** What a rule is. One file each, its identity first; see CONTRIBUTING.md. */
import type { Files } from '../files.ts';
import type { Past } from '../history/model.ts';
import type { Script } from '../scripts/model.ts';
import type { AnalysedProject } from '../stores/model.ts';
import type { Evidence, Store } from '../survival/words.ts';
import type { Source, Span } from '../syntax/source.ts';
import type { Effect, GuardName } from './guards/table.ts';

export const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `safe` may be applied unseen. `migration` changes where existing data is looked for: one by one, with its steps. */
export type Safety = 'safe' | 'migration';

export interface Edit {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly Edit[];
  /** For `migration`: how to carry existing data over, one command or sentence each, in order. */
  readonly steps?: readonly string[];
}

/**
 * What a rule looks at: a project, the Dockerfile of an image whether a project uses it or not, a script, or the commands
 * that services are started with.
 */
export const SUBJECTS = ['project', 'image', 'script', 'started'] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface RuleIdentity {
  /** kebab-case; the file's name. */
  readonly name: string;
  /** The highest it reports; guards may lower it. */
  readonly severity: Severity;
  /** One line, for tables. */
  readonly summary: string;
  /** Why it matters, in a few sentences. */
  readonly rationale: string;
  /** A Compose file that it catches, and the same file repaired. */
  readonly bad: string;
  readonly good: string;
  /** What its fixes may do; `none` where it offers none. */
  readonly fixSafety: Safety | 'both' | 'none';
  /** Why the fix is what it is. */
  readonly fixNote?: string;
  readonly since: string;
  /** A project, where it is left out. */
  readonly about?: Subject | readonly Subject[];
  /** What it finds keeps Compose from starting at all: guards for tests and one-shot services do not soften it. */
  readonly refusal?: boolean;
  /** Guards that mean something else to this rule than to others. */
  readonly guards?: Readonly<Partial<Record<GuardName, Effect | 'none'>>>;
  readonly references?: readonly string[];
}

export const subjectsOf = ({ about = 'project' }: Pick<RuleIdentity, 'about'>): readonly Subject[] => [about].flat();

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly service?: string;
  readonly store?: Store;
  readonly related: readonly Evidence[];
  /** Computed when asked for: an editor asks for the fixes of one line, not of all. */
  readonly fixes: () => readonly Fix[];
}

export interface RuleContext {
  /** For a script: the project around it, for what its commands are about; without services where there is none. */
  readonly analysed: AnalysedProject;
  /** Set while a script is looked at, or what a service is started with. */
  readonly script?: Script;
  readonly files: Files;
  /** Works out from files what stays the same while those do; each time anew where nobody keeps it. */
  readonly keep?: <T>(key: object, files: Files, compute: (files: Files) => T) => T;
  /** What git remembers; absent where there is no repository, or while it is being read. */
  readonly past?: Past;
  /** The project as it was committed last; absent where nothing has changed since. */
  readonly before?: AnalysedProject;
}

export interface Rule extends RuleIdentity {
  check(context: RuleContext): Iterable<Omit<Finding, 'rule'>>;
}
