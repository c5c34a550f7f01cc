/** Real container engines for tests. `global-setup.ts` starts what PERSISTENCE_ENGINES lists; here is how to reach it. */
import * as path from 'node:path';
import Dockerode from 'dockerode';
import { inject } from 'vitest';
import { type EngineName, HOME, type Started, script } from './machine.ts';
import { succeed } from './shell.ts';

declare module 'vitest' {
  interface ProvidedContext {
    started: Started;
  }
}

export interface EngineUnderTest {
  readonly name: EngineName;
  readonly kind: 'docker' | 'podman';
  readonly socket: string;
  readonly docker: Dockerode;
  /** The policy with which a container is started again after a reboot. */
  readonly restartPolicy: 'unless-stopped' | 'always';
  /** For programs that are to talk to this engine: Compose, the command line, ours. */
  readonly environment: NodeJS.ProcessEnv;
  /** `docker compose ARGS` in `folder`. @throws with what it printed when it fails. */
  compose(args: readonly string[], folder: string): Promise<string>;
  /** Makes the images of these recipes (setup/recipes) be there. */
  images(...recipes: string[]): Promise<void>;
  /** Stops the engine and all containers, and starts it again, as a restart of the machine would. */
  reboot(): Promise<void>;
}

export function engine(name: EngineName): EngineUnderTest {
  const kind = name.startsWith('podman') ? 'podman' : 'docker';
  const socket = path.join(HOME, name, 'engine.sock');
  const programs = path.join(HOME, 'trixie/root/usr');
  const environment: NodeJS.ProcessEnv = {
    PATH: `${programs}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: path.join(HOME, 'client'),
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_CONFIG: path.join(HOME, 'client'),
    // Podman has no BuildKit: Compose would look for it in an image that nobody has here.
    ...(kind === 'podman' ? { DOCKER_BUILDKIT: '0' } : {}),
  };
  return {
    name,
    kind,
    socket,
    docker: new Dockerode({ socketPath: socket, timeout: 60_000 }),
    restartPolicy: kind === 'podman' ? 'always' : 'unless-stopped',
    environment,
    compose: (args, folder) =>
      succeed(`${programs}/libexec/docker/cli-plugins/docker-compose`, args, { cwd: folder, env: environment }),
    images: async (...recipes) => void (await script('images', name, ...recipes)),
    reboot: async () => void (await script('reboot', name)),
  };
}

/** Those that run. Empty where no engine can be had: {@link whyNone} tells why. */
export const engines = (): EngineUnderTest[] => inject('started').engines.map(engine);

export const whyNone = (): string =>
  Object.entries(inject('started').absent)
    .map(([name, why]) => `${name}: ${why}`)
    .join('; ');
