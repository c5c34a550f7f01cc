import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Container } from '../../server/live/engine.ts';
import { EngineFault } from '../../server/live/fault.ts';
import { type HttpRequest, Unable } from '../../server/live/probes/probe.ts';
import { containerOf } from '../../server/live/raw.ts';
import { onSameServer, reach, waysTo } from '../../server/live/reach.ts';
import { parsed } from '../../server/live/reach-inside.ts';
import { expanded } from '../../server/live/reach-request.ts';
import { folder, json, listen } from './helpers.ts';
import { answers, container, engine, LOCAL, ran, server } from './probes/asked.ts';

const TOKEN = 'correct-horse-battery';

describe('the network of a container', () => {
  test('of Docker', () => {
    const one = containerOf({
      Id: 'a',
      NetworkSettings: {
        IPAddress: '',
        Ports: {
          '8000/tcp': [
            { HostIp: '0.0.0.0', HostPort: '18000' },
            { HostIp: '::', HostPort: '18000' },
          ],
          '53/udp': [{ HostIp: '0.0.0.0', HostPort: '53' }],
          '9000/tcp': null,
        },
        Networks: {
          shop_default: { IPAddress: '172.18.0.2', GlobalIPv6Address: '' },
          back: { IPAddress: '172.19.0.5', GlobalIPv6Address: 'fd00::5' },
        },
      },
    });
    expect(one.addresses).toEqual(['172.18.0.2', '172.19.0.5', 'fd00::5']);
    expect(one.ports).toEqual([
      { container: 8000, host: '0.0.0.0', port: 18000 },
      { container: 8000, host: '::', port: 18000 },
    ]);
  });

  test('of Podman', () => {
    const one = containerOf({
      Id: 'a',
      NetworkSettings: {
        IPAddress: '10.88.0.3',
        Ports: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
        Networks: { podman: { IPAddress: '10.88.0.3' } },
      },
    });
    expect(one.addresses).toEqual(['10.88.0.3']);
    expect(one.ports).toEqual([{ container: 80, host: '', port: 8080 }]);
  });

  test.each<[string, Parameters<typeof containerOf>[0], string[]]>([
    ['of the host', { Id: 'a', HostConfig: { NetworkMode: 'host' } }, ['127.0.0.1']],
    ['none', { Id: 'a', NetworkSettings: { Networks: { none: { IPAddress: '' } }, Ports: {} } }, []],
    ['stopped', { Id: 'a', NetworkSettings: { Networks: null, Ports: null } }, []],
    ['not told', { Id: 'a' }, []],
  ])('%s', (_, raw, expected) => {
    expect(containerOf(raw)).toMatchObject({ addresses: expected, ports: [] });
  });
});

describe('ways', () => {
  const one = container(
    {},
    {
      addresses: ['172.18.0.2'],
      ports: [
        { container: 80, host: '0.0.0.0', port: 8080 },
        { container: 80, host: '::', port: 8080 },
        { container: 443, host: '', port: 8443 },
      ],
    },
  );
  const text = (identity: Partial<typeof LOCAL>, of: Container = one, port = 80): string[] =>
    waysTo({ ...LOCAL, ...identity }, of, port).map((way) => (way === 'inside' ? way : `${way.host}:${way.port}`));

  test.skipIf(process.platform !== 'linux').each<[string, Partial<typeof LOCAL>, string[]]>([
    ['local', {}, ['172.18.0.2:80', '127.0.0.1:8080', 'inside']],
    ['rootless Podman', { endpoint: 'unix:///run/user/1000/podman/podman.sock' }, ['127.0.0.1:8080', 'inside']],
    ['rootless Docker', { rootDirectory: '/home/me/.local/share/docker' }, ['127.0.0.1:8080', 'inside']],
    ['Docker Desktop', { local: false, operatingSystem: 'Docker Desktop' }, ['127.0.0.1:8080', 'inside']],
    ['a socket of another machine', { local: false }, ['inside']],
    ['tcp', { local: false, endpoint: 'tcp://build.example:2376 (TLS)' }, ['build.example:8080', 'inside']],
    ['tcp, IPv6', { local: false, endpoint: 'tcp://[fd00::1]:2375/engine' }, ['fd00::1:8080', 'inside']],
    ['ssh', { local: false, endpoint: 'ssh://me@build.example' }, ['inside']],
  ])('%s', (_, identity, expected) => {
    expect(text(identity)).toEqual(expected);
  });

  test('what is published to one address is looked for there', () => {
    const at = (host: string): Container => ({ ...one, addresses: [], ports: [{ container: 80, host, port: 8080 }] });
    expect(text({}, at('127.0.0.2'))).toEqual(['127.0.0.2:8080', 'inside']);
    expect(text({}, at('192.168.1.5'))).toEqual(['192.168.1.5:8080', 'inside']);
    const remote = { local: false, endpoint: 'tcp://build.example:2375' };
    expect(text(remote, at('127.0.0.1'))).toEqual(['inside']);
    expect(text(remote, at('10.0.0.5'))).toEqual(['10.0.0.5:8080', 'inside']);
  });

  test('other ports are no way', () => {
    expect(text({ rootDirectory: '/home/me/.local/share/docker' }, one, 81)).toEqual(['inside']);
  });
});

describe('requests', () => {
  const one = container({ environment: { TOKEN } });

  test('variables of the container are put into headers', () => {
    const { headers } = expanded({ port: 1, path: '/', headers: { Authorization: 'Bearer ${TOKEN}' } }, one);
    expect(headers.at(-1)).toEqual({
      name: 'Authorization',
      value: `Bearer ${TOKEN}`,
      written: 'Bearer ${TOKEN}',
    });
  });

  test.each<[Partial<HttpRequest>, RegExp]>([
    [{ headers: { a: '${MISSING}' } }, /no variable MISSING/],
    [{ headers: { 'a b': 'x' } }, /header "a b"/],
    [{ headers: { a: 'x\r\nb: y' } }, /header "a"/],
    [{ path: '/a b' }, /is no path/],
    [{ path: '//evil HTTP/1.1' }, /is no path/],
    [{ path: 'x' }, /is no path/],
  ])('%j is refused', (more, message) => {
    expect(() => expanded({ port: 1, path: '/', ...more }, one)).toThrow(message);
  });

  test.each([
    ['/b/', '/b/'],
    ['c?d=1', '/a/c?d=1'],
    ['http://localhost:8000/x', '/x'],
    ['http://localhost:8001/x', null],
    ['http://evil.example/x', null],
    ['//evil.example/x', null],
    ['https://localhost:8000/x', null],
    ['http://[', null],
  ])('a redirect to %s', (location, expected) => {
    expect(onSameServer(location, expanded({ port: 8000, path: '/a/b' }, one))).toBe(expected);
  });
});

describe('direct', () => {
  const run = engine({});
  const published = (port: number, more: Partial<Container> = {}): Container =>
    container({ environment: { TOKEN } }, { ports: [{ container: 80, host: '127.0.0.1', port }], ...more });

  test('an answer, what was sent, and the way that is remembered', async () => {
    const { port, asked } = await server(answers({ 'POST /x': { a: 1 } }));
    const request: HttpRequest = {
      port: 80,
      path: '/x?y=1',
      method: 'POST',
      body: { b: 'ä' },
      headers: { 'X-A': '1' },
    };
    // The first of the addresses is nobody's.
    const one = published(port, { addresses: ['127.0.0.1'] });
    const other = { ...one, ports: [{ container: 1, host: '127.0.0.1', port }] };
    const at = { ...request, port: 1 };
    expect(await reach(run, other, at)).toEqual({ status: 200, text: '{"a":1}', json: { a: 1 } });
    expect(await reach(run, other, at)).toMatchObject({ status: 200 });
    expect(asked[0]).toMatchObject({
      url: '/x?y=1',
      body: '{"b":"ä"}',
      headers: { host: 'localhost:1', 'content-type': 'application/json', 'content-length': '10', 'x-a': '1' },
    });
  });

  test('statuses and texts that are no JSON are answers', async () => {
    const { port } = await server(() => (_, response) => {
      response.writeHead(503);
      response.end('starting');
    });
    const answer = await reach(run, published(port), { port: 80, path: '/' });
    expect(answer).toEqual({ status: 503, text: 'starting', json: undefined });
  });

  test('redirects are followed on the same server alone, and not for ever', async () => {
    const to = (location: string) => (_: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(307, { location });
      response.end();
    };
    const { port, asked } = await server(
      answers({
        'GET /a': to('/a/'),
        'GET /a/': { ok: true },
        'GET /b': to('http://evil.example/'),
        'GET /c': to('/c'),
      }),
    );
    const status = async (at: string): Promise<number> =>
      (await reach(run, published(port), { port: 80, path: at })).status;
    expect(await status('/a')).toBe(200);
    expect(await status('/b')).toBe(307);
    asked.length = 0;
    expect(await status('/c')).toBe(307);
    expect(asked.length).toBe(4);
  });

  test('proxies of the environment are left alone', async () => {
    const { port } = await server(answers({ 'GET /': { ok: true } }));
    process.env.http_proxy = process.env.HTTP_PROXY = 'http://127.0.0.1:9';
    try {
      expect((await reach(run, published(port), { port: 80, path: '/' })).status).toBe(200);
    } finally {
      delete process.env.http_proxy;
      delete process.env.HTTP_PROXY;
    }
  });

  test('too large, too slow, cancelled', async () => {
    const { port } = await server(({ url }) => (_, response) => {
      if (url === '/large') response.end(Buffer.alloc(2 * 1024 * 1024));
    });
    const one = published(port);
    await expect(reach(run, one, { port: 80, path: '/large' })).rejects.toThrow(/larger than 1 MB/);
    await expect(reach(run, one, { port: 80, path: '/slow', timeout: 200 })).rejects.toThrow(/in time/);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(reach(run, one, { port: 80, path: '/slow' }, abort.signal)).rejects.toThrow(/cancelled/);
  });

  test('what may have been carried out is not sent again', async () => {
    let connections = 0;
    const listening = net.createServer((socket) => {
      connections += 1;
      socket.on('data', () => socket.destroy());
    });
    const port = await listen(listening, 0);
    const one = published(port);
    await expect(reach(run, one, { port: 80, path: '/', method: 'POST' })).rejects.toThrow(Unable);
    expect(connections).toBe(1);
    await expect(reach(run, one, { port: 80, path: '/' })).rejects.toThrow(/dropped.*no shell/);
  });

  test('where there is no way it is said what was tried', async () => {
    const gone = await server(answers({}));
    const one = published(gone.port + 1, { ports: [{ container: 80, host: '127.0.0.1', port: 1 }] });
    await expect(reach(run, one, { port: 80, path: '/' })).rejects.toThrow(
      'port 80 was not reached: 127.0.0.1:1: nobody listens; there is no shell in the container',
    );
  });
});

const which = (program: string): string | undefined =>
  ['/usr/bin', '/bin', '/usr/local/bin'].map((at) => path.join(at, program)).find((at) => fs.existsSync(at));

/** A `PATH` with nothing but these. */
function programs(names: readonly string[]): string | null {
  const bin = folder();
  for (const name of names) {
    const busybox = name === 'nc' ? which('busybox') : undefined;
    const real = busybox ?? which(name);
    if (real === undefined) return null;
    fs.symlinkSync(real, path.join(bin, name));
  }
  return bin;
}

describe.each([
  ['curl', ['sh', 'head', 'timeout', 'curl']],
  ['bash', ['sh', 'head', 'timeout', 'bash']],
  ['nc', ['sh', 'head', 'sleep', 'nc']],
])('in the container, with %s', (client, names) => {
  const lines: string[][] = [];
  const own = (): ReturnType<typeof engine> | null => {
    const bin = programs(names);
    if (bin === null) return null;
    return engine({ identity: { local: false } }, async (_, argv) => {
      lines.push([...argv]);
      return ran(argv, { PATH: bin, TOKEN, QUOTED: `a"b'c$d` });
    });
  };
  const one = (): Container => container({ environment: { TOKEN, QUOTED: `a"b'c$d` } });

  test('requests of all kinds', async (context) => {
    const run = own();
    if (!run) return context.skip(`there is no ${client} here`);
    const { port, asked } = await server(
      answers({
        'GET /a': { ok: "it's" },
        'PUT /b': (_: unknown, response: import('node:http').ServerResponse) => {
          response.writeHead(201, { 'transfer-encoding': 'chunked' });
          response.write('{"x":');
          response.end('"ä"}');
        },
        'DELETE /c': null,
      }),
    );
    const of = one();
    expect((await reach(run, of, { port, path: '/a?q=a&b=%20' })).json).toEqual({ ok: "it's" });
    const body = { text: `it's "quoted" $HOME \`x\` \\ %s ä` };
    expect(await reach(run, of, { port, path: '/b', method: 'PUT', body })).toMatchObject({
      status: 201,
      json: { x: 'ä' },
    });
    expect(await reach(run, of, { port, path: '/c', method: 'DELETE' })).toMatchObject({ status: 200, json: null });
    expect(await reach(run, of, { port, path: '/missing' })).toMatchObject({
      status: 404,
      json: { error: 'not found' },
    });
    expect((await reach(run, of, { port, path: '/a', method: 'HEAD' })).status).toBe(404);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /a?q=a&b=%20',
      'PUT /b',
      'DELETE /c',
      'GET /missing',
      'HEAD /a',
    ]);
    expect(asked[0]?.headers.host).toBe(`localhost:${port}`);
    expect(JSON.parse(asked[1]!.body)).toEqual(body);
  });

  test('secrets stand in no command', async (context) => {
    const run = own();
    if (!run) return context.skip(`there is no ${client} here`);
    const { port, asked } = await server(answers({ 'GET /': {} }));
    lines.length = 0;
    const headers = { Authorization: 'Bearer ${TOKEN}', 'X-Key': '${QUOTED}' };
    expect((await reach(run, one(), { port, path: '/', headers })).status).toBe(200);
    expect(asked[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-key': `a"b'c$d` });
    expect(lines.flat().join('\n')).not.toContain(TOKEN);
    lines.length = 0;
    for (const plain of [{ Authorization: 'Basic YTpi' }, { 'X-Any': TOKEN }])
      await expect(reach(run, one(), { port, path: '/', headers: plain })).rejects.toThrow(/stand on the command line/);
    expect(lines).toEqual([]);
  });

  test('nobody listens', async (context) => {
    const run = own();
    if (!run) return context.skip(`there is no ${client} here`);
    await expect(reach(run, one(), { port: 1, path: '/' })).rejects.toThrow(
      /^port 1 was not reached: in the container: /,
    );
  });

  test('silence', async (context) => {
    const run = own();
    if (!run || client === 'nc') return context.skip('nothing ends it');
    const { port } = await server(() => () => undefined);
    await expect(reach(run, one(), { port, path: '/', timeout: 1000 })).rejects.toThrow(Unable);
  });
});

describe('in the container', () => {
  const none = (exec: Parameters<typeof engine>[1]): Promise<unknown> =>
    reach(engine({ identity: { local: false } }, exec), container({}), { port: 80, path: '/', tls: true });

  test('no client, no shell', async () => {
    const bin = programs(['sh', 'head'])!;
    await expect(none(async (_, argv) => ran(argv, { PATH: bin }))).rejects.toThrow(
      /no curl in the container for HTTPS/,
    );
    const plain = engine({ identity: { local: false } }, async (_, argv) => ran(argv, { PATH: bin }));
    await expect(reach(plain, container({}), { port: 80, path: '/' })).rejects.toThrow(/neither curl, bash nor nc/);
    const missing = new EngineFault(
      'failed',
      'The engine could not run: exec: "sh": executable file not found in $PATH.',
    );
    await expect(none(() => Promise.reject(missing))).rejects.toThrow(/no shell in the container/);
  });

  test('a fault of the engine stays one', async () => {
    const fault = new EngineFault('stopped', 'The engine went away.');
    await expect(none(() => Promise.reject(fault))).rejects.toBe(fault);
  });

  test.each<[string, unknown]>([
    ['HTTP/1.1 200 OK\r\nA: b\r\n\r\n{"a":1}', { status: 200, json: { a: 1 } }],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/2 404\r\n\r\nno', { status: 404, text: 'no' }],
    ['HTTP/1.0 204 No Content\r\n\r\n', { status: 204, text: '' }],
    ['HTTP/1.0 204 No Content', { status: 204, text: '' }],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n', { json: [1] }],
    ['', null],
    ['SSH-2.0-x', null],
  ])('%j', (wire, expected) => {
    if (expected === null) expect(parsed(wire)).toBeNull();
    else expect(parsed(wire)).toMatchObject(expected as object);
  });
});

test('JSON is what it is', async () => {
  const { port } = await server(() => json([1, 2]));
  const one = container({}, { ports: [{ container: 80, host: '0.0.0.0', port }] });
  expect((await reach(engine({}), one, { port: 80, path: '/' })).json).toEqual([1, 2]);
});
