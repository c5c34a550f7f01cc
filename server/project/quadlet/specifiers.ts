/** What systemd puts in place of `%n` and `${NAME}` when it runs the command of a unit. */
import { type Chars, place, Writer } from '../../syntax/unit/chars.ts';
import type { Hole, Value } from './model.ts';

export interface Expansion {
  /** By the letter behind the percent sign; null for what only the running system knows. */
  readonly specifiers: ReadonlyMap<string, string | null>;
  /** The environment of the unit, not of the container; null where it has the variable and its value is not known. */
  readonly variables: ReadonlyMap<string, string | null>;
  /** A file may set more of them, which has to be there and is not here. */
  readonly more?: true;
}

/** Directories, users and machines: they depend on who runs the unit and where. */
const OF_THE_SYSTEM = 'aAbBCdDEfgGhHiIjJklLmMoqsSTtuUvVwWyY';

/** @param serviceName without `.service` */
export function specifiersOf(serviceName: string): Map<string, string | null> {
  const known = new Map<string, string | null>([...OF_THE_SYSTEM].map((letter) => [letter, null]));
  const at = serviceName.indexOf('@');
  const isTemplate = at >= 0 && at === serviceName.length - 1;
  const prefix = at < 0 ? serviceName : serviceName.slice(0, at);
  known.set('%', '%');
  known.set('N', isTemplate ? null : serviceName);
  known.set('n', isTemplate ? null : `${serviceName}.service`);
  known.set('p', prefix);
  known.set('P', plain(prefix));
  known.set('j', prefix.slice(prefix.lastIndexOf('-') + 1));
  known.set('J', plain(prefix.slice(prefix.lastIndexOf('-') + 1)));
  const instance = at < 0 ? '' : serviceName.slice(at + 1);
  if (!isTemplate) {
    known.set('i', instance);
    known.set('I', plain(instance));
  }
  return known;
}

/** The unescaped name, where there is nothing to unescape. */
const plain = (name: string): string | null => (/[-\\]/.test(name) ? null : name);

const PLACEHOLDER = /%(.)|\$\$|\$\{([A-Za-z_]\w*)\}/gs;

/**
 * Specifiers that only the running system knows stay as they are written, so that `%h/data` can be told from
 * `%t/data`; of variables, and of all where `unknown` is `dropped`, nothing is left. Both leave a hole.
 */
export function expand(
  written: Chars,
  { specifiers, variables, more }: Expansion,
  unknown: 'kept' | 'dropped' = 'kept',
): Value {
  const { text } = written;
  if (!/[%$]/.test(text)) return { chars: written, written, holes: [] };
  const writer = new Writer(written.source, written.at);
  const holes: Hole[] = [];
  let done = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, letter, name] = match;
    const end = match.index + whole.length;
    const value =
      letter !== undefined ? specifiers.get(letter) : name === undefined ? '$' : (variables.get(name) ?? null);
    // Percent signs in front of other letters stay.
    if (value === undefined) continue;
    writer.add(written, done, match.index);
    const from = writer.length;
    writer.add(written, match.index, end, value ?? (letter === undefined || unknown === 'dropped' ? '' : whole));
    if (value === null) {
      const hidden = name !== undefined && (variables.has(name) || more) ? ({ hidden: true } as const) : {};
      const span = place(written, match.index, end);
      holes.push({ variable: name ?? whole, span, from, to: writer.length, ...hidden });
    }
    done = end;
  }
  writer.add(written, done, text.length);
  return { chars: writer.done(), written, holes };
}
