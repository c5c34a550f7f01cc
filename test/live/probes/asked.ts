/** Containers that are not there, for probes: an HTTP server of the test at their ports, files and variables as told. */
import { spawn } from 'node:child_process';
import * as http from 'node:http';
import { askOf } from '../../../server/live/ask.ts';
import type { ArchiveEntry, Container, Engine, EngineIdentity, ExecResult } from '../../../server/live/engine.ts';
import type { Ask } from '../../../server/live/probes/probe.ts';
import { redacted, secretsOf } from '../../../server/live/redact.ts';
import { type Answer, json, listen } from '../helpers.ts';

export const LOCAL: EngineIdentity = {
  name: 'Docker',
  version: '26.1.5',
  apiVersion: '1.45',
  operatingSystem: 'Debian',
  endpoint: 'unix:///var/run/docker.sock',
  reason: 'of the test',
  local: true,
  id: 'e1',
  remote: false,
  rootDirectory: '/var/lib/docker',
};

export interface Setup {
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly log?: string;
  /** By the words of the command. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly identity?: Partial<EngineIdentity>;
  readonly path?: string | null;
}

export const container = (setup: Setup, more: Partial<Container> = {}): Container => {
  const environment = new Map(Object.entries(setup.environment ?? {}));
  const command = setup.command ?? [];
  return {
    id: 'c1',
    name: 'shop-db-1',
    image: 'x',
    imageId: 'sha256:1',
    state: 'running',
    running: true,
    startedAt: '2026-01-01T00:00:00Z',
    created: '2026-01-01T00:00:00Z',
    autoRemove: false,
    hostname: 'h',
    workingDirectory: setup.workingDirectory ?? '/',
    command,
    labels: {},
    mounts: [],
    addresses: [],
    ports: [],
    environment: (name) => environment.get(name),
    redact: (text) => redacted(text, secretsOf(environment, command)),
    ...more,
  };
};

/** As a container's exec, on this machine: only with what `PATH` and the variables say. */
export function ran(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk: Buffer) => out.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => out.stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        exitCode: code ?? -1,
        stdout: Buffer.concat(out.stdout).toString('utf8'),
        stderr: Buffer.concat(out.stderr).toString('utf8'),
      }),
    );
  });
}

export function engine(setup: Setup, exec?: Engine['exec']): Engine {
  const never = (): never => {
    throw new Error('not asked for');
  };
  const { files = {}, programs = {} } = setup;
  const entry = (path: string, content: string | Uint8Array): ArchiveEntry => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return { path, kind: 'file', size: bytes.length, modified: 0, bytes };
  };
  const inFolder = (at: string): ArchiveEntry[] => {
    const below = Object.entries(files).filter(([file]) => file.startsWith(`${at}/`));
    const folders = new Set(
      below.flatMap(([file]) => {
        const parts = file.slice(at.length + 1).split('/');
        return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
      }),
    );
    const folder = (path: string): ArchiveEntry => ({
      path,
      kind: 'directory',
      size: 0,
      modified: 0,
      bytes: new Uint8Array(),
    });
    return [
      folder(''),
      ...[...folders].map(folder),
      ...below.map(([file, text]) => entry(file.slice(at.length + 1), text)),
    ];
  };
  return {
    identity: { ...LOCAL, ...setup.identity },
    containers: never,
    inspect: never,
    changes: never,
    volumes: never,
    image: never,
    labelledImages: never,
    volumeUsage: never,
    close: () => undefined,
    stat: async (_, path) => {
      const file = files[path];
      if (file !== undefined) return { kind: 'file', size: file.length, modified: '' };
      return inFolder(path).length > 1 ? { kind: 'directory', size: 0, modified: '' } : null;
    },
    archive: async (_, path) => {
      const file = files[path];
      if (file !== undefined) return { entries: [entry('', file)], complete: true };
      const entries = inFolder(path);
      return entries.length > 1 ? { entries, complete: true } : null;
    },
    logs: async () => setup.log ?? '',
    exec:
      exec ??
      (async (_, argv) => {
        const stdout = programs[argv.join(' ')];
        if (stdout === undefined) return { exitCode: 127, stdout: '', stderr: `${argv[0]}: not found` };
        return { exitCode: 0, stdout, stderr: '' };
      }),
  };
}

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** @returns its port, and what it was asked, which grows */
export async function server(answer: (request: Request) => Answer): Promise<{ port: number; asked: Request[] }> {
  const asked: Request[] = [];
  const listening = http.createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      asked.push(request);
      answer(request)(incoming, response);
    });
  });
  return { port: await listen(listening, 0), asked };
}

/** By method and path, without what follows `?` unless it is written here. */
export const answers =
  (known: Readonly<Record<string, unknown>>) =>
  ({ method, url }: Request): Answer => {
    const key = [`${method} ${url}`, `${method} ${url.replace(/\?.*$/, '')}`].find((one) => one in known);
    if (key === undefined) return json({ error: 'not found' }, 404);
    const value = known[key];
    return typeof value === 'function' ? (value as Answer) : json(value);
  };

/** A store whose server has `answer` at the port that it listens on in the container. */
export async function ask(
  technology: string,
  at: number,
  answer: (request: Request) => Answer,
  setup: Setup = {},
): Promise<{ ask: Ask; asked: Request[] }> {
  const { port, asked } = await server(answer);
  const published = { ports: [{ container: at, host: '127.0.0.1', port }] };
  return { ask: askFor(technology, setup, published), asked };
}

export function askFor(technology: string, setup: Setup = {}, more: Partial<Container> = {}): Ask {
  return askOf({
    engine: engine(setup),
    container: container(setup, more),
    path: setup.path ?? null,
    store: {
      technology,
      title: technology,
      path: setup.path ?? null,
      isFile: false,
      kind: 'essential',
      need: 'required',
      confidence: 'primary',
      evidence: [{ from: 'image', note: 'the test says so', confidence: 'primary' }],
      role: 'server',
    },
  });
}
