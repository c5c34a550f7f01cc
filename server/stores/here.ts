/** One container, as the stores of its code are asked after: what decides where they are is read once for all of them. */
import type { CodePlace } from './from-source.ts';
import type { PathExpression, SourceStore } from './source/model.ts';
import { type ResolvedStore, resolveStore } from './source/resolve.ts';
import { flatWords } from './words.ts';

type Value = string | null | undefined;

/** What is said of a variable: here, and in the example of a file that is not here. */
interface Said {
  readonly value: Value;
  readonly example: string | undefined;
}

/** What some stores of code are in a container, and all that it was told by. */
interface Resolution<T> {
  readonly at: ReadonlyMap<string, string>;
  readonly workdir: string | null;
  readonly home: string | null;
  readonly words: string;
  readonly gap: string;
  readonly asked: readonly (readonly [name: string, said: Said])[];
  readonly is: T;
}

/** Code that more services than these share is resolved anew for each. */
const MAX_RESOLUTIONS = 32;

/** The same code is asked after at every edit, and for each service that runs it. */
export type Resolved<T> = WeakMap<readonly SourceStore[], readonly Resolution<T>[]>;

export class Here {
  private readonly place: CodePlace;
  /** By the path on the host. */
  private readonly at: ReadonlyMap<string, string>;
  private readonly home: string | null;
  private readonly words: string;
  private argv: readonly string[] | undefined;
  /** The variables that were asked for, while somebody resolves. */
  private asked: Map<string, Said> | undefined;
  private readonly known = new Map<string, Said>();

  constructor(place: CodePlace, at: ReadonlyMap<string, string>) {
    this.place = place;
    this.at = at;
    this.home = place.environment.get('HOME')?.value ?? null;
    this.words = place.argv.join('\0');
  }

  /** Why variables that nobody sets here may be set all the same. */
  get gap(): string {
    return this.place.environmentGaps[0] ?? 'there is no .env here';
  }

  /** `hidden`: variables that a file may set which is not here; without them the path is this one. */
  resolve(found: SourceStore): ResolvedStore & { readonly hidden?: readonly string[] } {
    const { at, home } = this;
    const { workdir, argv } = this.place;
    if (argv.length > 0) this.argv ??= flatWords(argv);
    const file = (host: string): string | null => at.get(host) ?? null;
    const by = (environment: (name: string) => Value): ResolvedStore =>
      resolveStore(found, { file, workdir, environment, home, ...(this.argv ? { argv: this.argv } : {}) });
    const said = (name: string): Said => {
      const entry = this.said(name);
      this.asked?.set(name, entry);
      return entry;
    };
    const known = by((name) => said(name).value);
    const { environment, environmentGaps, environmentExamples } = this.place;
    if (!('unknown' in known) || (environmentGaps.length === 0 && environmentExamples.size === 0)) return known;
    const hidden = new Set<string>();
    let exemplary = false;
    const usual = by((name) => {
      const { value, example } = said(name);
      if (value !== null || (environment.has(name) && example === undefined)) return value;
      hidden.add(name);
      exemplary ||= example !== undefined;
      return example;
    });
    return 'path' in usual || ('elsewhere' in usual && exemplary) ? { ...usual, hidden: [...hidden] } : known;
  }

  /** What `resolve` made of the very same stores before, where nothing is another that decides it. */
  once<T>(known: Resolved<T>, found: readonly SourceStore[], resolve: () => T): T {
    const before = known.get(found) ?? [];
    const same = before.find((one) => this.isSame(one));
    if (same) return same.is;
    this.asked = new Map();
    const is = resolve();
    const { at, home, words, gap } = this;
    const resolution = { at, workdir: this.place.workdir, home, words, gap, asked: [...this.asked], is };
    this.asked = undefined;
    known.set(found, [resolution, ...before].slice(0, MAX_RESOLUTIONS));
    return is;
  }

  private said(name: string): Said {
    let said = this.known.get(name);
    if (!said) {
      // What is empty in an example is for people to fill in.
      const example = this.place.environmentExamples.get(name)?.value || undefined;
      said = { value: environmentValue(name, this.place), example };
      this.known.set(name, said);
    }
    return said;
  }

  private isSame({ at, workdir, home, words, gap, asked }: Resolution<unknown>): boolean {
    return (
      at === this.at &&
      workdir === this.place.workdir &&
      home === this.home &&
      words === this.words &&
      gap === this.gap &&
      asked.every(([name, { value, example }]) => {
        const said = this.said(name);
        return said.value === value && said.example === example;
      })
    );
  }
}

/** undefined: not set; null: set, but its value is not known. */
export function environmentValue(name: string, place: CodePlace): Value {
  const entry = place.environment.get(name);
  if (entry) return entry.evidence.confidence === 'memory' ? null : entry.value;
  return place.environmentGaps.length > 0 ? null : undefined;
}

/** The variables that a path is made of. */
export const namesIn = (expression: PathExpression): readonly string[] => [...new Set(readNames(expression))];

function* readNames(part: PathExpression): Iterable<string> {
  if (part.kind === 'env' || part.kind === 'flag') {
    if (part.kind === 'env') yield part.name;
    if (part.fallback) yield* readNames(part.fallback);
  } else if (part.kind === 'dirname') yield* readNames(part.of);
  else if (part.kind === 'join' || part.kind === 'concat') for (const one of part.parts) yield* readNames(one);
  else if (part.kind === 'either') for (const one of part.options) yield* readNames(one);
}
