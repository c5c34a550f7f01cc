/** What a mount takes: a folder of the host, a volume, or one that a unit makes. */
import * as path from 'node:path';
import { place } from '../../../syntax/unit/chars.ts';
import type { Value } from '../model.ts';
import { type Origin, type Outcome, type Place, type SourceParts, written } from './outcome.ts';

/** Specifiers that stand for a directory: home, runtime, state, cache, logs, settings, temporary ones, credentials. */
const DIRECTORY = /^%[hStCLETVdDy]/;

/**
 * The source of `-v`. `%h/data` is a folder of the host that is on disk: it stays as it is written, with a hole, because
 * whose home it is only systemd knows.
 */
export function volumeSource(value: Value, origin: Origin, at: Place): SourceParts | Outcome {
  const { text } = value.chars;
  const parts = written(value);
  // A variable that nothing is left of may have been a path or a name.
  if (value.holes.some((hole) => hole.from === 0 && hole.to === 0)) return { ...parts, type: 'bind' };
  if (text.startsWith('.')) return relative(value, origin, at);
  if (text.startsWith('/') || DIRECTORY.test(text)) return { ...parts, type: 'bind', source: text };
  if (origin === 'key' && text.endsWith('.volume')) return ofUnit(value, at);
  return { ...parts, type: 'volume', source: at.volumeNamed(text, value) };
}

/** The source of `--mount type=bind`: always a path. */
export function bindSource(value: Value, origin: Origin, at: Place): SourceParts {
  const { text } = value.chars;
  const parts = written(value);
  if (value.holes.some((hole) => hole.from === 0 && hole.to === 0)) return { ...parts, type: 'bind' };
  if (text.startsWith('/') || DIRECTORY.test(text)) return { ...parts, type: 'bind', source: text };
  return text.startsWith('.') && origin === 'key' ? relative(value, origin, at) : besideCommand(value);
}

function relative(value: Value, origin: Origin, at: Place): SourceParts {
  if (origin === 'arguments') return besideCommand(value);
  return { ...written(value), type: 'bind', source: path.posix.resolve(at.directory, value.chars.text) };
}

/** Podman looks for it where systemd runs it, which is not the folder of the unit. */
function besideCommand(value: Value): SourceParts {
  const unresolved = [...written(value).unresolved, { variable: 'WorkingDirectory', span: place(value.written) }];
  return { ...written(value), type: 'bind', unresolved };
}

/** @returns a problem where Quadlet finds no such unit */
export function ofUnit(value: Value, at: Place): SourceParts | Outcome {
  const { text } = value.chars;
  const source = at.volumeUnit(text);
  if (source !== undefined) return { ...written(value), type: 'volume', source };
  return noUnit(value);
}

export const noUnit = (value: Value): Outcome => ({
  problem: {
    span: place(value.written),
    message: `there is no ${value.written.text} beside this unit`,
    reference: true,
  },
});
