/** What an engine may do instead of answering, over real sockets. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiCall, type ConnectOptions, connect } from '../../server/live/connect.ts';
import type { EngineFault } from '../../server/live/fault.ts';
import { ENGINE, folder, json, listen, machine, onSocket, routes, VERSION } from './helpers.ts';

/** What it says when it fails; the test fails when it does not. */
async function refusal(options: ConnectOptions): Promise<EngineFault> {
  try {
    (await connect(options)).close();
  } catch (error) {
    return error as EngineFault;
  }
  throw new Error('it connected');
}

const at = (host: string, more: ConnectOptions = {}): ConnectOptions => ({ host, machine: machine(folder()), ...more });

describe('an engine that answers', () => {
  test('is named, with the reason for it', async () => {
    const host = await onSocket(routes(ENGINE));
    const engine = await connect(at(host));
    expect(engine.identity).toEqual({
      id: host,
      name: 'Docker',
      version: '26.1.5',
      apiVersion: '1.45',
      operatingSystem: 'Debian',
      endpoint: host,
      reason: '--host',
      local: false,
      remote: false,
      rootDirectory: '/var/lib/docker',
    });
    engine.close();
  });

  test('Podman is told from Docker', async () => {
    const version = { ...VERSION, Components: [{ Name: 'Podman Engine' }] };
    const engine = await connect(at(await onSocket(routes({ ...ENGINE, '/version': json(version) }))));
    expect(engine.identity.name).toBe('Podman');
    engine.close();
  });

  test('over TCP, whatever DOCKER_HOST of this process says', async () => {
    const port = await listen(http.createServer(routes(ENGINE)), 0);
    const { DOCKER_HOST: before } = process.env;
    process.env.DOCKER_HOST = 'tcp://not.there:1';
    try {
      const engine = await connect(at(`tcp://127.0.0.1:${port}`));
      expect(engine.identity.endpoint).toBe(`tcp://127.0.0.1:${port}`);
      expect(process.env.DOCKER_HOST).toBe('tcp://not.there:1');
      engine.close();
    } finally {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
    }
  });

  test('behind a path', async () => {
    const answers = Object.fromEntries(Object.entries(ENGINE).map(([name, answer]) => [`/engines/a${name}`, answer]));
    const port = await listen(http.createServer(routes(answers)), 0);
    (await connect(at(`tcp://127.0.0.1:${port}/engines/a`))).close();
  });

  test('of the well-known sockets the first that answers', async () => {
    const home = folder();
    await onSocket(routes(ENGINE), path.join(home, '.docker/run/docker.sock'));
    fs.mkdirSync(path.join(home, '.docker/desktop'));
    fs.writeFileSync(path.join(home, '.docker/desktop/docker.sock'), '');
    const engine = await connect({ machine: machine(home) });
    expect(engine.identity.reason).toBe('the socket of Docker Desktop');
    expect(engine.identity.endpoint).toBe(`unix://${home}/.docker/run/docker.sock`);
    engine.close();
  });
});

describe('none', () => {
  test('what was tried is told', async () => {
    const { code, message } = await refusal({ machine: machine(folder()) });
    expect(code).toBe('no-engine');
    expect(message).toMatch(/^No container engine was found\. Start Docker or Podman/);
    expect(message).toContain('Tried: unix:///var/run/docker.sock, unix:///run/user/1000/docker.sock');
  });

  test('none in the place that was asked for, and no other is taken', async () => {
    const home = folder();
    await onSocket(routes(ENGINE), path.join(home, '.docker/run/docker.sock'));
    const { code, message } = await refusal({ machine: machine(home, { DOCKER_HOST: `unix://${home}/gone.sock` }) });
    expect(code).toBe('no-engine');
    expect(message).toBe(
      `There is nothing at unix://${home}/gone.sock. Start the engine, or name another one. It was chosen by DOCKER_HOST.`,
    );
  });

  test('a socket that nobody listens on', async () => {
    const home = folder({ 'dead.sock': '' });
    expect(await refusal(at(`unix://${home}/dead.sock`))).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/refused the connection: no engine listens there\. Start it/),
    });
  });

  test('a port that nobody listens on', async () => {
    expect(await refusal(at('tcp://127.0.0.1:1'))).toMatchObject({ code: 'refused' });
  });

  test('a host that does not exist', async () => {
    expect(await refusal(at('tcp://engine.invalid:2375'))).toMatchObject({ code: 'unreachable' });
  });

  test('an ssh program that cannot reach it', async () => {
    const fault = await refusal(at('ssh://nobody@127.0.0.1:1', { timeout: 8000 }));
    expect(fault.code).toBe('ssh');
    expect(fault.message).toMatch(/Try it by hand: ssh 127\.0\.0\.1 docker version/);
  });

  test.runIf(process.getuid?.() !== 0)('permission denied', async () => {
    const host = await onSocket(routes(ENGINE));
    fs.chmodSync(host.slice('unix://'.length), 0);
    expect(await refusal(at(host))).toMatchObject({ code: 'permission' });
  });
});

describe('answers that are none', () => {
  test.each([
    [
      '403',
      json({ message: 'denied by the proxy' }, 403),
      'forbidden',
      /403: denied by the proxy\)\. Ask for read access/,
    ],
    ['another program', json({ hello: 1 }), 'not-an-engine', /is not a container engine\. Check the address/],
    ['a web server', json({ message: 'no such page' }, 404), 'not-an-engine', /404: no such page/],
    ['an old API', json({ ...VERSION, Version: '1.9', ApiVersion: '1.21' }), 'too-old', /API 1\.21 .*at least 1\.24/],
    ['a fault of its own', json({ message: 'starting' }, 503), 'failed', /503: starting/],
    [
      'TLS expected',
      json({ message: 'Client sent an HTTP request to an HTTPS server.' }, 400),
      'tls',
      /Set DOCKER_TLS_VERIFY=1/,
    ],
  ])('%s', async (_, version, code, message) => {
    const fault = await refusal(at(await onSocket(routes({ ...ENGINE, '/version': version }))));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
  });

  test('silence', async () => {
    const fault = await refusal(at(await onSocket(() => undefined), { timeout: 300 }));
    expect(fault.code).toBe('timeout');
    expect(fault.message).toMatch(/did not answer .* when asked to tell its version/);
  });

  test('the connection is closed at once', async () => {
    const fault = await refusal(at(await onSocket((request) => request.socket.destroy())));
    expect(fault).toMatchObject({ code: 'refused' });
  });

  test('something that is not HTTP', async () => {
    const port = await listen(
      net.createServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n')),
      0,
    );
    expect((await refusal(at(`tcp://127.0.0.1:${port}`))).code).toMatch(/not-an-engine|tls/);
  });

  test('cancelled while it is silent', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    const fault = await refusal(at(await onSocket(() => undefined), { signal: cancel.signal }));
    expect(fault.code).toBe('cancelled');
  });
});

describe('TLS', () => {
  const certificates = (): string => {
    const home = folder();
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject];
    execFileSync('openssl', [...args, '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd: home, stdio: 'ignore' });
    fs.copyFileSync(path.join(home, 'cert.pem'), path.join(home, 'ca.pem'));
    return home;
  };
  const secure = (home: string): Promise<number> => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => fs.readFileSync(path.join(home, name)));
    return listen(
      https.createServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true }, routes(ENGINE)),
      0,
    );
  };
  const env = (port: number, folderOfCertificates: string) => ({
    DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: folderOfCertificates,
  });

  test('both sides show a certificate', async () => {
    const home = certificates();
    const engine = await connect({ machine: machine(home, env(await secure(home), home)) });
    expect(engine.identity.endpoint).toMatch(/\(TLS\)$/);
    engine.close();
  });

  test('a server that another authority has signed', async () => {
    const home = certificates();
    const fault = await refusal({ machine: machine(home, env(await secure(home), certificates())) });
    expect(fault.code).toBe('tls');
    expect(fault.message).toMatch(/Check ca\.pem, cert\.pem and key\.pem/);
  });

  test('a server without TLS', async () => {
    const port = await listen(http.createServer(routes(ENGINE)), 0);
    const home = certificates();
    expect(await refusal({ machine: machine(home, env(port, home)) })).toMatchObject({ code: 'tls' });
  });
});

describe('an engine that goes away', () => {
  test('is missed by name of what was asked', async () => {
    const engine = await connect(
      at(await onSocket(routes({ ...ENGINE, '/containers/json': (request) => request.socket.destroy() }))),
    );
    await expect(engine.containers()).rejects.toMatchObject({
      code: 'stopped',
      message: expect.stringMatching(/went away .* while it was to list the containers\. Nothing was changed/),
    });
    engine.close();
  });

  test('in the middle of an answer', async () => {
    const half: http.RequestListener = (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('[{"Id":');
      setTimeout(() => request.socket.destroy(), 20);
    };
    const engine = await connect(
      at(await onSocket(routes({ ...ENGINE, '/containers/json': half })), { timeout: 2000 }),
    );
    await expect(engine.containers()).rejects.toMatchObject({ code: 'stopped' });
    engine.close();
  });
});

describe('the gate', () => {
  test('what would write is never sent', async () => {
    const asked: string[] = [];
    const calls: ApiCall[] = [];
    const host = await onSocket((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      routes(ENGINE)(request, response);
    });
    const engine = await connect(at(host, { onCall: (call) => calls.push(call) }));
    await expect(engine.exec('a', ['ls'])).rejects.toMatchObject({ code: 'not-allowed' });
    engine.close();
    expect(asked).toEqual(['GET /version', 'GET /info']);
    expect(calls.map(({ path: to }) => to)).toEqual(['/version', '/info']);
  });
});
