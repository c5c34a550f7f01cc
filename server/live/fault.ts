/** What goes wrong between us and an engine, in words that end with the next step. */

export type FaultCode =
  | 'no-engine'
  | 'context-not-found'
  | 'bad-address'
  | 'permission'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'forbidden'
  | 'too-old'
  | 'not-an-engine'
  | 'timeout'
  | 'stopped'
  | 'ssh'
  | 'cancelled'
  | 'not-allowed'
  | 'failed';

export class EngineFault extends Error {
  readonly code: FaultCode;
  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Those after which asking the same engine anything else makes no sense. */
export const isFatal = (fault: unknown): boolean =>
  fault instanceof EngineFault && !['failed', 'forbidden', 'not-allowed', 'timeout'].includes(fault.code);

interface Thrown {
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly json?: unknown;
}

export interface Circumstance {
  readonly endpoint: string;
  /** What was being asked: `list the containers`. */
  readonly doing: string;
  /** It had answered before. */
  readonly connected: boolean;
  readonly timeout: number;
  readonly cancelled: boolean;
  readonly timedOut: boolean;
}

const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_OSSL|EPROTO|HOSTNAME_MISMATCH|HPE_INVALID_CONSTANT)/;

export function faultOf(thrown: unknown, at: Circumstance): EngineFault {
  if (thrown instanceof EngineFault) return thrown;
  const error = (thrown ?? {}) as Thrown;
  const { endpoint, doing } = at;
  if (at.cancelled) return new EngineFault('cancelled', `Cancelled while it was to ${doing}.`);
  if (at.timedOut) {
    const seconds = Math.round(at.timeout / 1000);
    return new EngineFault(
      'timeout',
      `${endpoint} did not answer within ${seconds} s when asked to ${doing}. Look whether the engine hangs: docker info.`,
    );
  }
  if (error.statusCode !== undefined) return ofStatus(error, at);
  const code = error.code ?? '';
  if (TLS.test(code)) {
    return new EngineFault(
      'tls',
      `The TLS connection to ${endpoint} failed (${code}: ${brief(error.message)}). Check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or in the Docker context, and that the engine speaks TLS on this port.`,
    );
  }
  if (at.connected) {
    return new EngineFault(
      'stopped',
      `The engine at ${endpoint} went away (${code || brief(error.message)}) while it was to ${doing}. Nothing was changed; start it again and repeat the check.`,
    );
  }
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new EngineFault(
        'permission',
        `Permission denied on ${endpoint}. Add your user to the group that owns the socket (sudo usermod -aG docker $USER, then log in again), or use a rootless engine.`,
      );
    case 'ENOENT':
      return new EngineFault('no-engine', `There is nothing at ${endpoint}. Start the engine, or name another one.`);
    case 'ECONNREFUSED':
      return new EngineFault(
        'refused',
        `${endpoint} refused the connection: no engine listens there. Start it (sudo systemctl start docker, or Docker Desktop), or name another one.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return new EngineFault(
        'unreachable',
        `${endpoint} cannot be reached (${code}). Check the address and the network.`,
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return new EngineFault(
        'refused',
        `${endpoint} closed the connection without an answer. If the engine speaks TLS there, set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH; else look at its log.`,
      );
    default:
      return new EngineFault(
        'not-an-engine',
        `${endpoint} gave no answer that an engine would give (${brief(error.message)}). Check the address.`,
      );
  }
}

function ofStatus(error: Thrown, { endpoint, doing, connected }: Circumstance): EngineFault {
  const said = messageIn(error.json) ?? brief(error.message);
  if (error.statusCode === 401 || error.statusCode === 403) {
    return new EngineFault(
      'forbidden',
      `${endpoint} does not allow to ${doing} (${error.statusCode}: ${said}). Ask for read access, or allow it in the socket proxy or authorization plugin that stands before the engine.`,
    );
  }
  if (error.statusCode === 400 && /HTTP request to an HTTPS server/i.test(said)) {
    return new EngineFault(
      'tls',
      `${endpoint} speaks TLS, but was spoken to without. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a Docker context with TLS files.`,
    );
  }
  if (!connected && (error.statusCode ?? 0) < 500) {
    return new EngineFault(
      'not-an-engine',
      `What answers at ${endpoint} is not a container engine (${error.statusCode}: ${said}). Check the address.`,
    );
  }
  return new EngineFault('failed', `The engine could not ${doing} (${error.statusCode}: ${said}).`);
}

function messageIn(json: unknown): string | undefined {
  if (json instanceof Uint8Array) return brief(Buffer.from(json).toString('utf8'));
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  return typeof message === 'string' ? brief(message) : undefined;
}

/** One line of bounded length: engines quote whole pages. */
const brief = (text: string | undefined): string => (text ?? 'no details').replace(/\s+/g, ' ').trim().slice(0, 200);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
