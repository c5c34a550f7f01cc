/** The calls of an engine that is open, in our words. */
import type * as http from 'node:http';
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import type { Caller, CallOptions } from './call.ts';
import type { Archive, Change, Engine, EngineIdentity, ExecResult } from './engine.ts';
import * as raw from './raw.ts';
import { readTar, relative } from './tar.ts';

/** Sizes of all volumes are counted file by file. */
const USAGE_TIMEOUT = 20_000;
const CHANGES: readonly Change['kind'][] = ['modified', 'added', 'deleted'];

/** Its types know no options for these. */
export const untyped = (docker: Dockerode) =>
  docker as unknown as Record<'version' | 'info' | 'df', (options: CallOptions) => Promise<unknown>>;

/** Unless told to look at volumes alone, an engine measures images and containers too. The library cannot tell it. */
function usageOf(docker: Dockerode, { name, apiVersion }: EngineIdentity, opts: CallOptions): Promise<unknown> {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  if (name !== 'Docker' || major < 1 || (major === 1 && minor < 42)) return untyped(docker).df(opts);
  const request = { path: '/system/df?', method: 'GET', statusCodes: { 200: true, 500: 'server error' } };
  return new Promise((resolve, reject) => {
    const done = (error: unknown, data: unknown): void => (error ? reject(error) : resolve(data));
    docker.modem.dial({ ...request, ...opts, options: { type: 'volume' } }, done);
  });
}

const orNull = async <T>(found: Promise<T>): Promise<T | null> => {
  try {
    return await found;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
};

export function engineOver(docker: Dockerode, identity: EngineIdentity, call: Caller, close: () => void): Engine {
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
            return relative(await readTar(stream, limits), path);
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
    labelledImages: (label, signal) =>
      call(
        'list the images',
        async (opts) => {
          const filters = JSON.stringify({ label: [label] });
          const found = (await docker.listImages({ filters, ...opts })) as unknown as raw.RawImageSummary[];
          return found.map(raw.imageSummaryOf);
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
