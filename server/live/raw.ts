/** The engine's own JSON, as far as it is read, in our words. Docker and Podman differ in what they leave out. */
import type {
  Container,
  ContainerSummary,
  Image,
  ImageSummary,
  MountPoint,
  PathStat,
  PublishedPort,
  Volume,
  VolumeUsage,
} from './engine.ts';
import { redacted, secretsOf } from './redact.ts';

export interface RawMount {
  readonly Type?: string;
  readonly Name?: string;
  readonly Source?: string;
  readonly Destination?: string;
  readonly Driver?: string;
  readonly RW?: boolean;
}

export interface RawSummary {
  readonly Id: string;
  readonly Names?: readonly string[] | null;
  readonly Image?: string;
  readonly State?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Mounts?: readonly RawMount[] | null;
}

interface RawNetwork {
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
}

export interface RawNetworks extends RawNetwork {
  readonly Networks?: Readonly<Record<string, RawNetwork | null>> | null;
  readonly Ports?: Readonly<
    Record<string, readonly { readonly HostIp?: string; readonly HostPort?: string }[] | null>
  > | null;
}

export interface RawContainer {
  readonly Id: string;
  readonly Name?: string;
  readonly Image?: string;
  readonly Created?: string;
  readonly State?: {
    readonly Status?: string;
    readonly Running?: boolean;
    readonly Paused?: boolean;
    readonly Restarting?: boolean;
    readonly StartedAt?: string;
  };
  readonly Config?: {
    readonly Image?: string;
    readonly Env?: readonly string[] | null;
    readonly Hostname?: string;
    readonly WorkingDir?: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly Path?: string;
  readonly Args?: readonly string[] | null;
  readonly Mounts?: readonly RawMount[] | null;
  readonly NetworkSettings?: RawNetworks | null;
  readonly HostConfig?: {
    readonly AutoRemove?: boolean;
    readonly NetworkMode?: string;
    readonly Tmpfs?: Readonly<Record<string, string>> | null;
    readonly Mounts?:
      | readonly { readonly Type?: string; readonly Target?: string; readonly ReadOnly?: boolean }[]
      | null;
  };
}

export interface RawVolume {
  readonly Name: string;
  readonly Driver?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Options?: Readonly<Record<string, string>> | null;
  readonly CreatedAt?: string;
  readonly Mountpoint?: string;
  readonly UsageData?: { readonly Size?: number; readonly RefCount?: number } | null;
}

export interface RawImage {
  readonly Id: string;
  readonly Created?: string;
  readonly Config?: {
    readonly Volumes?: Readonly<Record<string, unknown>> | null;
    readonly OnBuild?: readonly string[] | null;
  } | null;
}

export interface RawImageSummary {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

const withoutSlash = (name: string | undefined): string => (name ?? '').replace(/^\//, '');

export function summaryOf(raw: RawSummary): ContainerSummary {
  return {
    id: raw.Id,
    name: withoutSlash(raw.Names?.[0]),
    image: raw.Image ?? '',
    state: raw.State ?? '',
    labels: raw.Labels ?? {},
    volumes: (raw.Mounts ?? []).flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
  };
}

export function containerOf(raw: RawContainer): Container {
  const { Config: config = {}, State: state = {} } = raw;
  const environment = new Map(
    (config.Env ?? []).map((entry): [string, string] => {
      const equals = entry.indexOf('=');
      return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
  const command = [raw.Path ?? '', ...(raw.Args ?? [])].filter((word) => word !== '');
  return {
    id: raw.Id,
    name: withoutSlash(raw.Name),
    image: config.Image ?? '',
    imageId: raw.Image ?? '',
    state: state.Status ?? '',
    // In a crash loop Docker says both `Running` and `Restarting`.
    running: state.Running === true && state.Restarting !== true && state.Paused !== true,
    startedAt: instant(state.StartedAt),
    created: raw.Created ?? '',
    autoRemove: raw.HostConfig?.AutoRemove === true,
    hostname: config.Hostname ?? '',
    workingDirectory: config.WorkingDir || '/',
    command,
    labels: config.Labels ?? {},
    mounts: mountsOf(raw),
    addresses: addressesOf(raw),
    ports: portsOf(raw),
    environment: (name) => environment.get(name),
    redact: (text) => redacted(text, secretsOf(environment, command)),
  };
}

/** Podman's own default network is told beside `Networks`, Docker's in both. */
export function addressesOf({ NetworkSettings: settings, HostConfig: host }: RawContainer): string[] {
  if (host?.NetworkMode === 'host') return ['127.0.0.1'];
  const networks = [...Object.values(settings?.Networks ?? {}), settings];
  const addresses = [
    ...networks.map((network) => network?.IPAddress),
    ...networks.map((network) => network?.GlobalIPv6Address),
  ];
  return [...new Set(addresses.flatMap((address) => (address ? [address] : [])))];
}

/** A port that is exposed and not published has no bindings. */
export const portsOf = ({ NetworkSettings: settings }: RawContainer): PublishedPort[] =>
  Object.entries(settings?.Ports ?? {}).flatMap(([name, bindings]) => {
    const [container, protocol = 'tcp'] = name.split('/');
    if (protocol !== 'tcp') return [];
    return (bindings ?? []).flatMap(({ HostIp: at = '', HostPort: port }) =>
      port ? [{ container: Number(container), host: at, port: Number(port) }] : [],
    );
  });

const TYPES = new Set(['volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster']);

/** `Mounts` leaves out what `HostConfig.Tmpfs` holds, and on Podman every tmpfs. */
export function mountsOf(raw: RawContainer): MountPoint[] {
  const mounts = new Map<string, MountPoint>();
  for (const [target, options] of Object.entries(raw.HostConfig?.Tmpfs ?? {})) {
    mounts.set(clean(target), { type: 'tmpfs', target: clean(target), readOnly: /(^|,)ro(,|$)/.test(options) });
  }
  for (const { Type, Target, ReadOnly } of raw.HostConfig?.Mounts ?? []) {
    if (Type !== 'tmpfs' || !Target) continue;
    mounts.set(clean(Target), { type: 'tmpfs', target: clean(Target), readOnly: ReadOnly === true });
  }
  for (const { Type = '', Name, Source, Destination, Driver, RW } of raw.Mounts ?? []) {
    if (!Destination) continue;
    mounts.set(clean(Destination), {
      type: TYPES.has(Type) ? (Type as MountPoint['type']) : 'other',
      ...(Name ? { name: Name } : {}),
      ...(Source ? { source: Source } : {}),
      target: clean(Destination),
      ...(Driver ? { driver: Driver } : {}),
      readOnly: RW === false,
    });
  }
  return [...mounts.values()];
}

const clean = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');

export const volumeOf = (raw: RawVolume): Volume => ({
  name: raw.Name,
  driver: raw.Driver ?? '',
  labels: raw.Labels ?? {},
  options: raw.Options ?? {},
  created: instant(raw.CreatedAt),
  mountpoint: raw.Mountpoint ?? '',
});

/** -1 is the engine's word for unknown. */
export const usageOf = ({ UsageData: usage }: RawVolume): VolumeUsage => ({
  size: usage?.Size !== undefined && usage.Size >= 0 ? usage.Size : null,
  users: usage?.RefCount !== undefined && usage.RefCount >= 0 ? usage.RefCount : null,
});

export const imageOf = (raw: RawImage): Image => ({
  id: raw.Id,
  created: instant(raw.Created),
  volumes: Object.keys(raw.Config?.Volumes ?? {}).map(clean),
  triggers: raw.Config?.OnBuild?.length ?? 0,
});

export const imageSummaryOf = ({ Id, RepoTags, Labels }: RawImageSummary): ImageSummary => ({
  id: Id,
  names: (RepoTags ?? []).filter((name) => !name.startsWith('<none>')),
  labels: Labels ?? {},
});

/** The engine's zero time is year 1. */
const instant = (text: string | undefined): string | null => (text && !text.startsWith('0001-') ? text : null);

const GO_DIRECTORY = 0x80000000;
const GO_LINK = 0x08000000;
const GO_TYPE = 0x8f280000;

/** The header of an archive's HEAD answer: Go's file mode bits. */
export function statOf(header: string | undefined): PathStat | null {
  if (!header) return null;
  const raw = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as {
    readonly size?: number;
    readonly mode?: number;
    readonly mtime?: string;
    readonly linkTarget?: string;
  };
  const mode = (raw.mode ?? 0) >>> 0;
  const is = (bit: number): boolean => (mode & bit) >>> 0 === bit;
  const kind = is(GO_DIRECTORY) ? 'directory' : is(GO_LINK) ? 'link' : (mode & GO_TYPE) === 0 ? 'file' : 'other';
  return {
    kind,
    size: raw.size ?? 0,
    modified: raw.mtime ?? '',
    ...(kind === 'link' && raw.linkTarget ? { linkTarget: raw.linkTarget } : {}),
  };
}

/** Both streams of a container without a terminal come in one, each part with a header of 8 bytes. */
export function demultiplexed(bytes: Uint8Array): { stdout: string; stderr: string; text: string } {
  const buffer = Buffer.from(bytes);
  const parts: Record<'stdout' | 'stderr' | 'text', Buffer[]> = { stdout: [], stderr: [], text: [] };
  for (let at = 0; at < buffer.length; ) {
    const stream = buffer[at]!;
    // With a terminal there are no headers.
    if (stream > 2 || at + 8 > buffer.length || buffer.readUIntBE(at + 1, 3) !== 0) {
      parts.stdout.push(buffer.subarray(at));
      parts.text.push(buffer.subarray(at));
      break;
    }
    const end = at + 8 + buffer.readUInt32BE(at + 4);
    parts[stream === 2 ? 'stderr' : 'stdout'].push(buffer.subarray(at + 8, end));
    parts.text.push(buffer.subarray(at + 8, end));
    at = end;
  }
  const joined = (list: Buffer[]): string => Buffer.concat(list).toString('utf8');
  return { stdout: joined(parts.stdout), stderr: joined(parts.stderr), text: joined(parts.text) };
}
