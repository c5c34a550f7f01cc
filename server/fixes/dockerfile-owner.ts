/** A directory of the image made and given to the user that the container runs as. */
import type { Edit } from '../rules/rule.ts';
import type { StageResult, Value } from '../syntax/dockerfile.ts';
import type { Span } from '../syntax/source.ts';
import { addInstructionBefore } from './dockerfile-lines.ts';

const PLAIN = /^[\w./:-]+$/;

/**
 * The line stands in front of the USER, where root still builds, and in front of the VOLUME that declares the directory:
 * behind it the classic builder forgets who owns it. Null where no such place is certain.
 */
export function giveDirectory(stage: StageResult, user: Value, directory: string): Edit[] | null {
  const before = placeBefore(stage, user, directory);
  if (!before || !PLAIN.test(directory) || !PLAIN.test(user.value)) return null;
  return addInstructionBefore(before, `RUN mkdir -p ${directory} && chown -R ${user.value} ${directory}`);
}

function placeBefore({ steps }: StageResult, user: Value, directory: string): Span | null {
  const at = steps.findIndex((step) => step.kind === 'user' && step.user.span === user.span);
  const earlier = steps.slice(0, at);
  if (at < 0 || earlier.some((step) => step.kind === 'user' && !/^(?:root|0)(?::|$)/.test(step.user.value)))
    return null;
  const declared = earlier.find(
    (step) =>
      step.kind === 'volume' &&
      step.paths.some(({ value }) => directory === value || directory.startsWith(`${value}/`)),
  );
  if (declared?.kind !== 'volume') return user.span;
  // The name has to be known where the line stands.
  return /^\d+(?::\d+)?$/.test(user.value) ? declared.span : null;
}
