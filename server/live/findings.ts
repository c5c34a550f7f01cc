/** What is worth saying beyond the verdicts, and the verdicts as findings. */
import type { Project } from '../project/model.ts';
import type { Drift } from './drift.ts';
import type { Volume, VolumeUsage } from './engine.ts';
import { driftWords } from './judge.ts';
import type { Layer } from './layer.ts';
import { type Elsewhere, type Matching, projectOf } from './matching.ts';
import type { Disk, LiveFinding, LiveRule, LiveStore } from './model.ts';
import { probeFor } from './probes/index.ts';
import type { Judged } from './results.ts';
import { dayText, sizeText } from './sizes.ts';

type Usage = ReadonlyMap<string, VolumeUsage>;

export function ofVerdicts(judged: readonly Judged[]): LiveFinding[] {
  return judged.flatMap(({ result, judgement }): LiveFinding[] => {
    if (!judgement.rule || result.verdict === 'SAFE' || result.verdict === 'UNKNOWN') return [];
    const subject = `${result.title} data${result.path === null ? '' : ` (${result.path})`}`;
    return [
      {
        rule: judgement.rule,
        severity: severityOf(result, judgement.rule),
        message: `${subject}: ${judgement.reason}`,
        service: result.service,
        ...(result.container === null ? {} : { container: result.container }),
      },
    ];
  });
}

/** Data that was there is gone, whatever holds the new one. */
const GONE: ReadonlySet<LiveRule> = new Set(['re-initialised-database']);

const severityOf = ({ verdict, optional, kind, told }: LiveStore, rule: LiveRule): LiveFinding['severity'] =>
  verdict === 'NOT PERSISTED' || GONE.has(rule)
    ? 'error'
    : (optional && told?.empty !== false) || kind === 'rebuildable'
      ? 'info'
      : 'warning';

export interface Scanned {
  readonly service: string;
  readonly container: string;
  readonly layer: Layer | null;
  readonly drifts: readonly Drift[];
  /** Paths of the layer that a verdict has spoken of. */
  readonly spoken: readonly string[];
}

const MOST_NAMED = 3;

/** Databases in the layer that belong to no store: the files did not let us expect them. */
export function ofLayer({ service, container, layer, spoken }: Scanned): LiveFinding[] {
  const files = (layer?.files ?? []).filter(({ path }) => !spoken.some((told) => path.startsWith(told)));
  const titles = [...new Set(files.map(({ signature }) => signature.title))];
  return titles.map((title) => {
    const some = files.filter(({ signature }) => signature.title === title);
    const named = some.slice(0, MOST_NAMED).map(({ path, size }) => `${path} (${sizeText(size)})`);
    const rest = some.length > MOST_NAMED ? ` and ${some.length - MOST_NAMED} more` : '';
    return {
      rule: 'data-on-writable-layer',
      severity: 'warning',
      message: `${title} files in the writable layer are gone when the container is recreated: ${named.join(', ')}${rest}`,
      service,
      container,
    };
  });
}

export const ofDrifts = ({ service, container, drifts }: Scanned): LiveFinding[] =>
  drifts.map((drift) => ({
    rule: 'stale-inherited-mount',
    severity: drift.kind === 'extra' ? 'info' : 'warning',
    message: driftWords(drift),
    service,
    container,
  }));

/** Compose does not make external volumes: it refuses to start. */
export function ofExternal(project: Project, volumes: ReadonlyMap<string, Volume>): LiveFinding[] {
  return project.services.flatMap((service) =>
    service.mounts.flatMap(({ type, source, unresolved }): LiveFinding[] => {
      if (type !== 'volume' || source === undefined || unresolved.length > 0) return [];
      const declared = project.volumes.get(source);
      if (!declared?.external || volumes.has(declared.name) || /\$|^$/.test(declared.name)) return [];
      return [
        {
          rule: 'external-volume-missing',
          severity: 'error',
          message: `The external volume ${declared.name} does not exist on this engine: \`up\` refuses to start. If it should be new: docker volume create ${declared.name}`,
          service: service.name,
        },
      ];
    }),
  );
}

export function ofOtherNames(
  { elsewhere, shared }: Matching,
  project: Project,
  volumes: ReadonlyMap<string, Volume>,
  usage: Usage,
): LiveFinding[] {
  const others = new Map<string, Elsewhere[]>();
  for (const one of elsewhere) others.set(one.project, [...(others.get(one.project) ?? []), one]);
  const renamed = [...others].map(([name, ones]): LiveFinding => {
    const held = [...project.volumes.values()].flatMap(({ key, external }) => {
      const volume = external ? undefined : volumeOf(name, key, volumes);
      return volume ? [volumeText(volume, usage)] : [];
    });
    const data = held.length > 0 ? ` Data of it: ${held.join(', ')}.` : '';
    const where = ones.some(({ moved }) => moved) ? 'whose folder is gone' : 'in the same folder';
    return {
      rule: 'other-project-name',
      severity: 'warning',
      message: `Containers of the project ${name} (${ones.map(({ container }) => container.name).join(', ')}), ${where}, are made from these files under another name. Under the name ${project.name} everything starts with new, empty volumes.${data} To go on with it: name: ${name}`,
      ...(others.size === 1 && ones.length === 1 ? { service: ones[0]!.service } : {}),
    };
  });
  const folders = [...new Set(shared.map(({ folder }) => folder))];
  const twice = folders.map(
    (folder): LiveFinding => ({
      rule: 'project-name-shared',
      severity: 'warning',
      message: `Containers of a project ${project.name} were made in another folder, ${folder}: two projects of one name share their volumes, and \`down --volumes\` in one removes those of the other`,
    }),
  );
  return [...renamed, ...twice];
}

/** podman-compose labels the project alone; the key is then read off the name. */
export const volumeOf = (project: string, key: string, volumes: ReadonlyMap<string, Volume>): Volume | undefined =>
  [...volumes.values()].find(({ name, labels }) => {
    const own = projectOf({ labels } as Parameters<typeof projectOf>[0]);
    return own === project && (labels['com.docker.compose.volume'] ?? name.slice(project.length + 1)) === key;
  });

export function volumeText({ name, created }: Volume, usage: Usage): string {
  const size = usage.get(name)?.size;
  const details = [
    ...(size == null ? [] : [sizeText(size)]),
    ...(dayText(created) ? [`made ${dayText(created)}`] : []),
  ];
  return details.length > 0 ? `${name} (${details.join(', ')})` : name;
}

/**
 * Database servers of two containers in the same files: most do not notice, and none survives it. Applications such as
 * Nextcloud and its cron container share theirs on purpose, so only what has a probe is meant.
 */
export function ofShared(results: readonly LiveStore[]): LiveFinding[] {
  const users = new Map<string, LiveStore[]>();
  for (const one of results) {
    const { observed, told, server, kind, state } = one;
    const { target, readOnly } = observed?.backing ?? {};
    const at = told?.writesTo[0] ?? one.path;
    if (!server || !probeFor(one.technology) || kind === 'configuration' || state !== 'running') continue;
    if (!observed?.holder || target === undefined || readOnly || at === null) continue;
    const place = `${observed.holder}\n${one.technology}\n${at.slice(target.length)}`;
    users.set(place, [...(users.get(place) ?? []), one]);
  }
  return [...users.values()].flatMap((ones): LiveFinding[] => {
    const containers = [...new Set(ones.map(({ container }) => container))];
    const [{ title, service, observed }] = ones as [LiveStore];
    if (containers.length < 2) return [];
    return [
      {
        rule: 'shared-database-volume',
        severity: 'error',
        message: `${title} of ${containers.join(' and ')} run on the same files in ${observed?.holder}: one overwrites what the other has written, and neither says so. Stop all but one, and give each a volume of its own`,
        service,
      },
    ];
  });
}

const GIGABYTE = 1e9;

export function ofDisk(disk: Disk | null, results: readonly LiveStore[]): LiveFinding[] {
  const findings: LiveFinding[] = [];
  if (disk && (disk.free < GIGABYTE || disk.free < disk.total * 0.03)) {
    findings.push({
      rule: 'low-disk-space',
      severity: 'warning',
      message: `Only ${sizeText(disk.free)} of ${sizeText(disk.total)} are free where the engine keeps its data: a database that cannot write may stop or break`,
    });
  }
  const seen = new Set<string>();
  for (const { service, title, observed } of results) {
    const size = observed?.size ?? 0;
    const name = observed?.holder ?? '';
    if (size < (disk ? Math.max(disk.free * 0.5, GIGABYTE) : 20 * GIGABYTE) || seen.has(name)) continue;
    seen.add(name);
    const room = disk ? `, with ${sizeText(disk.free)} free on the disk` : '';
    findings.push({
      rule: 'large-data',
      severity: 'info',
      message: `${title} data is large (${sizeText(size)} in ${name}${room}): a copy or backup of it needs a place elsewhere`,
      service,
    });
  }
  return findings;
}
