/** The one place that talks to an engine: dockerode behind our interface, with a gate before every call. */
import * as http from 'node:http';
import * as https from 'node:https';
import type Dockerode from 'dockerode';
import { type Address, addressText, type Endpoint } from './address.ts';
import { caller, opaque } from './call.ts';
import type { OpenOptions } from './connect.ts';
import { engineOver, untyped } from './dockerode-calls.ts';
import { type WritableEngine, writerOver } from './engine-write.ts';
import { EngineFault } from './fault.ts';
import { buildsForeign, changedBy, isAllowed, makesUnlabelled, Vouchers } from './gate.ts';
import { identityOf, type RawInfo, type RawVersion } from './identity.ts';
import { sshAgent } from './ssh.ts';

/** @throws EngineFault */
export async function openEngine(endpoint: Endpoint, options: OpenOptions): Promise<WritableEngine> {
  const agent = opaque(agentFor(endpoint.address));
  tellOfTornAnswers(agent);
  const docker = await clientFor(endpoint.address, agent);
  const vouchers = new Vouchers();
  gate(docker, options, endpoint.address, vouchers);
  // A copy that was made must be taken away also when the making was cancelled: those calls bring signals of their own.
  const call = caller(endpoint, options.access === 'write' ? { ...options, signal: undefined } : options);
  const client = untyped(docker);
  try {
    const version = await call('tell its version', (opts) => client.version(opts) as Promise<RawVersion>);
    const info = await call('describe itself', (opts) => client.info(opts) as Promise<RawInfo>);
    const identity = identityOf(version, info, endpoint, options.machine);
    call.answered();
    const engine = engineOver(docker, identity, call, () => agent.destroy());
    return Object.assign(engine, writerOver(docker, call, vouchers, identity.name === 'Podman'));
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

interface Dial {
  readonly method: string;
  path: string;
  readonly options?: { readonly _body?: unknown };
}

/** What the access does not allow never leaves the process. */
function gate(docker: Dockerode, { access, onCall }: OpenOptions, address: Address, vouchers: Vouchers): void {
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
    const changed = changedBy(options.method, path);
    const strange =
      changed === null
        ? makesUnlabelled(options.method, path, options.options?._body) ||
          buildsForeign(options.method, path, options.options)
        : !vouchers.take(changed);
    if (strange) {
      done(new EngineFault('not-allowed', `${options.method} ${path} is refused: it is not about a scratch copy.`));
      return;
    }
    onCall?.({ method: options.method, path });
    dial({ ...options, path: prefix + options.path }, done);
  };
}
