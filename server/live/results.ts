/** From what was seen to one line of the report. */
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import type { Backing } from '../survival/words.ts';
import type { Container, VolumeUsage } from './engine.ts';
import { toldIn } from './hear.ts';
import { type Judgement, judge, type Seen, sameTechnology } from './judge.ts';
import type { LiveStore, Observation } from './model.ts';
import { agree, backingWords } from './observe.ts';
import { dayText, sizeText } from './sizes.ts';
import { toldLines } from './told-lines.ts';

export interface Judged {
  readonly result: LiveStore;
  readonly judgement: Judgement;
}

/** A store of which nothing could be seen: no container, no path, or a fault. */
export function unseen(
  { service }: AnalysedService,
  { store, backing, fate }: AnalysedStore,
  container: Pick<Container, 'name' | 'state'> | null,
  reason: string,
): Judged {
  const judgement: Judgement = { verdict: 'UNKNOWN', reason };
  return {
    judgement,
    result: {
      ...identity(service.name, container, store),
      predicted: { backing: withoutPlace(backing), fate },
      observed: null,
      told: null,
      events: [],
      agrees: null,
      verdict: 'UNKNOWN',
      reason,
      evidence: [],
    },
  };
}

export interface SeenStore extends Seen {
  readonly container: Container;
  /** How the container was told to be the service's. */
  readonly by: string;
  readonly usage: VolumeUsage | null;
}

export function judged(service: AnalysedService, one: AnalysedStore, seen: SeenStore): Judged {
  const { store, backing: predicted, fate } = one;
  const judgement = judge(one, seen);
  const { backing } = seen.observed;
  const agrees = agree(predicted, backing);
  const observed: Observation = {
    backing,
    fate: seen.fate,
    ...(holderOf(seen) ? { holder: holderOf(seen)! } : {}),
    size: seen.look.stat?.kind === 'file' ? seen.look.stat.size : (seen.usage?.size ?? null),
    created: seen.observed.volume?.created ?? null,
  };
  return {
    judgement,
    result: {
      ...identity(service.service.name, seen.container, store),
      predicted: { backing: withoutPlace(predicted), fate },
      observed,
      told: toldIn(seen.heard),
      events: [],
      agrees,
      verdict: judgement.verdict,
      reason: judgement.reason,
      evidence: evidenceOf(one, seen, observed),
    },
  };
}

const identity = (
  service: string,
  container: Pick<Container, 'name' | 'state'> | null,
  { technology, title, path, kind, need, role }: AnalysedStore['store'],
) => ({
  service,
  container: container?.name ?? null,
  state: container?.state ?? null,
  technology,
  title,
  path,
  kind,
  optional: need === 'optional',
  server: role === 'server',
});

/** A place holds the text of its file, and with it whatever secrets are written there. */
function withoutPlace({ span: _, ...backing }: Backing): Backing {
  return backing;
}

const holderOf = ({ observed: { mount, backing } }: Seen): string | undefined =>
  mount?.name ?? mount?.source ?? backing.source;

function evidenceOf({ store, backing: predicted }: AnalysedStore, seen: SeenStore, observed: Observation): string[] {
  const { container, by, look, layer } = seen;
  const { backing, created, size } = observed;
  const details = [
    ...(size !== null ? [sizeText(size)] : []),
    ...(dayText(created) ? [`made ${dayText(created)}`] : []),
    ...(backing.readOnly ? ['read-only'] : []),
  ];
  const beside = sameTechnology(store, layer);
  return [
    `${container.name} is ${container.state}, told by ${by}`,
    ...look.links.map((link) => `${link} is a link`),
    ...(backing.target === undefined
      ? [`No mount of the container holds ${look.path}`]
      : [
          `${backingWords(backing)} is mounted at ${backing.target}${details.length > 0 ? ` (${details.join(', ')})` : ''}`,
        ]),
    ...(agree(predicted, backing) === false ? [`The files say ${backingWords(predicted)}`] : []),
    ...(look.entries.length > 0 ? [`There: ${look.entries.slice(0, 6).join(', ')}`] : []),
    ...heardLines(seen),
    ...probedLines(seen),
    ...(beside ? [`In the writable layer: ${beside.path} (${beside.signature.title}, ${sizeText(beside.size)})`] : []),
    ...(layer?.gap ? [layer.gap] : []),
  ];
}

function heardLines({ heard }: Seen): string[] {
  if (!heard) return [];
  if ('unable' in heard) return [`It could not be asked: ${heard.unable}`];
  const { told, proven } = heard;
  return [
    ...toldLines(told),
    ...(proven ? [] : ['How it was asked follows its documentation, and was not tried on a real server']),
  ];
}

const MOST_NAMED = 3;

function probedLines({ probed }: Seen): string[] {
  if (!probed) return [];
  if ('refused' in probed) return [`Nothing was planted: ${probed.refused}`];
  const { found, grew, left } = probed;
  if (!found) return [];
  const files = (grew ?? []).slice(0, MOST_NAMED).join(', ');
  const changed = files === '' ? '' : `; ${files} changed`;
  const removed = left === undefined ? ' and removed' : '';
  return [
    `A marked record was written, read back${removed}${changed}`,
    ...(left === undefined ? [] : [`The record is still there, and is removed at the next check: ${left}`]),
  ];
}
