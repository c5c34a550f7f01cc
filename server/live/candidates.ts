/** Which engines there may be, in the order in which they are tried. */
import * as path from 'node:path';
import { type Address, type Endpoint, parseAddress, type Tls } from './address.ts';
import { configDirectory, contextEndpoint, currentContext, tlsOf } from './context.ts';
import { EngineFault } from './fault.ts';
import type { Machine } from './machine.ts';

export interface Choice {
  readonly host?: string | undefined;
  readonly context?: string | undefined;
}

/** One, when somebody chose it by an option, a variable or a context; else all well-known sockets. @throws EngineFault */
export function candidates(machine: Machine, choice: Choice = {}): readonly Endpoint[] {
  const { env } = machine;
  const one = (text: string, reason: string): Endpoint[] => [
    { address: parseAddress(text, reason, tlsFor(machine, text)), reason, asked: true },
  ];
  const byContext = (name: string, reason: string): readonly Endpoint[] =>
    name === 'default' ? wellKnown(machine) : [contextEndpoint(machine, name, reason)];

  if (choice.host) return one(choice.host, '--host');
  if (choice.context) return byContext(choice.context, '--context');
  if (env.DOCKER_HOST) return one(env.DOCKER_HOST, 'DOCKER_HOST');
  if (env.DOCKER_CONTEXT) return byContext(env.DOCKER_CONTEXT, 'DOCKER_CONTEXT');
  const current = currentContext(machine);
  if (current !== null) return byContext(current, `the current Docker context ${current}`);
  return wellKnown(machine);
}

/** DOCKER_TLS_VERIFY asks for a verified server, DOCKER_TLS for an encrypted one. */
function tlsFor(machine: Machine, address: string): Tls | undefined {
  const { DOCKER_TLS_VERIFY: verify, DOCKER_TLS: encrypt, DOCKER_CERT_PATH: folder } = machine.env;
  if ((!verify && !encrypt) || /^(unix|npipe|ssh):/i.test(address)) return undefined;
  const directory = folder || configDirectory(machine);
  const files = tlsOf(machine, directory, Boolean(verify));
  if (!files && verify) {
    throw new EngineFault(
      'tls',
      `DOCKER_TLS_VERIFY is set, but there is no ca.pem, cert.pem or key.pem in ${directory}. Set DOCKER_CERT_PATH to the folder that holds them, or unset DOCKER_TLS_VERIFY.`,
    );
  }
  return files ?? { verify: false };
}

function wellKnown(machine: Machine): Endpoint[] {
  const { env, home, platform, user } = machine;
  const socket = (file: string, reason: string): Endpoint => ({
    address: { kind: 'socket', path: file } satisfies Address,
    reason,
    asked: false,
  });
  if (platform === 'win32') {
    return [
      socket('//./pipe/docker_engine', 'the default pipe'),
      socket('//./pipe/dockerDesktopLinuxEngine', 'the pipe of Docker Desktop'),
      socket('//./pipe/podman-machine-default', 'the pipe of the Podman machine'),
    ];
  }
  const runtime = env.XDG_RUNTIME_DIR || (user === null ? null : `/run/user/${user}`);
  const colima = env.COLIMA_HOME || path.join(home, '.colima');
  const profiles = (machine.list(colima) ?? []).filter((name) => !name.startsWith('_')).sort();
  const machines = path.join(home, '.local/share/containers/podman/machine');
  return [
    socket('/var/run/docker.sock', 'the default socket'),
    ...(runtime ? [socket(path.join(runtime, 'docker.sock'), 'the socket of rootless Docker')] : []),
    socket(path.join(home, '.docker/desktop/docker.sock'), 'the socket of Docker Desktop'),
    socket(path.join(home, '.docker/run/docker.sock'), 'the socket of Docker Desktop'),
    ...profiles.map((name) => socket(path.join(colima, name, 'docker.sock'), `the socket of colima (${name})`)),
    socket(path.join(home, '.orbstack/run/docker.sock'), 'the socket of OrbStack'),
    socket('/run/podman/podman.sock', 'the socket of Podman'),
    ...(runtime ? [socket(path.join(runtime, 'podman/podman.sock'), 'the socket of rootless Podman')] : []),
    socket(path.join(machines, 'podman.sock'), 'the socket of the Podman machine'),
    socket(path.join(machines, 'qemu/podman.sock'), 'the socket of the Podman machine'),
    ...(platform === 'darwin' && env.TMPDIR
      ? [socket(path.join(env.TMPDIR, 'podman/podman-machine-default-api.sock'), 'the socket of the Podman machine')]
      : []),
  ];
}
