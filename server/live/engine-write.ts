/**
 * The calls of an engine that change something: for scratch copies alone. What a call would change or remove is looked up
 * first, and left alone without our label; the gate refuses calls that come by any other way.
 */
import * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Dockerode from 'dockerode';
import { builderSays } from './builder.ts';
import type { Caller, CallOptions } from './call.ts';
import type { Engine } from './engine.ts';
import { EngineFault } from './fault.ts';
import { LABEL, type Vouchers } from './gate.ts';
import { redacted, secretsOf } from './redact.ts';

export type Labels = Readonly<Record<string, string>>;

export interface ContainerState {
  readonly id: string;
  readonly state: string;
  readonly running: boolean;
  readonly exitCode: number;
  /** Null when the image and the service know no health check. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  readonly startedAt: string;
}

export interface NewVolume {
  readonly name: string;
  readonly labels: Labels;
  readonly driver?: string;
  readonly driverOpts?: Labels;
}

export interface NewNetwork {
  readonly name: string;
  readonly labels: Labels;
}

/** The engine's own words for a container, with our label in it. */
export interface NewContainer {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>> & { readonly Labels: Labels };
}

/** What is sent of it is an archive, with the Dockerfile in it. */
export interface NewImage {
  readonly tag: string;
  readonly labels: Labels;
  /** In the archive. */
  readonly dockerfile: string;
  readonly target?: string | undefined;
  readonly network?: string | undefined;
  readonly args: Labels;
}

export interface Network {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
}

export interface ChangeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Seconds until a container that does not stop is killed. */
  readonly grace?: number;
}

/** Every call may throw an EngineFault: `not-allowed` where the thing is not ours. What is gone already is no fault. */
export interface EngineWriter {
  /** Null: there is no such container. */
  state(id: string, signal?: AbortSignal): Promise<ContainerState | null>;
  networks(signal?: AbortSignal): Promise<readonly Network[]>;
  createVolume(volume: NewVolume, signal?: AbortSignal): Promise<void>;
  createNetwork(network: NewNetwork, signal?: AbortSignal): Promise<void>;
  /** @returns its id */
  createContainer(container: NewContainer, signal?: AbortSignal): Promise<string>;
  start(id: string, options?: ChangeOptions): Promise<void>;
  stop(id: string, options?: ChangeOptions): Promise<void>;
  restart(id: string, options?: ChangeOptions): Promise<void>;
  kill(id: string, options?: ChangeOptions): Promise<void>;
  /** Also when it runs. `volumes`: with its anonymous ones. */
  removeContainer(id: string, volumes: boolean, signal?: AbortSignal): Promise<void>;
  removeVolume(name: string, signal?: AbortSignal): Promise<void>;
  /**
   * A volume without a name that a container of ours has left: it bears no label. `since`: the drill's start, before
   * which it cannot have been made. Left alone when any container uses it.
   */
  removeLeftVolume(name: string, since: string, signal?: AbortSignal): Promise<void>;
  removeNetwork(id: string, signal?: AbortSignal): Promise<void>;
  /**
   * Writes a path of a container into a file as a tar archive, links followed; whether it runs or not.
   * @returns its size. @throws EngineFault `failed` when it is more than `most` bytes, or there is no such path
   */
  save(id: string, path: string, file: string, most: number, signal?: AbortSignal): Promise<number>;
  /** No base image is fetched by it that is on the engine. @throws EngineFault `failed` with what the builder said */
  build(image: NewImage, context: Readable, signal?: AbortSignal): Promise<void>;
  /** By a name of ours, or by its id where it has none. What other images are made of stays. */
  removeImage(name: string, signal?: AbortSignal): Promise<void>;
  /** Unpacks a tar archive into a folder of the container; whether it runs or not. */
  put(id: string, folder: string, tar: Uint8Array, signal?: AbortSignal): Promise<void>;
}

export type WritableEngine = Engine & EngineWriter;

export const isWritable = (engine: Engine): engine is WritableEngine => 'removeLeftVolume' in engine;

/** Beside the time that a container is given to stop. */
const PATIENCE = 60_000;
const GRACE = 10;
/** Programs are fetched and translated. */
const BUILDING = 30 * 60_000;
/** A large database, over a network. */
const COPYING = 6 * 60 * 60 * 1000;

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  readonly file?: Uint8Array;
}

const OK = Object.fromEntries([200, 201, 204, 304].map((code) => [code, true]));

export function writerOver(docker: Dockerode, call: Caller, vouchers: Vouchers, podman: boolean): EngineWriter {
  const send = ({ method, path, query = {}, body, file }: Request, { abortSignal }: CallOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const request = { method, path: `${path}?`, abortSignal, statusCodes: OK };
      const done = (error: unknown, data: unknown): void => (error ? reject(error) : resolve(data));
      const options = body === undefined ? query : { _query: query, _body: body };
      docker.modem.dial({ ...request, options, ...(file ? { file: Buffer.from(file) } : {}) }, done);
    });
  const get = async <T>(path: string, opts: CallOptions): Promise<T | null> => {
    try {
      return (await send({ method: 'GET', path }, opts)) as T;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return null;
      throw error;
    }
  };
  const labelsOf = async (thing: string, opts: CallOptions): Promise<Labels | null> => {
    const path = /^(containers|images)\//.test(thing) ? `/${thing}/json` : `/${thing}`;
    type Labelled = { readonly Labels?: Labels | null; readonly Config?: { readonly Labels?: Labels | null } };
    const found = await get<Labelled>(path, opts);
    return found && (found.Config?.Labels ?? found.Labels ?? {});
  };
  /** @returns false when it is gone. @throws EngineFault when it is not ours */
  const vouch = async (kind: string, id: string, opts: CallOptions): Promise<boolean> => {
    const thing = `${kind}/${id}`;
    const labels = await labelsOf(`${kind}/${encodeURIComponent(id)}`, opts);
    if (!labels) return false;
    if (!labels[LABEL]) throw notOurs(thing);
    vouchers.give(thing);
    return true;
  };
  const change = (
    doing: string,
    kind: string,
    id: string,
    request: Request,
    { signal, grace = 0 }: ChangeOptions = {},
  ) =>
    call(
      doing,
      async (opts) => {
        if (!(await vouch(kind, id, opts))) return;
        await send(request, opts).catch((error: unknown) => {
          if ((error as { statusCode?: number }).statusCode !== 404 || request.method !== 'DELETE') throw error;
        });
      },
      signal,
      PATIENCE + grace * 1000,
    );
  const container = (id: string, action: string): string => `/containers/${encodeURIComponent(id)}${action}`;
  const stopping = (id: string, action: 'stop' | 'restart', { grace = GRACE, signal }: ChangeOptions = {}) =>
    change(
      `${action} a container`,
      'containers',
      id,
      { method: 'POST', path: container(id, `/${action}`), query: { t: grace } },
      { signal, grace },
    );
  return {
    state: (id, signal) =>
      call(
        'inspect a container',
        async (opts) => {
          const state = stateOf(await get<RawState>(container(id, '/json'), opts));
          if (!podman || !state?.running || (state.health !== 'starting' && state.health !== 'unhealthy')) return state;
          // Podman has its checks carried out by systemd timers; where there are none they must be asked for.
          await get(`/v4.0.0/libpod${container(id, '/healthcheck')}`, opts).catch(() => null);
          return stateOf(await get<RawState>(container(id, '/json'), opts));
        },
        signal,
        PATIENCE,
      ),
    networks: (signal) =>
      call(
        'list the networks',
        async (opts) =>
          ((await get<RawNetwork[]>('/networks', opts)) ?? []).map(({ Id, Name, Labels }) => ({
            id: Id,
            name: Name,
            labels: Labels ?? {},
          })),
        signal,
      ),
    createVolume: ({ name, labels, driver, driverOpts }, signal) => {
      const body = { Name: name, Labels: labels, ...(driver ? { Driver: driver } : {}), DriverOpts: driverOpts ?? {} };
      return call(
        'make a volume',
        async (opts) => void (await send({ method: 'POST', path: '/volumes/create', body }, opts)),
        signal,
        PATIENCE,
      );
    },
    createNetwork: ({ name, labels }, signal) => {
      const body = { Name: name, Labels: labels, Internal: true, Driver: 'bridge', CheckDuplicate: true };
      return call(
        'make a network',
        async (opts) => void (await send({ method: 'POST', path: '/networks/create', body }, opts)),
        signal,
        PATIENCE,
      );
    },
    createContainer: ({ name, settings }, signal) =>
      call(
        'make a container',
        async (opts) => {
          const request = { method: 'POST', path: '/containers/create', query: { name }, body: settings } as const;
          return ((await send(request, opts)) as { readonly Id: string }).Id;
        },
        signal,
        PATIENCE,
      ),
    start: (id, options) =>
      change('start a container', 'containers', id, { method: 'POST', path: container(id, '/start') }, options),
    stop: (id, options) => stopping(id, 'stop', options),
    restart: (id, options) => stopping(id, 'restart', options),
    kill: (id, options) =>
      change('kill a container', 'containers', id, { method: 'POST', path: container(id, '/kill') }, options),
    removeContainer: (id, volumes, signal) => {
      const query = { force: true, v: volumes };
      const request = { method: 'DELETE', path: container(id, ''), query } as const;
      return change('remove a container', 'containers', id, request, { signal });
    },
    removeVolume: (name, signal) => {
      const request = { method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}` } as const;
      return change('remove a volume', 'volumes', name, request, { signal });
    },
    removeLeftVolume: (name, since, signal) =>
      call(
        'remove a volume',
        async (opts) => {
          const path = `/volumes/${encodeURIComponent(name)}`;
          const volume = await get<{ readonly CreatedAt?: string }>(path, opts);
          if (!volume) return;
          // The engine tells it to the second.
          const made = Date.parse(volume.CreatedAt ?? '');
          if (!/^[0-9a-f]{64}$/.test(name) || !(made >= Date.parse(since) - 2000)) throw notOurs(`volumes/${name}`);
          vouchers.give(`volumes/${name}`);
          await send({ method: 'DELETE', path }, opts).catch((error: unknown) => {
            // 409: a container uses it.
            if (![404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
          });
        },
        signal,
        PATIENCE,
      ),
    removeNetwork: (id, signal) => {
      const request = { method: 'DELETE', path: `/networks/${encodeURIComponent(id)}` } as const;
      return change('remove a network', 'networks', id, request, { signal });
    },
    save: (id, path, file, most, signal) =>
      call(
        'copy the data of a container',
        async ({ abortSignal }) => {
          const found = await docker.getContainer(id).getArchive({ path, abortSignal });
          let size = 0;
          const counted = async function* (): AsyncGenerator<Uint8Array> {
            for await (const chunk of found as AsyncIterable<Uint8Array>) {
              size += chunk.length;
              if (size > most) throw new EngineFault('failed', `${path} is larger than there is room for.`);
              yield chunk;
            }
          };
          const into = fs.createWriteStream(file, { mode: 0o600, flags: 'wx' });
          await pipeline(Readable.from(counted()), into, { signal: abortSignal });
          return size;
        },
        signal,
        COPYING,
      ),
    build: ({ tag, labels, dockerfile, target, network, args }, context, signal) =>
      call(
        'build an image',
        async ({ abortSignal }) => {
          const query = {
            t: tag,
            dockerfile,
            labels: JSON.stringify(labels),
            buildargs: JSON.stringify(args),
            ...(target === undefined ? {} : { target }),
            ...(network === undefined ? {} : { networkmode: network }),
            rm: true,
            forcerm: true,
            // BuildKit leaves no images in between, nor does Podman when it is told so.
            ...(podman ? { layers: false, pullpolicy: 'never' } : { version: '2' }),
          };
          const request = { method: 'POST', path: '/build?', abortSignal, statusCodes: OK, options: query };
          const said = await new Promise<Readable>((resolve, reject) => {
            const done = (error: unknown, data: unknown): void => (error ? reject(error) : resolve(data as Readable));
            docker.modem.dial({ ...request, file: context as never, isStream: true }, done);
          });
          const failed = await builderSays(said);
          if (failed !== null)
            throw new EngineFault(
              'failed',
              `The engine could not build an image (${redacted(failed, secretsOf(Object.entries(args), []))}).`,
            );
        },
        signal,
        BUILDING,
      ),
    removeImage: (name, signal) => {
      const request = { method: 'DELETE', path: `/images/${encodeURIComponent(name)}` } as const;
      return change('remove an image', 'images', name, request, { signal });
    },
    put: (id, folder, tar, signal) => {
      const request = { method: 'PUT', path: container(id, '/archive'), query: { path: folder }, file: tar } as const;
      return change('write a file into a container', 'containers', id, request, { signal });
    },
  };
}

const notOurs = (thing: string): EngineFault =>
  new EngineFault('not-allowed', `${thing} is not part of a scratch copy: it is left alone.`);

interface RawState {
  readonly Id: string;
  readonly State?: {
    readonly Status?: string;
    readonly Running?: boolean;
    readonly Paused?: boolean;
    readonly Restarting?: boolean;
    readonly ExitCode?: number;
    readonly StartedAt?: string;
    readonly Health?: { readonly Status?: string } | null;
    /** Podman's older word for it. */
    readonly Healthcheck?: { readonly Status?: string } | null;
  };
}

interface RawNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Labels?: Labels | null;
}

function stateOf(raw: RawState | null): ContainerState | null {
  if (!raw) return null;
  const {
    Status = '',
    Running,
    Paused,
    Restarting,
    ExitCode = 0,
    StartedAt = '',
    Health,
    Healthcheck,
  } = raw.State ?? {};
  const health = (Health ?? Healthcheck)?.Status ?? '';
  return {
    id: raw.Id,
    state: Status,
    running: Running === true && Paused !== true && Restarting !== true,
    exitCode: ExitCode,
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : null,
    startedAt: StartedAt,
  };
}
