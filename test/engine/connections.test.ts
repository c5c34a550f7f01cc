/** Every way to an engine that a machine like this one has, to the real one: ssh, TLS, contexts, well-known sockets. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { VerifyReport } from '../../server/protocol.ts';
import { cli, type Ran } from '../cli/helpers.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';
import { succeed } from './shell.ts';
import { place, type SshHost, startSshHost } from './ssh-host.ts';
import { startTlsRelay, type TlsRelay } from './tls-relay.ts';

const REDIS = `services:
  good:
    image: redis:7
    command: [redis-server, --appendonly, "yes"]
    volumes: [data:/data]
  bad:
    image: redis:7
    command: [redis-server, --dir, /tmp]
    volumes: [other:/data]
volumes: { data: , other: }
`;

const [engine] = engines().filter(({ kind }) => kind === 'docker');
if (!engine) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.runIf(engine)('connections', () => {
  const { environment, docker } = engine as EngineUnderTest;
  let on: LiveStack;
  let folder: string;

  beforeAll(async () => {
    await engine!.images('redis');
    folder = place(engine!, 'connections');
    on = new LiveStack(engine!, 'connections', REDIS);
    await on.up();
    for (const service of ['good', 'bad']) {
      await on.ready(service, 'sh', '-c', 'redis-cli PING | grep PONG');
      await on.exec(service, 'redis-cli', 'SET', 'key', 'value');
    }
  });
  afterAll(async () => {
    await on.remove();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** @param env all that is known of the outside; a home without settings */
  const verify = (env: Record<string, string>, ...argv: string[]): Promise<Ran> =>
    cli(on.folder, ['verify', '--project-name', on.name, ...argv], { env: { HOME: folder, ...env } });

  /** The right verdicts, and why this engine was asked. */
  async function holds(ran: Promise<Ran>, endpoint: string, reason: string): Promise<void> {
    const { code, out, err } = await ran;
    expect([code, err]).toEqual([1, '']);
    const { engine: identity, results } = JSON.parse(out) as VerifyReport;
    expect(identity).toMatchObject({ endpoint, reason, name: 'Docker' });
    const redis = results.filter(({ store }) => store.technology === 'redis');
    expect(redis.map(({ service, verdict }) => `${service} ${verdict}`)).toEqual(['good SAFE', 'bad NOT PERSISTED']);
  }
  const JSON_READ = ['--level', 'read', '--format', 'json'];

  describe('ssh', () => {
    let host: SshHost;
    beforeAll(async () => {
      host = await startSshHost(engine!, path.join(folder, 'ssh'));
    }, 180_000);
    afterAll(() => host.stop());
    afterEach(() => vi.unstubAllEnvs());
    const bySsh = (): void => void vi.stubEnv('PATH', `${host.programs}:${process.env.PATH}`);

    test('the servers behind it are asked', async () => {
      bySsh();
      await holds(verify({ DOCKER_HOST: host.address }, ...JSON_READ), host.address, 'DOCKER_HOST');
    });

    test('a socket may be named', async () => {
      bySsh();
      const address = `${host.address}${engine!.socket}`;
      await holds(verify({}, '--host', address, ...JSON_READ), address, '--host');
    });

    test('nothing is planted on another machine', async () => {
      bySsh();
      const before = (await docker.listContainers({ all: true })).length;
      for (const level of ['probe', 'drill']) {
        const { code, err } = await verify({ DOCKER_HOST: host.address }, '--level', level);
        expect(code).toBe(3);
        expect(err).toContain(`The engine at ${host.address} is on another machine, where a ${level} could meet`);
      }
      expect((await docker.listContainers({ all: true })).length).toBe(before);
    });

    test('without the docker command over there, or an engine, it is told what to try', async () => {
      bySsh();
      const { code, err } = await verify({}, '--host', `${host.address}/nowhere.sock`);
      expect(code).toBe(3);
      expect(err).toMatch(
        /^.*ssh could not reach the engine at ssh:.*nowhere\.sock.*Try it by hand: ssh 127\.0\.0\.1/m,
      );
    });

    // The last one: afterwards the host is a stranger.
    test('a host that is not known is not talked to', async () => {
      host.forget();
      bySsh();
      const { code, err } = await verify({ DOCKER_HOST: host.address });
      expect(code).toBe(3);
      expect(err).toContain('Host key verification failed');
    });
  });

  describe('TLS', () => {
    let relay: TlsRelay;
    let address: string;
    const secured = (): string => `${address} (TLS)`;
    beforeAll(async () => {
      relay = await startTlsRelay(engine!, path.join(folder, 'tls'));
      address = `tcp://127.0.0.1:${relay.port}`;
    }, 60_000);
    afterAll(() => relay.close());

    test('with the certificates of DOCKER_CERT_PATH', async () => {
      const env = { DOCKER_HOST: address, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: relay.client };
      await holds(verify(env, ...JSON_READ), secured(), 'DOCKER_HOST');
    });

    test('with a context that the docker command made, by option, by variable and as the current one', async () => {
      const config = path.join(folder, 'config');
      fs.mkdirSync(config);
      const { client } = relay;
      const files = `ca=${client}/ca.pem,cert=${client}/cert.pem,key=${client}/key.pem`;
      const command = (...args: string[]): Promise<string> =>
        succeed(path.join(environment.PATH!.split(':')[0]!, 'docker'), args, { env: { DOCKER_CONFIG: config } });
      await command('context', 'create', 'far', '--docker', `host=${address},${files}`);
      await holds(verify({ DOCKER_CONFIG: config }, '--context', 'far', ...JSON_READ), secured(), '--context');
      await holds(verify({ DOCKER_CONFIG: config, DOCKER_CONTEXT: 'far' }, ...JSON_READ), secured(), 'DOCKER_CONTEXT');
      await command('context', 'use', 'far');
      await holds(verify({ DOCKER_CONFIG: config }, ...JSON_READ), secured(), 'the current Docker context far');
    });

    test('a client that the engine does not know, and an engine that the client does not know', async () => {
      const outsider = await verify({
        DOCKER_HOST: address,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: relay.stranger,
      });
      expect(outsider.code).toBe(3);
      expect(outsider.err).toContain(address);
      const unsaid = await verify({ DOCKER_HOST: address });
      expect(unsaid.code).toBe(3);
      expect(unsaid.err).toContain(address);
    });
  });

  test.each([
    ['.docker/run/docker.sock', 'the socket of Docker Desktop'],
    ['.docker/desktop/docker.sock', 'the socket of Docker Desktop'],
    ['.colima/default/docker.sock', 'the socket of colima (default)'],
    ['.colima/work/docker.sock', 'the socket of colima (work)'],
    ['.orbstack/run/docker.sock', 'the socket of OrbStack'],
    ['.local/share/containers/podman/machine/podman.sock', 'the socket of the Podman machine'],
    ['run/docker.sock', 'the socket of rootless Docker'],
    ['run/podman/podman.sock', 'the socket of rootless Podman'],
  ])('an engine at ~/%s is found', async (at, reason) => {
    const home = place(engine!, 'home');
    const socket = path.join(home, at);
    fs.mkdirSync(path.dirname(socket), { recursive: true });
    fs.symlinkSync(engine!.socket, socket);
    await holds(
      verify({ HOME: home, XDG_RUNTIME_DIR: path.join(home, 'run') }, ...JSON_READ),
      `unix://${socket}`,
      reason,
    );
    fs.rmSync(home, { recursive: true });
  });
});
