/** `--tmpfs target[:options]`, which `Tmpfs=` becomes; and the memory that a read-only container gets. */

import type { Span } from '../../../syntax/source.ts';
import { type Chars, place, slice } from '../../../syntax/unit/chars.ts';
import type { Mount } from '../../model.ts';
import { byteSize } from '../../values.ts';
import { isOutcome, type Outcome, type Place, targetOf } from './outcome.ts';

export function readTmpfsFlag(whole: Chars, at: Place): Outcome {
  const colon = whole.text.indexOf(':');
  const end = colon < 0 ? whole.text.length : colon;
  const target = targetOf(at.expand(slice(whole, 0, end)), whole);
  if (isOutcome(target)) return target;
  const options = colon < 0 ? [] : whole.text.slice(colon + 1).split(',');
  const optionOf = (name: string) =>
    options.findLast((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const size = optionOf('size');
  const mode = optionOf('mode');
  return {
    mount: {
      ...target,
      type: 'tmpfs',
      readOnly: options.includes('ro'),
      span: place(whole),
      unresolved: [],
      from: 'tmpfs',
      ...(size !== undefined ? { tmpfsSize: byteSize(size) } : {}),
      ...(mode !== undefined ? { tmpfsMode: Number.parseInt(mode, 8) } : {}),
    },
  };
}

/** Podman puts memory here when the rest of the container can only be read. */
export const MEMORY_OF_READ_ONLY = ['/run', '/tmp', '/var/tmp'] as const;

/** A tmpfs that is not written as one: the place of it is the entry that asks for it. */
export const tmpfsFor = (target: string, { span }: { readonly span: Span }): Mount => ({
  type: 'tmpfs',
  target,
  targetText: target,
  readOnly: false,
  span,
  targetSpan: span,
  unresolved: [],
  from: 'tmpfs',
});
