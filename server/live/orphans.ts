/**
 * Volumes that nobody uses and that may hold this project's data. What a volume holds cannot be seen through the API
 * without a container: where its folder may be read on this machine its files are looked at, else it is not guessed.
 */
import type { AnalysedProject } from '../stores/model.ts';
import type { ContainerSummary, Engine, Volume, VolumeUsage } from './engine.ts';
import { volumeOf, volumeText } from './findings.ts';
import type { Machine } from './machine.ts';
import { projectOf } from './matching.ts';
import type { LiveFinding, LiveStore } from './model.ts';
import { isAnonymous } from './observe.ts';
import { SIGNATURE_BYTES, type Signature, signatureOf } from './signatures.ts';
import { sizeText } from './sizes.ts';

export interface OrphanInput {
  readonly engine: Engine;
  readonly machine: Machine;
  readonly project: AnalysedProject;
  readonly containers: readonly ContainerSummary[];
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly usage: ReadonlyMap<string, VolumeUsage>;
  readonly results: readonly LiveStore[];
  /** Spoken of already. */
  readonly otherProjects: ReadonlySet<string>;
}

export function orphanFindings(input: OrphanInput): LiveFinding[] {
  const used = new Set(input.containers.flatMap(({ volumes }) => volumes));
  const unused = [...input.volumes.values()].filter(({ name }) => !used.has(name));
  return [...underOtherNames(unused, input), ...dangling(unused, input)];
}

/** Our own volume is not there or empty, and one of the same key is left over from another project. */
function underOtherNames(unused: readonly Volume[], { project, volumes, usage, results, otherProjects }: OrphanInput) {
  const { name: ours, volumes: declared } = project.project;
  return [...declared.values()].flatMap(({ key, name, external }): LiveFinding[] => {
    const users = project.services.filter(({ service }) => service.mounts.some(({ source }) => source === key));
    const bare =
      !volumes.has(name) || results.some(({ observed, verdict }) => observed?.holder === name && verdict === 'EMPTY');
    if (external || users.length === 0 || !bare) return [];
    const others = new Set(unused.map((volume) => projectOf({ labels: volume.labels } as ContainerSummary)));
    return [...others].flatMap((other): LiveFinding[] => {
      if (other === undefined || other === ours || otherProjects.has(other)) return [];
      const volume = volumeOf(other, key, new Map(unused.map((one) => [one.name, one])));
      if (!volume) return [];
      const state = volumes.has(name) ? 'is empty' : 'does not exist';
      return [
        {
          rule: 'orphaned-data-found',
          severity: 'info',
          message: `The volume ${name} ${state}, but ${volumeText(volume, usage)} of a project ${other} is left over under the same key. If that was this project under an earlier name, its data is there`,
          service: users[0]!.service.name,
        },
      ];
    });
  });
}

/** Stores that an anonymous volume may have held. */
const isCandidate = ({ optional, kind }: LiveStore): boolean => !optional && kind !== 'cache';

const MOST_NAMED = 3;

function dangling(unused: readonly Volume[], { engine, machine, usage, results }: OrphanInput): LiveFinding[] {
  const anonymous = unused.filter((volume) => isAnonymous(volume.name, volume));
  const stores = results.filter(isCandidate);
  const held = new Map<LiveStore, Volume[]>();
  const closed: Volume[] = [];
  for (const volume of anonymous) {
    const signatures = engine.identity.local ? contentOf(volume, machine) : null;
    if (!signatures) closed.push(volume);
    const fits = ({ technology }: LiveStore): boolean =>
      (signatures ?? []).some(({ technologies }) => technologies.includes(technology));
    const store = stores.filter(fits).sort((a, b) => Number(isBare(b)) - Number(isBare(a)))[0];
    if (store) held.set(store, [...(held.get(store) ?? []), volume]);
  }
  const readable = [...held].map(([store, volumes]) => ofReadable(store, volumes, usage));
  if (closed.length === 0 || !stores.some(isBare)) return readable;
  const size = closed.reduce((sum, { name }) => sum + (usage.get(name)?.size ?? 0), 0);
  const names = listed(closed, ({ name }) => name.slice(0, 12));
  const message = `Anonymous volumes that no container uses: ${closed.length} (${sizeText(size)}): ${names}. What they hold cannot be told without a container`;
  return [...readable, { rule: 'orphaned-data-found', severity: 'info', message }];
}

function ofReadable(store: LiveStore, volumes: readonly Volume[], usage: OrphanInput['usage']): LiveFinding {
  const { title, service } = store;
  const what =
    volumes.length === 1
      ? `An anonymous volume that no container uses holds ${title} data`
      : `${volumes.length} anonymous volumes that no container uses hold ${title} data`;
  const names = listed(volumes, (volume) => volumeText(volume, usage));
  return {
    rule: 'orphaned-data-found',
    // Where nothing is missing, it is only something left over.
    severity: isBare(store) ? 'warning' : 'info',
    message: `${what}, maybe of ${service} from before its container was removed: ${names}`,
    service,
  };
}

/** Its data may be elsewhere: nothing of it is where it should be, or it is where it will be left behind. */
const isBare = ({ verdict, observed }: LiveStore): boolean =>
  verdict === 'EMPTY' || verdict === 'NOT PERSISTED' || observed?.backing.type === 'anonymous-volume';

const listed = (volumes: readonly Volume[], text: (volume: Volume) => string): string =>
  `${volumes.slice(0, MOST_NAMED).map(text).join(', ')}${volumes.length > MOST_NAMED ? ' ...' : ''}`;

const MOST_NAMES = 60;

/** Null when its folder cannot be read from here. */
export function contentOf({ mountpoint }: Volume, machine: Machine): Signature[] | null {
  if (!mountpoint) return null;
  const names = machine.list(mountpoint);
  if (!names) return null;
  const found: Signature[] = [];
  const lookAt = (path: string): void => {
    const head = machine.head(`${mountpoint}${path}`, SIGNATURE_BYTES);
    const signature = head && signatureOf(path, head);
    if (signature) found.push(signature);
  };
  for (const name of names.slice(0, MOST_NAMES)) {
    lookAt(`/${name}`);
    if (found.length > 0) break;
    for (const inner of (machine.list(`${mountpoint}/${name}`) ?? []).slice(0, MOST_NAMES)) lookAt(`/${name}/${inner}`);
    if (found.length > 0) break;
  }
  return found;
}
