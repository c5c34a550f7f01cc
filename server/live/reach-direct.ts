/** HTTP from this machine. Neither a proxy of the environment nor a redirect is followed. */
import * as http from 'node:http';
import * as https from 'node:https';
import { type HttpAnswer, Unable } from './probes/probe.ts';
import { answerOf, type Expanded, tooLarge } from './reach-request.ts';

export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** Nobody answered, so that another way may be tried. */
export class NotReached extends Error {}

/** An address that nobody has is silent; one that somebody has answers at once. */
const CONNECT = 1_500;

export interface Located extends HttpAnswer {
  readonly location: string | undefined;
}

/** @throws NotReached, Unable */
export function direct(peer: Peer, request: Expanded, most: number, signal: AbortSignal | undefined): Promise<Located> {
  const { tls, method, timeout, path, body } = request;
  const where = `${peer.host.includes(':') ? `[${peer.host}]` : peer.host}:${peer.port}`;
  const cancelled = (): Unable => new Unable('it was cancelled');
  if (signal?.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    let connected = false;
    const options: https.RequestOptions = {
      host: peer.host,
      port: peer.port,
      method,
      path,
      headers: {
        ...Object.fromEntries(request.headers.map(({ name, value }) => [name, Buffer.from(value).toString('latin1')])),
        ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        Connection: 'close',
      },
      agent: false,
      ...(tls ? { rejectUnauthorized: false } : {}),
    };
    const call = (tls ? https : http).request(options);
    const stop = (): void => void call.destroy(cancelled());
    signal?.addEventListener('abort', stop, { once: true });
    const connecting = setTimeout(() => call.destroy(new NotReached(`${where} does not answer`)), CONNECT);
    const clock = setTimeout(() => call.destroy(new Unable(`${where} did not answer in time`)), timeout);
    const end = (): void => {
      clearTimeout(connecting);
      clearTimeout(clock);
      signal?.removeEventListener('abort', stop);
    };
    const fail = (error: Error): void => {
      end();
      reject(error instanceof NotReached || error instanceof Unable ? error : toldOf(error, where, connected, method));
    };
    call.on('error', fail);
    call.on('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
        clearTimeout(connecting);
      });
    });
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > most) call.destroy(tooLarge());
      });
      response.on('error', fail);
      response.on('end', () => {
        end();
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ ...answerOf(response.statusCode ?? 0, text), location: response.headers.location });
      });
    });
    call.end(body);
  });
}

/** A proxy of the engine takes connections for a server that is not there, and drops them. */
function toldOf(error: Error, where: string, connected: boolean, method: string): Error {
  const { code = error.message } = error as { code?: string };
  if (!connected) return new NotReached(`${where}: ${WORDS[code] ?? code}`);
  // What was sent may have been carried out: only what changes nothing may be sent again.
  const again = (code === 'ECONNRESET' || code === 'EPIPE') && (method === 'GET' || method === 'HEAD');
  const message = `${where}: ${WORDS[code] ?? code}`;
  return again ? new NotReached(message) : new Unable(message);
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens',
  ECONNRESET: 'the connection was dropped',
  EHOSTUNREACH: 'no way there',
  ENETUNREACH: 'no way there',
  ETIMEDOUT: 'does not answer',
  EPIPE: 'the connection was dropped',
};
