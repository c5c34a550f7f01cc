/**
 * HTTP by a client in the container: curl, bash, or netcat. Not wget: it follows redirects to anywhere, and BusyBox's
 * neither knows PUT and DELETE nor shows the text of an error.
 */
import type { Container, Engine } from './engine.ts';
import { EngineFault, isFatal } from './fault.ts';
import { type HttpAnswer, Unable } from './probes/probe.ts';
import { NotReached } from './reach-direct.ts';
import { answerOf, type Expanded, isExposed, MOST, tooLarge, VARIABLE } from './reach-request.ts';

/** Beside the body. */
const HEAD = 64 * 1024;
const NO_CLIENT = 'persistence: no client';
const NO_TLS = 'persistence: no client for HTTPS';

/** @throws NotReached, Unable, EngineFault */
export async function inside(
  engine: Engine,
  container: Container,
  request: Expanded,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const bare = request.headers.find((header) => isExposed(header, container.redact));
  if (bare) throw new NotReached(`in the container ${bare.name} would stand on the command line`);
  const seconds = Math.max(1, Math.ceil(request.timeout / 1000));
  // A client that hangs is ended in the container too, where that can be done.
  const guard = 'if command -v timeout >/dev/null 2>&1; then exec timeout "$2" sh -c "$1"; else exec sh -c "$1"; fi';
  const argv = ['sh', '-c', guard, 'sh', script(request, seconds), String(seconds)];
  const run = await engine
    .exec(container.id, argv, { signal, timeout: request.timeout + 3_000 })
    .catch((error: unknown): never => {
      throw notRun(error);
    });
  if (run.exitCode === 126 || run.exitCode === 127) throw new NotReached('there is no shell in the container');
  if (run.stderr.includes(NO_TLS)) throw new NotReached('there is no curl in the container for HTTPS');
  if (run.stderr.includes(NO_CLIENT)) throw new NotReached('there is neither curl, bash nor nc in the container');
  const answer = parsed(run.stdout);
  if (answer) return answer;
  const said = container.redact(run.stderr).trim().split('\n').at(-1)?.trim().slice(0, 160);
  throw new NotReached(`in the container: ${said || 'nobody answers'}`);
}

function notRun(error: unknown): unknown {
  if (!(error instanceof EngineFault) || isFatal(error)) return error;
  if (error.code === 'timeout') return new Unable('a client in the container did not answer in time');
  if (/executable file|no such file|not found/i.test(error.message))
    return new NotReached('there is no shell in the container');
  return new NotReached(error.message.replace(/\.$/, ''));
}

/** Everything passes through the shell's own printf: no argument of a program, no file. */
export function script(request: Expanded, seconds: number): string {
  const { port, path, method, headers, body = '', tls } = request;
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`;
  const sent = request.body === undefined ? '' : ` --data-raw ${quoted(body)}`;
  const verb = method === 'HEAD' ? '-I' : `-X ${method}`;
  const curl =
    `printf '%s\\n' ${headers.map(({ name, written }) => word(`${name}: ${written}`)).join(' ')} | ` +
    `curl -q -sS -i -k --noproxy '*' --http1.1 -m ${seconds} ${verb} -H @-${sent} ${quoted(url)} | head -c ${MOST + HEAD}`;
  // Without the length a server waits for a body.
  const length = request.body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [
    // 1.0: the answer comes in one piece and ends with the connection.
    `${method} ${path} HTTP/1.0`,
    ...headers.map(({ name, written }) => `${name}: ${written}`),
    ...length,
    'Connection: close',
  ];
  const raw = `printf '%s\\r\\n' ${[...lines, ''].map(word).join(' ')}; printf %s ${quoted(body)}`;
  const bash = `bash -c ${quoted(`exec 3<>/dev/tcp/127.0.0.1/${port} && { ${raw}; } >&3 && head -c ${MOST + HEAD} <&3`)}`;
  // When its input ends, netcat says so, and many servers then drop what they were about to answer. So it does not end
  // before the answer has, which no part of a pipe can tell another but by ending the shell that they have in common.
  const open = 'while kill -0 $$ && sleep 1; do :; done';
  const nc = `{ exec 2>/dev/null; ${raw}; ${open}; } | { nc 127.0.0.1 ${port} | head -c ${MOST + HEAD}; kill $$; }`;
  const has = (program: string): string => `command -v ${program} >/dev/null 2>&1`;
  const plain = `elif ${has('bash')}; then ${bash}; elif ${has('nc')}; then ${nc}; else echo ${quoted(NO_CLIENT)} >&2; fi`;
  const secure = `else echo ${quoted(NO_TLS)} >&2; fi`;
  return `if ${has('curl')}; then ${curl}; ${tls ? secure : plain}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Variables stay outside the quotes that keep everything else as it is. */
const word = (text: string): string =>
  text
    .split(VARIABLE)
    .map((part, index) => (index % 2 === 0 ? (part === '' ? '' : quoted(part)) : `"$${part}"`))
    .join('') || "''";

const STATUS = /^HTTP\/\d(?:\.\d)? (\d{3})/;

/** What came over the wire, in text; null when that is no answer. */
export function parsed(wire: string): HttpAnswer | null {
  const end = /\r?\n\r?\n/.exec(wire);
  const head = end ? wire.slice(0, end.index) : wire;
  const status = Number(STATUS.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) return null;
  const rest = end ? wire.slice(end.index + end[0].length) : '';
  if (status === 100) return parsed(rest);
  const body = Buffer.from(rest);
  // curl takes the pieces together and leaves the header.
  const chunked = /^transfer-encoding:\s*chunked/im.test(head) && /^[0-9a-f]+\s*(;[^\r\n]*)?\r\n/i.test(rest);
  const text = (chunked ? unchunked(body) : body).toString('utf8');
  if (body.length > MOST) throw tooLarge();
  return answerOf(status, text);
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = line < 0 ? Number.NaN : Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (Number.isNaN(size) || size === 0) break;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
