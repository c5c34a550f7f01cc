/** From the observed fates of a store to its verdict. */
import type { AnalysedStore } from '../../stores/model.ts';
import type { Backing } from '../../survival/words.ts';
import { fateIn, type Verdict } from '../model.ts';
import { backingWords } from '../observe.ts';
import type { DrillEvent, ObservedFate } from './model.ts';

export interface Concluded {
  readonly agrees: boolean | null;
  readonly verdict: Verdict;
  /** A sentence without a full stop. */
  readonly reason: string;
}

/** `backing`: what was seen to hold it in the copy; null when it was not seen. */
export function conclude(
  { store, fate: predicted }: AnalysedStore,
  events: readonly ObservedFate[],
  backing: Backing | null,
): Concluded {
  const known = events.filter(({ fate }) => fate !== 'unknown');
  const compared = known.filter(({ event }) => fateIn(predicted, event) !== 'unknown');
  const agrees =
    compared.length === 0
      ? null
      : compared.every(({ event, fate, place }) => fateIn(predicted, event) === (place ?? fate));
  const strict = strictly(events, known, backing);
  const harmless = store.need === 'optional' || store.kind === 'rebuildable';
  if (store.kind === 'cache' && strict.verdict !== 'UNKNOWN')
    return { agrees, verdict: 'SAFE', reason: `A cache: losing it does no harm. ${strict.reason}` };
  return { agrees, ...strict, ...(harmless && strict.verdict === 'NOT PERSISTED' ? { verdict: 'AT RISK' } : {}) };
}

type Strict = Omit<Concluded, 'agrees'>;

function strictly(events: readonly ObservedFate[], known: readonly ObservedFate[], backing: Backing | null): Strict {
  const gone = known.filter(({ fate }) => fate === 'lost' || fate === 'orphaned');
  const at = (...names: readonly DrillEvent[]): ObservedFate | undefined =>
    gone.find(({ event }) => names.includes(event));
  const place = backing && backing.type !== 'unknown' ? `: it is in ${plainly(backing)}` : '';
  const unwritten = gone.find(({ event, place: kept }) => kept === 'kept' && event !== 'crash');
  if (unwritten)
    return {
      verdict: 'NOT PERSISTED',
      reason: `It was lost by ${WORDS[unwritten.event]} although ${backing ? plainly(backing) : 'its place'} was kept: the server does not write it to disk`,
    };
  const hard = at('restart', 'recreate', 'rebuild');
  if (hard) return { verdict: 'NOT PERSISTED', reason: `It was ${hard.fate} by ${WORDS[hard.event]}${place}` };
  const down = at('down');
  if (down?.fate === 'orphaned')
    return {
      verdict: 'AT RISK',
      reason: `After \`down\` and \`up\` it was not there: \`down\` left the anonymous volume behind that holds it`,
    };
  if (down) return { verdict: 'NOT PERSISTED', reason: `It was lost by ${WORDS.down}${place}` };
  const crash = at('crash');
  if (crash) return { verdict: 'AT RISK', reason: 'It was lost by a crash: the server had not written it to disk' };
  const unknown = events.find(({ fate }) => fate === 'unknown');
  const usual = known.filter(({ event }) => event !== 'down-volumes');
  if (unknown || usual.length === 0)
    return { verdict: 'UNKNOWN', reason: unknown?.reason ?? 'No event was carried out' };
  return { verdict: 'SAFE', reason: `It was kept by ${listed(usual.map(({ event }) => WORDS[event]))}` };
}

const WORDS: Readonly<Record<DrillEvent, string>> = {
  restart: 'a restart',
  crash: 'a crash',
  recreate: 'a new container',
  down: '`down` and `up`',
  'down-volumes': '`down --volumes`',
  rebuild: 'a rebuilt image',
};

/** Names in the copy mean nothing to the reader. */
const plainly = (backing: Backing): string => backingWords({ type: backing.type });

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
