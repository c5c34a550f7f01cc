/** The setting `checks`: what people ask of their own services, before and after their containers are made anew. */

export interface HttpCheck {
  readonly kind: 'http';
  /** In the container. */
  readonly port: number;
  readonly path: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly tls: boolean;
  /** `${NAME}` is a variable of the container. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ExecCheck {
  readonly kind: 'exec';
  readonly argv: readonly string[];
}

export interface LogCheck {
  readonly kind: 'log';
  /** So many of the last. */
  readonly lines: number;
}

/** What a check looks at in an answer. Absent parts are not looked at. */
export interface Expectation {
  /** Of HTTP; absent: any of 200 to 299. */
  readonly status?: readonly number[];
  readonly exitCode?: number;
  /** From the root to the value that counts; a list counts by its length. */
  readonly json?: readonly (string | number)[];
  /** Its first group is the number, or without one, how often it is found. */
  readonly pattern?: RegExp;
  /** `pattern` must not be found. */
  readonly absent: boolean;
  readonly atLeast?: number;
}

export interface Check {
  readonly name: string;
  readonly service: string;
  readonly what: HttpCheck | ExecCheck | LogCheck;
  readonly expect: Expectation;
  /** ms */
  readonly timeout: number;
}

type Way = readonly (string | number)[];
/** `way`: from the root of the file to what is wrong. */
export type RefuseAt = (message: string, way: Way) => void;

const KINDS = ['http', 'exec', 'log'] as const;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;
const KEYS = {
  check: ['name', 'service', 'timeout', 'expect', ...KINDS],
  http: ['port', 'path', 'method', 'tls', 'headers', 'body'],
  log: ['pattern', 'absent', 'lines'],
  expectHttp: ['status', 'json', 'pattern', 'absent', 'atLeast'],
  expectExec: ['exitCode', 'json', 'pattern', 'absent', 'atLeast'],
  expectLog: ['atLeast'],
} as const;
const SECONDS = 10;
const MOST_SECONDS = 600;
const LINES = 1000;
const MOST_LINES = 100_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const isWhole = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export function checksOf(value: unknown, refuse: RefuseAt): Check[] {
  if (!Array.isArray(value)) {
    refuse('checks is a list of {name, service, http or exec or log, expect}', ['checks']);
    return [];
  }
  const names = new Set<string>();
  return value.flatMap((one: unknown, index) => {
    const check = new Reader(['checks', index], refuse).check(one);
    if (!check) return [];
    if (names.has(check.name)) {
      refuse(`checks[${index}]: there are two checks with the name "${check.name}"`, ['checks', index, 'name']);
      return [];
    }
    names.add(check.name);
    return [check];
  });
}

/** Reads one check; what is wrong with it is told with its place, and all of it at once. */
class Reader {
  private readonly at: readonly [string, number];
  private readonly tell: RefuseAt;
  private faults = 0;

  constructor(at: readonly [string, number], tell: RefuseAt) {
    this.at = at;
    this.tell = tell;
  }

  private refuse(message: string, ...way: Way): void {
    this.faults++;
    this.tell(`${this.at[0]}[${this.at[1]}]: ${message}`, [...this.at, ...way]);
  }

  private keys(value: Record<string, unknown>, known: readonly string[], ...way: Way): void {
    const of = way.length === 0 ? 'a check' : `its ${way.join('.')}`;
    for (const key of Object.keys(value))
      if (!known.includes(key)) this.refuse(`there is no key "${key}"; ${of} has ${known.join(', ')}`, ...way, key);
  }

  check(value: unknown): Check | null {
    if (!isRecord(value)) {
      this.refuse('a check is a mapping with name, service and one of http, exec and log');
      return null;
    }
    this.keys(value, KEYS.check);
    const { name, service, timeout } = value;
    if (!isText(name)) this.refuse('name is a text', 'name');
    if (!isText(service)) this.refuse('service is the name of a service of the Compose file', 'service');
    if (!isAbsent(timeout) && !isWhole(timeout, 1, MOST_SECONDS))
      this.refuse(`timeout is a whole number of seconds, at most ${MOST_SECONDS}`, 'timeout');
    const given = KINDS.filter((kind) => value[kind] !== undefined);
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      this.refuse(`a check has one of http, exec and log${given.length > 1 ? `, not ${given.join(' and ')}` : ''}`);
      return null;
    }
    const what = this.what(kind, value[kind]);
    const expect = this.expect(kind, value[kind], value.expect);
    if (this.faults > 0 || !what) return null;
    const seconds = isAbsent(timeout) ? SECONDS : (timeout as number);
    return { name: name as string, service: service as string, what, expect, timeout: seconds * 1000 };
  }

  private what(kind: (typeof KINDS)[number], value: unknown): Check['what'] | null {
    if (kind === 'exec') return this.exec(value);
    if (!isRecord(value)) {
      this.refuse(`${kind} is a mapping with the keys ${KEYS[kind].join(', ')}`, kind);
      return null;
    }
    this.keys(value, KEYS[kind], kind);
    return kind === 'http' ? this.http(value) : this.log(value);
  }

  private exec(value: unknown): ExecCheck | null {
    if (Array.isArray(value) && isText(value[0]) && value.every((word) => typeof word === 'string'))
      return { kind: 'exec', argv: value };
    this.refuse('exec is a list of words, the program first: [sh, -c, "..."]', 'exec');
    return null;
  }

  private http(value: Record<string, unknown>): HttpCheck {
    const { port, path, method, tls, headers, body } = value;
    if (!isWhole(port, 1, 65_535)) this.refuse('port is the number that the service listens at', 'http', 'port');
    if (typeof path !== 'string' || !/^\/[\x21-\x7e]*$/.test(path))
      this.refuse('path begins with a slash and has no spaces (%20)', 'http', 'path');
    if (!isAbsent(method) && !METHODS.some((known) => known === method))
      this.refuse(`method is one of ${METHODS.join(', ')}`, 'http', 'method');
    if (!isAbsent(tls) && typeof tls !== 'boolean') this.refuse('tls is true or false', 'http', 'tls');
    const texts = isAbsent(headers) ? {} : headers;
    if (!isRecord(texts) || !Object.values(texts).every((one) => typeof one === 'string'))
      this.refuse('headers is a mapping from names to texts', 'http', 'headers');
    return {
      kind: 'http',
      port: port as number,
      path: path as string,
      method: isAbsent(method) ? 'GET' : (method as HttpCheck['method']),
      tls: tls === true,
      headers: texts as Record<string, string>,
      ...(isAbsent(body) ? {} : { body }),
    };
  }

  private log({ lines }: Record<string, unknown>): LogCheck {
    if (!isAbsent(lines) && !isWhole(lines, 1, MOST_LINES))
      this.refuse(`lines is a whole number, at most ${MOST_LINES}`, 'log', 'lines');
    return { kind: 'log', lines: isAbsent(lines) ? LINES : (lines as number) };
  }

  private expect(kind: (typeof KINDS)[number], what: unknown, value: unknown): Expectation {
    const given = isAbsent(value) ? {} : value;
    if (!isRecord(given)) {
      this.refuse('expect is a mapping', 'expect');
      return { absent: false };
    }
    const known = kind === 'http' ? KEYS.expectHttp : kind === 'exec' ? KEYS.expectExec : KEYS.expectLog;
    this.keys(given, known, 'expect');
    // What is looked for in a log is a part of what it is.
    const own = kind === 'log' && isRecord(what) ? { pattern: what.pattern, absent: what.absent } : {};
    const where = kind === 'log' ? 'log' : 'expect';
    const { status, exitCode, json, pattern, absent, atLeast } = { ...given, ...own } as Record<string, unknown>;
    const way = this.json(json);
    const expression = this.pattern(pattern, where);
    if (kind === 'log' && isAbsent(pattern)) this.refuse('log needs a pattern', 'log');
    if (!isAbsent(absent) && typeof absent !== 'boolean') this.refuse('absent is true or false', where, 'absent');
    if (absent === true && isAbsent(pattern)) this.refuse('absent belongs to a pattern', where, 'absent');
    if (absent === true && !isAbsent(atLeast)) this.refuse('absent and atLeast contradict each other', where, 'absent');
    if (way && expression) this.refuse('either json or pattern says where the number is', 'expect', 'json');
    if (!isAbsent(atLeast) && (typeof atLeast !== 'number' || !Number.isFinite(atLeast) || atLeast < 0))
      this.refuse('atLeast is a number', 'expect', 'atLeast');
    if (kind === 'http' && !isAbsent(atLeast) && !way && !expression)
      this.refuse('atLeast needs json or pattern: where the number is', 'expect', 'atLeast');
    if (!isAbsent(exitCode) && !isWhole(exitCode, 0, 255))
      this.refuse('exitCode is a number from 0 to 255', 'expect', 'exitCode');
    const statuses = isAbsent(status) ? null : Array.isArray(status) ? status : [status];
    if (statuses && !(statuses.length > 0 && statuses.every((one) => isWhole(one, 100, 599))))
      this.refuse('status is a number from 100 to 599, or a list of them', 'expect', 'status');
    return {
      absent: absent === true,
      ...(statuses ? { status: statuses } : {}),
      ...(isAbsent(exitCode) ? {} : { exitCode: exitCode as number }),
      ...(way ? { json: way } : {}),
      ...(expression ? { pattern: expression } : {}),
      ...(isAbsent(atLeast) ? {} : { atLeast: atLeast as number }),
    };
  }

  private json(value: unknown): Way | null {
    if (isAbsent(value)) return null;
    const way = typeof value === 'string' ? jsonWay(value) : null;
    if (!way)
      this.refuse('json is the way to a value: results, data.items[0].count, or $ for all of it', 'expect', 'json');
    return way;
  }

  private pattern(value: unknown, where: string): RegExp | null {
    if (isAbsent(value)) return null;
    if (!isText(value)) {
      this.refuse('pattern is a regular expression', where, 'pattern');
      return null;
    }
    try {
      return new RegExp(value, 'gm');
    } catch (error) {
      const cause = error instanceof Error ? error.message.replace(/^.*: /s, '') : 'not known';
      this.refuse(`pattern is no regular expression (${cause})`, where, 'pattern');
      return null;
    }
  }
}

/** `$`, `a.b`, `a[0].b`, `a["b.c"]`; null when it is none. */
export function jsonWay(text: string): Way | null {
  const rest = text.replace(/^\$(?:\.(?=[^.])|(?=\[)|$)/, '');
  const step = /\.?([A-Za-z_@-][\w@-]*)|\[(\d+)\]|\["([^"]*)"\]/y;
  const way: (string | number)[] = [];
  while (step.lastIndex < rest.length) {
    if (way.length === 0 && rest.startsWith('.')) return null;
    const found = step.exec(rest);
    if (!found) return null;
    const [whole, name, index, quoted] = found;
    if (name !== undefined && way.length > 0 && !whole.startsWith('.')) return null;
    way.push(index !== undefined ? Number(index) : (name ?? quoted ?? ''));
  }
  return text === '' ? null : way;
}
