/** An engine with some containers, over HTTP: what the protocol looks like, without any container. */
import type * as http from 'node:http';
import { type Answer, ENGINE, json, onSocket, routes } from './helpers.ts';

export interface FakeContainer {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts?: readonly object[];
  readonly environment?: readonly string[];
  readonly changes?: readonly { readonly Path: string; readonly Kind: number }[];
  /** A folder is null. */
  readonly files: Readonly<Record<string, string | null>>;
}

export interface FakeEngine {
  readonly containers: readonly FakeContainer[];
  readonly volumes?: readonly object[];
  readonly extra?: Readonly<Record<string, Answer>>;
}

export const composeLabels = (project: string, service: string, folder: string): Record<string, string> => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': service,
  'com.docker.compose.oneoff': 'False',
  'com.docker.compose.project.working_dir': folder,
});

export const volume = (name: string, project: string): object => ({
  Name: name,
  Driver: 'local',
  CreatedAt: '2026-01-02T03:04:05Z',
  Labels: { 'com.docker.compose.project': project, 'com.docker.compose.volume': name.slice(project.length + 1) },
  Options: null,
  Mountpoint: `/not/here/${name}`,
});

/** @returns its address */
export function fakeEngine({ containers, volumes = [], extra = {} }: FakeEngine): Promise<string> {
  const summaries = containers.map(({ name, image, labels, mounts = [] }) => ({
    Id: name,
    Names: [`/${name}`],
    Image: image,
    State: 'running',
    Labels: labels,
    Mounts: mounts,
  }));
  const each = containers.flatMap((one): [string, Answer][] => [
    [`/containers/${one.name}/json`, json(inspected(one))],
    [`/containers/${one.name}/changes`, json(one.changes ?? null)],
    [`/containers/${one.name}/archive`, archive(one)],
  ]);
  return onSocket(
    routes({
      ...ENGINE,
      '/containers/json': json(summaries),
      '/volumes': json({ Volumes: volumes, Warnings: null }),
      '/system/df': json({ Volumes: volumes.map((one) => ({ ...one, UsageData: { Size: 4096, RefCount: 1 } })) }),
      '/images/sha256:1/json': json({ Id: 'sha256:1', Created: '2026-01-01T00:00:00Z', Config: { Volumes: null } }),
      ...Object.fromEntries(each),
      ...extra,
    }),
  );
}

const inspected = ({ name, image, labels, mounts = [], environment = [] }: FakeContainer): object => ({
  Id: name,
  Name: `/${name}`,
  Image: 'sha256:1',
  Created: '2026-01-01T00:00:00Z',
  State: { Status: 'running', Running: true, StartedAt: '2026-01-01T00:00:00Z' },
  Config: { Image: image, Env: environment, Labels: labels, Hostname: 'h', WorkingDir: '/' },
  Mounts: mounts,
  HostConfig: { Tmpfs: null },
});

const archive =
  ({ files }: FakeContainer): Answer =>
  (request, response) => {
    const asked = new URL(request.url ?? '', 'http://engine').searchParams.get('path') ?? '/';
    const at = asked.replace(/\/\.$/, '');
    const content = files[at];
    if (content === undefined) return json({ message: 'no such path' }, 404)(request, response);
    const stat = { name: at, size: content?.length ?? 4096, mode: content === null ? 0x800001ed : 0o644 };
    const header = Buffer.from(JSON.stringify(stat)).toString('base64');
    response.writeHead(200, { 'content-type': 'application/x-tar', 'x-docker-container-path-stat': header });
    if (request.method === 'HEAD') return void response.end();
    send(response, at, files);
  };

function send(response: http.ServerResponse, at: string, files: FakeContainer['files']): void {
  const inside = Object.entries(files).filter(([name]) => name === at || name.startsWith(`${at}/`));
  for (const [name, content] of inside.sort(([a], [b]) => (a < b ? -1 : 1)))
    response.write(tarEntry(`${at.split('/').at(-1)}${name.slice(at.length)}${content === null ? '/' : ''}`, content));
  response.end(Buffer.alloc(1024));
}

export function tarEntry(name: string, content: string | null): Buffer {
  const data = Buffer.from(content ?? '', 'latin1');
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(content === null ? '5' : '0', 156);
  header.write('ustar\u000000', 257);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
