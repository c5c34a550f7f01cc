/** Which engine answered. */
import * as os from 'node:os';
import { type Address, addressText, type Endpoint } from './address.ts';
import type { EngineIdentity } from './engine.ts';
import { EngineFault } from './fault.ts';
import type { Machine } from './machine.ts';

export interface RawVersion {
  readonly Version?: string;
  readonly ApiVersion?: string;
  readonly Components?: readonly { readonly Name?: string }[] | null;
}

export interface RawInfo {
  readonly ID?: string;
  readonly Name?: string;
  readonly OperatingSystem?: string;
  readonly DockerRootDir?: string;
}

const OLDEST = [1, 24] as const;

/** @throws EngineFault when it is no engine that we can talk to */
export function identityOf(version: RawVersion, info: RawInfo, endpoint: Endpoint, machine: Machine): EngineIdentity {
  const where = addressText(endpoint.address);
  const apiVersion = version?.ApiVersion;
  if (typeof apiVersion !== 'string') {
    throw new EngineFault('not-an-engine', `What answers at ${where} is not a container engine. Check the address.`);
  }
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new EngineFault(
      'too-old',
      `The engine at ${where} speaks API ${apiVersion} (version ${version.Version ?? 'unknown'}); at least ${OLDEST.join('.')} is needed, which is Docker 1.12. Update the engine.`,
    );
  }
  const rootDirectory = info.DockerRootDir ?? '';
  const podman = (version.Components ?? []).some(({ Name = '' }) => /podman/i.test(Name));
  return {
    id: info.ID || where,
    name: podman ? 'Podman' : 'Docker',
    version: version.Version ?? '',
    apiVersion,
    operatingSystem: info.OperatingSystem ?? '',
    endpoint: where,
    reason: endpoint.reason,
    // A virtual machine has a host name of its own.
    local: endpoint.address.kind === 'socket' && info.Name === os.hostname() && machine.exists(rootDirectory),
    remote: isRemote(endpoint.address),
    rootDirectory,
  };
}

const isRemote = (address: Address): boolean =>
  address.kind === 'ssh' || (address.kind === 'tcp' && !/^(localhost|127(\.\d+){3}|::1)$/.test(address.host));
