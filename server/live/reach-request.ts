/** A request in the form in which every way can send it. */
import type { Container } from './engine.ts';
import { type HttpAnswer, type HttpRequest, Unable } from './probes/probe.ts';

/** Bytes of an answer. What is cut off could say the opposite, so a larger one is none. */
export const MOST = 1024 * 1024;
const PATIENCE = 5_000;

export interface Expanded {
  readonly port: number;
  readonly path: string;
  readonly method: NonNullable<HttpRequest['method']>;
  readonly headers: readonly Header[];
  readonly body: string | undefined;
  readonly timeout: number;
  readonly tls: boolean;
}

export interface Header {
  readonly name: string;
  readonly value: string;
  /** As it was given, with the `${NAME}` of variables of the container. */
  readonly written: string;
}

/** A variable of the container, to be put in place of its name. */
export const VARIABLE = /\$\{([A-Za-z_]\w*)\}/g;

/** @throws Unable */
export function expanded(request: HttpRequest, container: Pick<Container, 'environment'>): Expanded {
  const { port, path, method = 'GET', headers = {}, body, timeout = PATIENCE, tls = false } = request;
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw new Unable(`${JSON.stringify(path)} is no path of a request`);
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const given = Object.entries(headers).map(([name, written]): Header => {
    const value = written.replace(VARIABLE, (_, variable: string) => {
      const known = container.environment(variable);
      if (known === undefined) throw new Unable(`the container has no variable ${variable}`);
      return known;
    });
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new Unable(`the header ${JSON.stringify(name)} cannot be sent`);
    return { name, value, written };
  });
  const has = (wanted: string): boolean => given.some(({ name }) => name.toLowerCase() === wanted);
  const plain = (name: string, value: string): Header => ({ name, value, written: value });
  return {
    port,
    path,
    method,
    headers: [
      // Servers that are reached by an address they do not know of often refuse; this one fits all ways.
      ...(has('host') ? [] : [plain('Host', `localhost:${port}`)]),
      ...(has('accept') ? [] : [plain('Accept', '*/*')]),
      ...(text === undefined || typeof body === 'string' || has('content-type')
        ? []
        : [plain('Content-Type', 'application/json')]),
      ...given,
    ],
    body: text,
    timeout,
    tls,
  };
}

const SECRET = /auth|key|token|secret|cookie|password|credential/i;
const SCHEME = /^([A-Za-z]+ )?$/;

/** A secret of it would stand on a command line, unless a shell in the container puts the variable in. */
export function isExposed({ name, written }: Header, redact: Container['redact']): boolean {
  const literal = written.replace(VARIABLE, '');
  return redact(literal) !== literal || (SECRET.test(name) && !SCHEME.test(literal));
}

export function answerOf(status: number, text: string): HttpAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status, text, json };
}

export const tooLarge = (): Unable => new Unable(`the answer is larger than ${MOST / 1024 / 1024} MB`);
