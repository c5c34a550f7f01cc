import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { addressText, parseAddress } from '../../server/live/address.ts';
import { candidates } from '../../server/live/candidates.ts';
import { sshArguments } from '../../server/live/ssh.ts';
import { folder, machine } from './helpers.ts';

const id = (name: string): string => createHash('sha256').update(name).digest('hex');

function context(name: string, host: string, extra: object = {}): Record<string, string> {
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, ...extra } } };
  return { [`.docker/contexts/meta/${id(name)}/meta.json`]: JSON.stringify(meta) };
}

const chosen = (files: Record<string, string>, env: Record<string, string> = {}, choice = {}): string[] =>
  candidates(machine(folder(files), env), choice).map(({ address, reason }) => `${reason}: ${addressText(address)}`);

describe('addresses', () => {
  test.each([
    ['unix:///run/x.sock', 'unix:///run/x.sock'],
    ['unix://', 'unix:///var/run/docker.sock'],
    ['tcp://10.0.0.1', 'tcp://10.0.0.1:2375'],
    ['tcp://10.0.0.1:80', 'tcp://10.0.0.1:80'],
    ['10.0.0.1:2375', 'tcp://10.0.0.1:2375'],
    ['tcp://[::1]:2376', 'tcp://[::1]:2376'],
    ['https://engine.test', 'tcp://engine.test:2376 (TLS)'],
    ['http://proxy.test/engines/a/', 'tcp://proxy.test:2375/engines/a'],
    ['tcp://user:secret@10.0.0.1:2375', 'tcp://10.0.0.1:2375'],
    ['ssh://me:secret@box:2222', 'ssh://me@box:2222'],
    ['ssh://core@localhost:5000/run/podman.sock', 'ssh://core@localhost:5000/run/podman.sock'],
    ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/docker_engine'],
  ])('%s', (text, expected) => {
    expect(addressText(parseAddress(text, 'DOCKER_HOST'))).toBe(expected);
  });

  test.each(['fd://', 'tcp://', 'ssh://-oProxyCommand=x', 'ssh://', 'tcp://a:b:c', 'ftp://x'])('%s is none', (text) => {
    expect(() => parseAddress(text, 'DOCKER_HOST')).toThrow(
      /^DOCKER_HOST is not the address of an engine: .* Expected unix:/,
    );
  });

  test('ssh is asked as the Docker command line asks it', () => {
    const address = parseAddress('ssh://me@box:2222/run/my sock', '');
    expect(address.kind === 'ssh' && sshArguments(address).slice(5)).toEqual([
      '-l',
      'me',
      '-p',
      '2222',
      '--',
      'box',
      'docker',
      '--host',
      "unix://'/run/my sock'",
      'system',
      'dial-stdio',
    ]);
  });
});

describe('what is tried', () => {
  const all = { ...context('box', 'ssh://me@box'), '.docker/config.json': '{"currentContext":"box"}' };

  test.each<[string, Record<string, string>, Record<string, string>, object, string]>([
    ['an option wins over everything', all, { DOCKER_HOST: 'tcp://a' }, { host: 'tcp://b' }, '--host: tcp://b:2375'],
    ['then a context by option', all, { DOCKER_HOST: 'tcp://a' }, { context: 'box' }, '--context: ssh://me@box'],
    ['then DOCKER_HOST', all, { DOCKER_HOST: 'tcp://a', DOCKER_CONTEXT: 'x' }, {}, 'DOCKER_HOST: tcp://a:2375'],
    [
      'then DOCKER_CONTEXT',
      { ...all, ...context('x', 'unix:///x') },
      { DOCKER_CONTEXT: 'x' },
      {},
      'DOCKER_CONTEXT: unix:///x',
    ],
    ['then the current context', all, {}, {}, 'the current Docker context box: ssh://me@box'],
  ])('%s', (_, files, env, choice, expected) => {
    expect(chosen(files, env, choice)).toEqual([expected]);
  });

  test('another folder may hold the configuration', () => {
    const files = Object.fromEntries(
      Object.entries(all).map(([name, text]) => [name.replace('.docker', 'conf'), text]),
    );
    const home = folder(files);
    const found = candidates(machine(home, { DOCKER_CONFIG: path.join(home, 'conf') }));
    expect(found.map(({ address }) => addressText(address))).toEqual(['ssh://me@box']);
  });

  test.each(['{}', '{"currentContext":"default"}', '{"currentContext":7}', 'no json', ''])(
    'no context in %j: the well-known sockets',
    (config) => {
      const found = chosen({ '.docker/config.json': config }, { XDG_RUNTIME_DIR: '/run/user/7' });
      expect(found[0]).toBe('the default socket: unix:///var/run/docker.sock');
      expect(found[1]).toBe('the socket of rootless Docker: unix:///run/user/7/docker.sock');
      expect(found).toContain('the socket of Podman: unix:///run/podman/podman.sock');
      expect(found).toContain('the socket of rootless Podman: unix:///run/user/7/podman/podman.sock');
    },
  );

  test('the sockets of desktops and virtual machines', () => {
    const home = folder({ '.colima/default/x': '', '.colima/work/x': '', '.colima/_lima/x': '' });
    const found = candidates(machine(home)).map(({ address }) => addressText(address).replace(home, '~'));
    for (const socket of [
      '.docker/desktop/docker.sock',
      '.docker/run/docker.sock',
      '.colima/default/docker.sock',
      '.colima/work/docker.sock',
      '.orbstack/run/docker.sock',
    ])
      expect(found).toContain(`unix://~/${socket}`);
    expect(found.join()).not.toContain('_lima');
  });

  test('pipes on Windows', () => {
    const found = candidates(machine(folder(), {}, { platform: 'win32' }));
    expect(found.map(({ address }) => addressText(address))).toContain('npipe:////./pipe/docker_engine');
  });

  test('--context default is no context', () => {
    expect(chosen(all, {}, { context: 'default' })[0]).toMatch(/^the default socket/);
  });

  test('a context that is not there tells which are', () => {
    expect(() => chosen(all, { DOCKER_CONTEXT: 'bax' })).toThrow(
      'There is no Docker context bax (DOCKER_CONTEXT). Known: default, box. Choose one: docker context use <name>, or --context <name>.',
    );
  });

  test('a context without a host', () => {
    expect(() => chosen(context('k', ''), { DOCKER_CONTEXT: 'k' })).toThrow(/names no host for Docker/);
  });
});

describe('TLS', () => {
  const PEMS = { 'certs/ca.pem': 'CA', 'certs/cert.pem': 'CERT', 'certs/key.pem': 'KEY' };
  const tlsOf = (files: Record<string, string>, env: (home: string) => Record<string, string>): unknown => {
    const home = folder(files);
    const [found] = candidates(machine(home, env(home)));
    return found?.address.kind === 'tcp' ? found.address.tls : undefined;
  };

  test('DOCKER_TLS_VERIFY takes the files of DOCKER_CERT_PATH and checks the server', () => {
    const env = (home: string) => ({
      DOCKER_HOST: 'tcp://a',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: `${home}/certs`,
    });
    expect(tlsOf(PEMS, env)).toEqual({ ca: 'CA', cert: 'CERT', key: 'KEY', verify: true });
  });

  test('DOCKER_TLS does not check it', () => {
    expect(tlsOf({}, () => ({ DOCKER_HOST: 'tcp://a', DOCKER_TLS: '1' }))).toEqual({ verify: false });
  });

  test('no files to check with', () => {
    expect(() => tlsOf({}, () => ({ DOCKER_HOST: 'tcp://a', DOCKER_TLS_VERIFY: '1' }))).toThrow(/Set DOCKER_CERT_PATH/);
  });

  test('a socket needs none', () => {
    expect(tlsOf({}, () => ({ DOCKER_HOST: 'unix:///x', DOCKER_TLS_VERIFY: '1' }))).toBeUndefined();
  });

  test('a context brings its own', () => {
    const files = {
      ...context('c', 'tcp://c:2376', { SkipTLSVerify: true }),
      [`.docker/contexts/tls/${id('c')}/docker/ca.pem`]: 'CA',
    };
    expect(tlsOf(files, () => ({ DOCKER_CONTEXT: 'c' }))).toEqual({ ca: 'CA', verify: false });
  });
});
