/** What every form of the report shows. */
import type { AnalysedProject, AnalysedStore } from '../../stores/model.ts';
import type { BackingType, Event } from '../../survival/words.ts';
import type { Place } from '../place.ts';
import type { Fault } from '../result.ts';

export interface ReportInput {
  readonly projects: readonly AnalysedProject[];
  readonly errors: readonly Fault[];
  readonly place: Place;
}

/** Everyday steps only: what a crash costs depends on the server, not on what holds its files. */
export const REPORTED = ['restart', 'recreate', 'down', 'down-volumes', 'reboot'] as const satisfies readonly Event[];

export const HEADINGS: Readonly<Record<(typeof REPORTED)[number], string>> = {
  restart: 'restart',
  recreate: 'recreate',
  down: 'down',
  'down-volumes': 'down -v',
  reboot: 'reboot',
};

const BACKINGS: Readonly<Record<BackingType, string>> = {
  'writable-layer': 'writable layer',
  'anonymous-volume': 'anonymous volume',
  'named-volume': 'volume',
  'external-volume': 'external volume',
  'bind-mount': 'bind mount',
  'network-volume': 'network volume',
  tmpfs: 'tmpfs',
  image: 'image',
  unknown: 'unknown',
};

export function backingText({ backing }: AnalysedStore, place: Place): string {
  const name = BACKINGS[backing.type];
  if (backing.type === 'unknown') return backing.reason === undefined ? name : `${name}: ${backing.reason}`;
  if (backing.source === undefined) return name;
  return `${name} ${backing.type === 'bind-mount' ? nearer(backing.source, place) : backing.source}`;
}

/** Host paths below the working directory read better relative to it. */
function nearer(source: string, place: Place): string {
  if (!source.startsWith('/')) return source;
  const relative = place(source);
  return relative === '.' || relative.startsWith('..') ? source : `./${relative}`;
}

/** What an image keeps only for those who use that part of it is not called essential. */
export const kindText = ({ store: { kind, need } }: AnalysedStore): string =>
  kind === 'essential' && need === 'optional' ? 'optional' : kind;

export const pathText = ({ store }: AnalysedStore): string =>
  store.path ?? `unknown${store.unknown === undefined ? '' : `: ${store.unknown}`}`;

export const filesOf = ({ project }: AnalysedProject, place: Place): string[] => [
  ...new Set(project.files.map(({ path }) => place(path))),
];
