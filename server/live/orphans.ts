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

function dangling(unused: readonly Volume[], { engine, machine, usage, results }: OrphanInput): LiveFinding[] {
  const anonymous = unused.filter((volume) => isAnonymous(volume.name, volume));
  if (anonymous.length === 0) return [];
  const stores = results.filter(isCandidate);
  const findings: LiveFinding[] = [];
  const closed: Volume[] = [];
  for (const volume of anonymous) {
    const found = engine.identity.local ? contentOf(volume, machine) : null;
    if (!found) closed.push(volume);
    for (const signature of found ?? []) {
      const store = stores.find(({ technology }) => signature.technologies.includes(technology));
      if (!store) continue;
      findings.push({
        rule: 'orphaned-data-found',
        severity: store.verdict === 'SAFE' ? 'info' : 'warning',
        message: `The anonymous volume ${volumeText(volume, usage)} is used by no container and holds ${signature.title} data: it may be ${store.service}'s from before its container was removed`,
        service: store.service,
      });
      break;
    }
  }
  const troubled = stores.filter(
    ({ verdict, observed }) => verdict !== 'SAFE' || observed?.backing.type === 'anonymous-volume',
  );
  if (closed.length > 0 && troubled.length > 0) {
    const size = closed.reduce((sum, { name }) => sum + (usage.get(name)?.size ?? 0), 0);
    findings.push({
      rule: 'orphaned-data-found',
      severity: 'info',
      message: `${closed.length} anonymous ${closed.length === 1 ? 'volume is' : 'volumes are'} used by no container (${sizeText(size)} in all, ${closed
        .map(({ name }) => name.slice(0, 12))
        .slice(0, 3)
        .join(', ')}${closed.length > 3 ? ' ...' : ''}). What they hold cannot be told without a container`,
    });
  }
  return findings;
}

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
