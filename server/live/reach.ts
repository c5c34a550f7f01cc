/** HTTP to a port of a container, by whichever way there is. */
import type { Container, Engine, EngineIdentity } from './engine.ts';
import { type HttpAnswer, type HttpRequest, Unable } from './probes/probe.ts';
import { direct, NotReached, type Peer } from './reach-direct.ts';
import { inside } from './reach-inside.ts';
import { type Expanded, expanded, MOST } from './reach-request.ts';

/** `inside`: a client that runs in the container. */
export type Way = Peer | 'inside';

/** By port. The container is looked up anew after each restart, and with it what is remembered here. */
const KNOWN = new WeakMap<Container, Map<number, Way>>();

/** @throws Unable, EngineFault */
export async function reach(
  engine: Engine,
  container: Container,
  request: HttpRequest,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const filled = expanded(request, container);
  const known = KNOWN.get(container) ?? new Map<number, Way>();
  KNOWN.set(container, known);
  const first = known.get(request.port);
  const all = waysTo(engine.identity, container, request.port);
  const failures: string[] = [];
  for (const way of first ? [first, ...all.filter((one) => !same(one, first))] : all) {
    try {
      const answer =
        way === 'inside' ? await inside(engine, container, filled, signal) : await follow(way, filled, signal);
      known.set(request.port, way);
      return answer;
    } catch (error) {
      if (!(error instanceof NotReached)) throw error;
      failures.push(error.message);
    }
  }
  throw new Unable(`port ${request.port} was not reached: ${[...new Set(failures)].join('; ')}`);
}

const same = (a: Way, b: Way): boolean =>
  a === b || (a !== 'inside' && b !== 'inside' && a.host === b.host && a.port === b.port);

/** The nearest first. */
export function waysTo(engine: EngineIdentity, container: Container, port: number): Way[] {
  const published = container.ports.filter((one) => one.container === port);
  const host = hostOf(engine);
  const ways: Way[] = [];
  if (sharesNetworks(engine)) ways.push(...container.addresses.map((address) => ({ host: address, port })));
  if (host !== null) {
    for (const one of published) {
      const at = publishedAt(one.host, host);
      if (at !== null) ways.push({ host: at, port: one.port });
    }
  }
  ways.push('inside');
  return ways.filter((way, index) => ways.findIndex((other) => same(way, other)) === index);
}

/** Networks of a rootless engine are its own: an address of theirs may belong to somebody else out here. */
const sharesNetworks = ({ local, endpoint, rootDirectory }: EngineIdentity): boolean =>
  local &&
  process.platform === 'linux' &&
  !/\/run\/user\/\d+\//.test(endpoint) &&
  !/\/\.local\/share\//.test(rootDirectory);

/** Where published ports are; null when that is not known, as behind ssh. */
function hostOf({ endpoint, local, operatingSystem }: EngineIdentity): string | null {
  const [, address] = /^tcp:\/\/(\[[^\]]+\]|[^:/\s]+)/.exec(endpoint) ?? [];
  if (address !== undefined) return address.replace(/^\[|\]$/g, '');
  if (endpoint.startsWith('ssh:')) return null;
  // A socket on Linux whose engine is elsewhere was forwarded from another machine, or handed into a container: what
  // listens here is not the engine's. Elsewhere there is a virtual machine, which forwards published ports.
  return local || process.platform !== 'linux' || /docker desktop/i.test(operatingSystem) ? '127.0.0.1' : null;
}

const EVERY = new Set(['', '0.0.0.0', '::']);
const LOOPBACK = /^(127\.|::1$|localhost$)/;

function publishedAt(bound: string, host: string): string | null {
  if (EVERY.has(bound)) return host;
  // Published to the engine's own machine alone.
  if (LOOPBACK.test(bound)) return LOOPBACK.test(host) ? bound : null;
  return bound;
}

const REDIRECTS = 3;

/** Follows where it stays on the same server: a missing slash at the end is a redirect for many. */
async function follow(peer: Peer, request: Expanded, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  let { path } = request;
  for (let left = REDIRECTS; ; left--) {
    const { location, ...answer } = await direct(peer, { ...request, path }, MOST, signal);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const next = location !== undefined && reads && left > 0 ? onSameServer(location, { ...request, path }) : null;
    if (next === null) return answer;
    path = next;
  }
}

export function onSameServer(location: string, { path, tls, port }: Expanded): string | null {
  const base = `${tls ? 'https' : 'http'}://localhost:${port}`;
  if (!URL.canParse(location, base + path)) return null;
  const url = new URL(location, base + path);
  return url.origin === new URL(base).origin ? url.pathname + url.search : null;
}
