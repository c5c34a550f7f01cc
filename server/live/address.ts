/** Addresses of engines: what `DOCKER_HOST`, contexts and `--host` say. */
import { EngineFault } from './fault.ts';

export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly verify: boolean;
}

export type Address =
  /** A Unix socket or a Windows pipe. */
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly prefix: string; readonly tls?: Tls }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly user?: string;
      readonly port?: number;
      readonly path?: string;
    };

export interface Endpoint {
  readonly address: Address;
  readonly reason: string;
  /** Somebody asked for this one: no other is tried in its place. */
  readonly asked: boolean;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
const DEFAULT_PIPE = '//./pipe/docker_engine';

/** @throws EngineFault */
export function parseAddress(text: string, origin: string, tls?: Tls): Address {
  const bad = (why: string): EngineFault =>
    new EngineFault(
      'bad-address',
      `${origin} is not the address of an engine: ${why}. Expected unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name.`,
    );
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case 'unix':
      return { kind: 'socket', path: rest || DEFAULT_SOCKET };
    case 'npipe':
      return { kind: 'socket', path: rest.replaceAll('\\', '/') || DEFAULT_PIPE };
    case 'tcp':
    case 'http':
    case 'https': {
      const secure = tls ?? (scheme.toLowerCase() === 'https' ? { verify: true } : undefined);
      const url = parsed(`http://${rest}`);
      if (!url || url.hostname === '') throw bad('it names no host');
      const port = Number(url.port || (/:80(\/|$)/.test(rest) ? 80 : secure ? 2376 : 2375));
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return { kind: 'tcp', host, port, prefix: url.pathname.replace(/\/+$/, ''), ...(secure ? { tls: secure } : {}) };
    }
    case 'ssh': {
      const url = parsed(`http://${rest}`);
      if (!url || url.hostname === '') throw bad('it names no host');
      // What begins with a dash would be an option to the ssh program.
      const user = decoded(url.username);
      if (/^-/.test(url.hostname) || /^-|[\s'"`$;&|<>]/.test(user)) throw bad('the host or user is not a name');
      return {
        kind: 'ssh',
        host: url.hostname.replace(/^\[|\]$/g, ''),
        ...(user ? { user } : {}),
        ...(url.port || /:80(\/|$)/.test(rest) ? { port: Number(url.port || 80) } : {}),
        ...(url.pathname.length > 1 ? { path: decoded(url.pathname) } : {}),
      };
    }
    default:
      throw bad(`it begins with ${scheme}://`);
  }
}

function parsed(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without passwords. */
export function addressText(address: Address): string {
  switch (address.kind) {
    case 'socket':
      return address.path.startsWith('//') ? `npipe://${address.path}` : `unix://${address.path}`;
    case 'tcp':
      return `tcp://${bracketed(address.host)}:${address.port}${address.prefix}${address.tls ? ' (TLS)' : ''}`;
    case 'ssh': {
      const user = address.user ? `${address.user}@` : '';
      const port = address.port === undefined ? '' : `:${address.port}`;
      return `ssh://${user}${bracketed(address.host)}${port}${address.path ?? ''}`;
    }
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
