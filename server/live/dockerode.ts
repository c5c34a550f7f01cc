/** The one place that talks to an engine: dockerode behind our interface, with a gate before every call. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { type Address, addressText, type Endpoint } from './address.ts';
import { type Caller, type CallOptions, caller } from './call.ts';
import type { OpenOptions } from './connect.ts';
import type { Archive, Change, Engine, EngineIdentity, ExecResult } from './engine.ts';
import { EngineFault } from './fault.ts';
import { isAllowed } from './gate.ts';
import { identityOf, type RawInfo, type RawVersion } from './identity.ts';
import * as raw from './raw.ts';
import { sshAgent } from './ssh.ts';
import { readTar, relative } from './tar.ts';

/** Sizes of all volumes are counted file by file. */
const USAGE_TIMEOUT = 20_000;
const CHANGES: readonly Change['kind'][] = ['modified', 'added', 'deleted'];

/** @throws EngineFault */
export async function openEngine(endpoint: Endpoint, options: OpenOptions): Promise<Engine> {
  const agent = agentFor(endpoint.address);
  tellOfTornAnswers(agent);
  const docker = await clientFor(endpoint.address, agent);
  gate(docker, options, endpoint.address);
  const call = caller(endpoint, options);
  const client = untyped(docker);
  try {
    const version = await call('tell its version', (opts) => client.version(opts) as Promise<RawVersion>);
    const info = await call('describe itself', (opts) => client.info(opts) as Promise<RawInfo>);
    const identity = identityOf(version, info, endpoint, options.machine);
    call.answered();
    return engineOver(docker, identity, call, () => agent.destroy());
  } catch (error) {
    agent.destroy();
    throw error;
  }
}

function agentFor(address: Address): http.Agent {
  if (address.kind === 'ssh') return sshAgent(address, addressText(address));
  if (address.kind === 'socket' || !address.tls) return new http.Agent({ keepAlive: true, maxSockets: 8 });
  const { ca, cert, key, verify } = address.tls;
  return new https.Agent({
    keepAlive: true,
    maxSockets: 8,
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}

/** When a connection breaks in the middle of an answer the library waits for ever: it listens to the request alone. */
function tellOfTornAnswers(agent: http.Agent): void {
  const own = agent as unknown as { addRequest: (request: http.ClientRequest, ...rest: unknown[]) => void };
  const addRequest = own.addRequest.bind(agent);
  own.addRequest = (request, ...rest) => {
    request.on('response', (response) => {
      response.on('error', (error) => request.emit('error', error));
    });
    addRequest(request, ...rest);
  };
}

async function clientFor(address: Address, agent: http.Agent): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  const where =
    address.kind === 'socket'
      ? { socketPath: address.path, protocol: 'http' as const }
      : address.kind === 'tcp'
        ? {
            host: address.host.includes(':') ? `[${address.host}]` : address.host,
            port: address.port,
            protocol: address.tls ? ('https' as const) : ('http' as const),
          }
        : { host: 'docker.invalid', port: 80, protocol: 'http' as const };
  // The library merges DOCKER_HOST of its own accord, and with it another host or certificates than were chosen.
  const { DOCKER_HOST: host } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Docker({ ...where, agent } as unknown as Dockerode.DockerOptions);
  } finally {
    if (host !== undefined) process.env.DOCKER_HOST = host;
  }
}

/** Its types know no options for these. */
const untyped = (docker: Dockerode) =>
  docker as unknown as Record<'version' | 'info' | 'df', (options: CallOptions) => Promise<unknown>>;

/** Unless told to look at volumes alone, an engine measures images and containers too. The library cannot tell it. */
function usageOf(docker: Dockerode, { name, apiVersion }: EngineIdentity, opts: CallOptions): Promise<unknown> {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  if (name !== 'Docker' || major < 1 || (major === 1 && minor < 42)) return untyped(docker).df(opts);
  const request = { path: '/system/df?type=volume', method: 'GET', statusCodes: { 200: true, 500: 'server error' } };
  return new Promise((resolve, reject) => {
    docker.modem.dial({ ...request, ...opts }, (error: unknown, data: unknown) =>
      error ? reject(error) : resolve(data),
    );
  });
}

interface Dial {
  readonly method: string;
  path: string;
}

/** What the access does not allow never leaves the process. */
function gate(docker: Dockerode, { access, onCall }: OpenOptions, address: Address): void {
  // The library takes a path before its own, and loses it.
  const prefix = address.kind === 'tcp' ? address.prefix : '';
  const modem = docker.modem as { dial: (options: Dial, done: (error: unknown, data?: unknown) => void) => void };
  const dial = modem.dial.bind(modem);
  modem.dial = (options, done) => {
    const path = options.path.replace(/\?.*$/, '');
    if (!isAllowed(access, options.method, path)) {
      done(new EngineFault('not-allowed', `${options.method} ${path} is not allowed at this level.`));
      return;
    }
    onCall?.({ method: options.method, path });
    dial({ ...options, path: prefix + options.path }, done);
  };
}

const orNull = async <T>(found: Promise<T>): Promise<T | null> => {
  try {
    return await found;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
};

function engineOver(docker: Dockerode, identity: EngineIdentity, call: Caller, close: () => void): Engine {
  const container = (id: string) => docker.getContainer(id);
  return {
    identity,
    close,
    containers: (signal) =>
      call(
        'list the containers',
        async (opts) => ((await docker.listContainers({ all: true, ...opts })) as raw.RawSummary[]).map(raw.summaryOf),
        signal,
      ),
    inspect: (id, signal) =>
      call(
        'inspect a container',
        async (opts) => {
          const found = await orNull(container(id).inspect(opts));
          return found && raw.containerOf(found as unknown as raw.RawContainer);
        },
        signal,
      ),
    changes: (id, signal) =>
      call(
        'list the changes of a container',
        async (opts) => {
          // Without any change the library hands out a buffer that says `null`.
          const found: unknown = await container(id).changes(opts);
          const list = Array.isArray(found) ? (found as { Path: string; Kind: number }[]) : [];
          return list.map(({ Path, Kind }) => ({ path: Path, kind: CHANGES[Kind] ?? 'modified' }));
        },
        signal,
      ),
    stat: (id, path, signal) =>
      call(
        'look at a path of a container',
        async (opts) => {
          const answer = await orNull(container(id).infoArchive({ path, ...opts }) as Promise<unknown>);
          if (!answer) return null;
          const response = answer as http.IncomingMessage;
          // Left unread, it would keep the process alive.
          response.resume();
          return raw.statOf(response.headers['x-docker-container-path-stat'] as string | undefined);
        },
        signal,
      ),
    archive: (id, path, limits, signal) =>
      call(
        'read files of a container',
        async (opts): Promise<Archive | null> => {
          const stream = (await orNull(container(id).getArchive({ path, ...opts }))) as Readable | null;
          if (!stream) return null;
          // It is torn off on purpose as soon as enough was read.
          stream.on('error', () => undefined);
          try {
            return relative(await readTar(stream, limits));
          } finally {
            stream.destroy();
          }
        },
        signal,
      ),
    volumes: (signal) =>
      call(
        'list the volumes',
        async (opts) => {
          const { Volumes } = (await docker.listVolumes(opts)) as unknown as { Volumes: raw.RawVolume[] | null };
          return (Volumes ?? []).map(raw.volumeOf);
        },
        signal,
      ),
    image: (id, signal) =>
      call(
        'inspect an image',
        async (opts) => {
          const found = await orNull(docker.getImage(id).inspect(opts as object));
          return found && raw.imageOf(found as unknown as raw.RawImage);
        },
        signal,
      ),
    volumeUsage: (signal) =>
      call(
        'measure the volumes',
        async (opts) => {
          const { Volumes } = (await usageOf(docker, identity, opts)) as { Volumes?: raw.RawVolume[] | null };
          return new Map((Volumes ?? []).map((volume) => [volume.Name, raw.usageOf(volume)]));
        },
        signal,
        USAGE_TIMEOUT,
      ),
    logs: (id, lines, signal) =>
      call(
        'read the log of a container',
        async (opts) => {
          const bytes: unknown = await container(id).logs({ stdout: true, stderr: true, tail: lines, ...opts });
          return raw.demultiplexed(Buffer.isBuffer(bytes) ? bytes : Buffer.from(String(bytes))).text;
        },
        signal,
      ),
    exec: (id, argv, { user, signal, timeout } = {}) =>
      call(
        'run a command in a container',
        async (opts): Promise<ExecResult> => {
          const exec = await container(id).exec({
            Cmd: [...argv],
            AttachStdout: true,
            AttachStderr: true,
            ...(user === undefined ? {} : { User: user }),
            ...opts,
          });
          const stream = (await exec.start({ hijack: false, stdin: false, ...opts })) as unknown as Readable;
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(chunk as Buffer);
          const { stdout, stderr } = raw.demultiplexed(Buffer.concat(chunks));
          const { ExitCode } = await exec.inspect(opts);
          return { exitCode: ExitCode ?? -1, stdout, stderr };
        },
        signal,
        timeout,
      ),
  };
}
