/** TLS before a real engine: what an engine with `--tlsverify` asks of its clients, with certificates made here. */
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import * as tls from 'node:tls';
import type { EngineUnderTest } from './engines.ts';
import { succeed } from './shell.ts';

export interface TlsRelay {
  readonly port: number;
  /** Holds ca.pem, cert.pem and key.pem of a client that is let in. */
  readonly client: string;
  /** The same, of one whose certificate nobody knows. */
  readonly stranger: string;
  close(): Promise<void>;
}

async function authority(folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  await openssl(folder, 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca-key.pem -out ca.pem');
}

async function certificate(authority: string, folder: string, extensions: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'extensions'), extensions);
  await openssl(folder, 'req -newkey rsa:2048 -nodes -subj /CN=one -keyout key.pem -out request.pem');
  await openssl(
    folder,
    `x509 -req -days 2 -in request.pem -CA ${authority}/ca.pem -CAkey ${authority}/ca-key.pem -CAcreateserial -extfile extensions -out cert.pem`,
  );
}

const openssl = (cwd: string, args: string): Promise<string> => succeed('openssl', args.split(' '), { cwd });

export async function startTlsRelay(engine: EngineUnderTest, folder: string): Promise<TlsRelay> {
  const [ca, server, client, stranger] = ['ca', 'server', 'client', 'stranger'].map((name) => path.join(folder, name));
  await authority(ca!);
  await certificate(ca!, server!, 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  await certificate(ca!, client!, 'extendedKeyUsage=clientAuth\n');
  await authority(stranger!);
  await certificate(stranger!, stranger!, 'extendedKeyUsage=clientAuth\n');
  for (const one of [client!, stranger!]) fs.copyFileSync(path.join(ca!, 'ca.pem'), path.join(one, 'ca.pem'));
  const read = (file: string): Buffer => fs.readFileSync(path.join(folder, file));
  const open = new Set<net.Socket>();
  const relay = tls.createServer(
    {
      ca: read('ca/ca.pem'),
      cert: read('server/cert.pem'),
      key: read('server/key.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (caller) => {
      const inner = net.connect(engine.socket);
      for (const socket of [caller, inner]) {
        open.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => open.delete(socket));
      }
      caller.pipe(inner).pipe(caller);
    },
  );
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    port: (relay.address() as net.AddressInfo).port,
    client: client!,
    stranger: stranger!,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        relay.close(() => resolve());
      }),
  };
}
