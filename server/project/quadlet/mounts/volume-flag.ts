/** `-v [source:]target[:options]`, which `Volume=` becomes. */
import { type Chars, charsAt, place, slice } from '../../../syntax/unit/chars.ts';
import type { Mount } from '../../model.ts';
import { isOutcome, notTold, type Origin, type Outcome, type Place, refused, targetOf } from './outcome.ts';
import { volumeSource } from './sources.ts';

const PROPAGATION = /^r?(shared|slave|private|unbindable)$/;

export function readVolumeFlag(whole: Chars, origin: Origin, at: Place): Outcome[] {
  const parts = divided(whole, at);
  if (parts.length > 3) return [refused(whole, `"${whole.text}" has too many colons`)];
  const [first, second, third] = parts as [Chars, Chars?, Chars?];
  // Quadlet takes an empty source for none, and forgets the options.
  const anonymous = !second || (origin === 'key' && first.text === '');
  const target = targetOf(at.expand(second ?? first), whole);
  if (isOutcome(target)) return [target];
  const source = anonymous
    ? ({ type: 'volume', unresolved: [] } as const)
    : first.text === ''
      ? refused(whole, 'a source cannot be empty')
      : volumeSource(at.expand(first), origin, at);
  const options = anonymous || !third ? [] : third.text.split(',');
  // What the source would be is not known, that something lies there is.
  if (isOutcome(source)) return [source, unknownMount(whole, target, first)];
  if (options.includes('O') && !options.some((option) => option.startsWith('upperdir=')))
    return [notTold(whole, `with the option O what is written to ${target.target} is removed with the container`)];
  // Podman makes no folders of the host.
  const bind = source.type === 'bind' ? { createHostPath: false } : {};
  return [{ mount: { ...base(whole, options), ...target, ...source, ...bind } }];
}

/** `a:/b` may have come out of a variable. */
function divided(whole: Chars, at: Place): Chars[] {
  const { chars } = at.expand(whole);
  const more = chars.text.split(':').length > whole.text.split(':').length;
  return split(more ? chars : whole);
}

function split(chars: Chars): Chars[] {
  const parts: Chars[] = [];
  let start = 0;
  for (let i = 0; i <= chars.text.length; i++) {
    if (i < chars.text.length && chars.text[i] !== ':') continue;
    parts.push(slice(chars, start, i));
    start = i + 1;
  }
  return parts.length > 0 ? parts : [charsAt(chars.source, chars.at, chars.at)];
}

function base(whole: Chars, options: readonly string[]): Omit<Mount, 'type' | 'target' | 'targetText' | 'targetSpan'> {
  const propagation = options.findLast((option) => PROPAGATION.test(option));
  const selinux = options.findLast((option) => option === 'z' || option === 'Z');
  return {
    readOnly: options.findLast((option) => option === 'ro' || option === 'rw') === 'ro',
    span: place(whole),
    unresolved: [],
    from: 'volumes',
    ...(options.includes('nocopy') ? { nocopy: true } : {}),
    ...(propagation ? { propagation } : {}),
    ...(selinux ? { selinux } : {}),
  };
}

/** Something is mounted there. */
const unknownMount = (
  whole: Chars,
  target: Pick<Mount, 'target' | 'targetText' | 'targetSpan'>,
  source: Chars,
): Outcome => ({
  mount: {
    ...base(whole, []),
    ...target,
    type: 'bind',
    sourceText: source.text,
    sourceSpan: place(source),
    unresolved: [{ variable: source.text, span: place(source) }],
  },
});
