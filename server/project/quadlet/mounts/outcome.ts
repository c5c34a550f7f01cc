/** What reading one mount option of `podman run` comes to. */
import type { Problem, Span } from '../../../syntax/source.ts';
import { type Chars, place } from '../../../syntax/unit/chars.ts';
import type { Mount, Unresolved } from '../../model.ts';
import { cleanTarget } from '../../mounts.ts';
import type { Value } from '../model.ts';
import { unresolvedOf } from '../text.ts';

export interface Outcome {
  readonly mount?: Mount;
  /** Something is mounted, but where, or what becomes of it, is not known. */
  readonly gap?: Problem;
  /** Podman refuses it. */
  readonly problem?: Problem;
}

/** How the words of a mount are understood: what they stand for, and what they name. */
export interface Place {
  /** Of the unit; sources that begin with a dot lie in it. */
  readonly directory: string;
  expand(written: Chars): Value;
  /** The key of the volume that a `.volume` unit makes; undefined where there is no such unit. */
  volumeUnit(file: string): string | undefined;
  /** The key of the volume with this name on the engine. */
  volumeNamed(name: string, value: Value): string;
  /** The image that a `.image` or `.build` unit stands for. */
  imageUnit(file: string): string | undefined;
}

/** Where an option was written: keys are worked on by Quadlet, arguments go to Podman as they are. */
export type Origin = 'key' | 'arguments';

export const refused = (chars: Chars, message: string): Outcome => ({ problem: { span: place(chars), message } });

export const notTold = (chars: Chars, message: string): Outcome => ({ gap: { span: place(chars), message } });

/** The target, or what hinders it. */
export function targetOf(target: Value, whole: Chars): Pick<Mount, 'target' | 'targetText' | 'targetSpan'> | Outcome {
  const { text } = target.chars;
  const hole = target.holes[0];
  if (hole) return notTold(whole, `${hole.variable}, which is not known here, decides where this is mounted`);
  if (!text.startsWith('/')) return refused(target.written, `"${text}" is no absolute path in the container`);
  return { target: cleanTarget(text), targetText: text, targetSpan: place(target.written) };
}

export const isOutcome = (one: object): one is Outcome => 'gap' in one || 'problem' in one;

export interface SourceParts {
  readonly type: 'volume' | 'bind';
  readonly source?: string;
  readonly sourceText?: string;
  readonly sourceSpan?: Span;
  readonly unresolved: readonly Unresolved[];
}

interface WrittenSource {
  readonly sourceText: string;
  readonly sourceSpan: Span;
  readonly unresolved: readonly Unresolved[];
}

export const written = (value: Value): WrittenSource => ({
  sourceText: value.written.text,
  sourceSpan: place(value.written),
  unresolved: unresolvedOf(value),
});
