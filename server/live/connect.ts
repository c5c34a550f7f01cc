/** Finds an engine and opens it. */
import { addressText, type Endpoint } from './address.ts';
import { type Choice, candidates } from './candidates.ts';
import type { Access, Engine } from './engine.ts';
import type { WritableEngine } from './engine-write.ts';
import { EngineFault } from './fault.ts';
import { type Machine, thisMachine } from './machine.ts';

export interface ApiCall {
  readonly method: string;
  readonly path: string;
}

export interface OpenOptions {
  readonly access: Access;
  readonly machine: Machine;
  readonly signal?: AbortSignal | undefined;
  /** How long any one answer may take, in ms. */
  readonly timeout?: number | undefined;
  /** Sees every call before it is sent. */
  readonly onCall?: ((call: ApiCall) => void) | undefined;
}

export interface ConnectOptions extends Choice, Partial<OpenOptions> {}

/** The library is large: it is loaded when the first engine is opened. @throws EngineFault */
export function connect(options: ConnectOptions & { readonly access: 'write' }): Promise<WritableEngine>;
export function connect(options?: ConnectOptions): Promise<Engine>;
export async function connect(options: ConnectOptions = {}): Promise<Engine> {
  const machine = options.machine ?? thisMachine();
  const endpoints = candidates(machine, options);
  const open = { ...options, machine, access: options.access ?? 'inspect' } satisfies OpenOptions;
  const there = endpoints.filter((endpoint) => endpoint.asked || isThere(machine, endpoint));
  const faults: EngineFault[] = [];
  for (const endpoint of there) {
    try {
      const { openEngine } = await import('./dockerode.ts');
      return await openEngine(endpoint, open);
    } catch (error) {
      if (!(error instanceof EngineFault) || error.code === 'cancelled') throw error;
      if (endpoint.asked) throw new EngineFault(error.code, `${error.message} It was chosen by ${endpoint.reason}.`);
      faults.push(error);
    }
  }
  throw noneOf(endpoints, faults);
}

/** Pipes cannot be looked for without being opened. */
const isThere = (machine: Machine, { address }: Endpoint): boolean =>
  address.kind !== 'socket' || address.path.startsWith('//') || machine.exists(address.path);

/** The most telling fault of those that were met: an engine that may not be used says more than one that is not there. */
function noneOf(endpoints: readonly Endpoint[], faults: readonly EngineFault[]): EngineFault {
  const told = faults.filter(({ code }) => code !== 'no-engine');
  const first = told.find(({ code }) => code === 'permission') ?? told[0];
  const tried = `Tried: ${[...new Set(endpoints.map(({ address }) => addressText(address)))].join(', ')}.`;
  if (first) return new EngineFault(first.code, `${first.message} ${tried}`);
  return new EngineFault(
    'no-engine',
    `No container engine was found. Start Docker or Podman (podman system service), or name one with --host, DOCKER_HOST or a Docker context. ${tried}`,
  );
}
