/** Docker contexts: the address and TLS files that `docker context` keeps. */
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { type Endpoint, parseAddress, type Tls } from './address.ts';
import { EngineFault } from './fault.ts';
import type { Machine } from './machine.ts';

export const configDirectory = ({ env, home }: Machine): string => env.DOCKER_CONFIG || path.join(home, '.docker');

/** `currentContext` of config.json; null when none or when it is the default one. */
export function currentContext(machine: Machine): string | null {
  const { currentContext: name } = record(json(machine, path.join(configDirectory(machine), 'config.json')));
  return typeof name === 'string' && name !== '' && name !== 'default' ? name : null;
}

/** @throws EngineFault */
export function contextEndpoint(machine: Machine, name: string, reason: string): Endpoint {
  const store = path.join(configDirectory(machine), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const meta = json(machine, path.join(store, 'meta', id, 'meta.json'));
  if (meta === null) throw notFound(machine, store, name, reason);
  const { Host: host, SkipTLSVerify: skip } = record(record(record(meta).Endpoints).docker);
  if (typeof host !== 'string' || host === '') {
    throw new EngineFault(
      'bad-address',
      `The Docker context ${name} (${reason}) names no host for Docker. Look at it: docker context inspect ${name}.`,
    );
  }
  const tls = tlsOf(machine, path.join(store, 'tls', id, 'docker'), skip !== true);
  return { address: parseAddress(host, `The host of the Docker context ${name}`, tls), reason, asked: true };
}

function notFound(machine: Machine, store: string, name: string, reason: string): EngineFault {
  const known = (machine.list(path.join(store, 'meta')) ?? [])
    .map((id) => record(json(machine, path.join(store, 'meta', id, 'meta.json'))).Name)
    .filter((one): one is string => typeof one === 'string')
    .sort();
  return new EngineFault(
    'context-not-found',
    `There is no Docker context ${name} (${reason}). Known: ${['default', ...known].join(', ')}. Choose one: docker context use <name>, or --context <name>.`,
  );
}

/** What of ca.pem, cert.pem and key.pem is there; undefined when nothing is. */
export function tlsOf(machine: Machine, directory: string, verify: boolean): Tls | undefined {
  const file = (name: string): string | null => machine.read(path.join(directory, name));
  const [ca, cert, key] = [file('ca.pem'), file('cert.pem'), file('key.pem')];
  if (ca === null && cert === null && key === null) return undefined;
  return {
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    verify,
  };
}

function json(machine: Machine, file: string): unknown {
  try {
    return JSON.parse(machine.read(file) ?? 'null');
  } catch {
    return null;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
