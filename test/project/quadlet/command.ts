/** The command of a generated service, read on its own terms: what the product must understand of the units. */
import * as path from 'node:path';
import type { Generated } from './generator.ts';

export interface Understanding {
  readonly name: string;
  readonly image: string | undefined;
  readonly mounts: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly entrypoint: string | undefined;
  readonly user: string | undefined;
  readonly hostname: string | undefined;
  readonly workdir: string | undefined;
  readonly stopTimeout: string | undefined;
  readonly stopSignal: string | undefined;
  readonly pull: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
}

export const mountLine = (type: string, source: string, target: string, readOnly: boolean): string =>
  `${type} ${source} -> ${target}${readOnly ? ' ro' : ''}`;

/** What `podman run` of this service would get; undefined where the generator made no such service. */
export function understandCommand(generated: Generated, service: string): Understanding | undefined {
  const lines = generated.services.get(`${service}.service`);
  const start = lines?.find(([key, value]) => key === 'ExecStart' && value.includes(' run '))?.[1];
  if (!lines || start === undefined) return undefined;
  const system = systemd(service, lines);
  const written = words(start);
  const { options, rest } = parse(
    written.slice(written.findIndex((word, i) => word === 'run' && written[i + 1] === '--name') + 1),
  );
  const last = (...names: string[]): string | undefined => {
    const found = options.findLast(([name]) => names.includes(name))?.[1];
    return found === undefined ? undefined : system.text(found);
  };
  const all = (...names: string[]): string[] =>
    options.filter(([name]) => names.includes(name)).map(([, value]) => value);
  const podFile = all('--pod-id-file')[0];
  const pod = podFile === undefined ? [] : podVolumes(generated, /([^/]+)\.pod-id$/.exec(podFile)![1]!);
  const own = options.flatMap(([name, value]) => {
    if (name === '--tmpfs') return tmpfs(system.text(value));
    if (name === '-v' || name === '--volume') return volume(value, system);
    return name === '--mount' ? mount(value, system) : [];
  });
  const readOnly = isOn(last('--read-only'));
  const memory = readOnly && last('--read-only-tmpfs') !== 'false' ? ['/run', '/tmp', '/var/tmp'] : [];
  const mounts = new Map([...own, ...all('--secret').flatMap(secret)].map((one) => [one.target, one.line]));
  for (const one of new Map(pod.map((one) => [one.target, one])).values())
    if (!mounts.has(one.target)) mounts.set(one.target, one.line);
  for (const target of memory) if (!mounts.has(target)) mounts.set(target, mountLine('tmpfs', '', target, false));
  return {
    name: last('--name')!,
    // Behind `--rootfs` there is none.
    image: rest[0] ? system.text(rest[0], true) : undefined,
    mounts: [...mounts.values()].sort(),
    environment: pairs(all('-e', '--env'), system.text),
    command: rest.slice(1).flatMap(system.word),
    entrypoint: last('--entrypoint'),
    user: last('-u', '--user'),
    hostname: last('-h', '--hostname'),
    workdir: last('-w', '--workdir'),
    stopTimeout: last('--stop-timeout'),
    stopSignal: last('--stop-signal'),
    pull: last('--pull'),
    labels: pairs(all('-l', '--label'), system.text),
    readOnly,
  };
}

const isOn = (value: string | undefined): boolean => value !== undefined && value !== 'false';

function podVolumes(generated: Generated, pod: string): Mounted[] {
  const lines = generated.services.get(`${pod}.service`) ?? [];
  const create = lines.find(([key, value]) => key === 'ExecStartPre' && value.includes(' pod create '))?.[1];
  if (create === undefined) return [];
  const all = words(create);
  const { options } = parse(all.slice(all.indexOf('create') + 1));
  const system = systemd(pod, lines);
  return options.filter(([name]) => name === '-v' || name === '--volume').flatMap(([, value]) => volume(value, system));
}

const pairs = (all: readonly string[], text: (written: string) => string): Record<string, string> =>
  Object.fromEntries(
    all
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), text(pair.slice(pair.indexOf('=') + 1))]),
  );

interface Mounted {
  readonly target: string;
  readonly line: string;
}

const clean = (target: string): string => path.posix.normalize(target).replace(/(.)\/$/, '$1');

const mounted = (type: string, source: string, target: string, readOnly: boolean): Mounted[] =>
  target.startsWith('/') && !/%[a-zA-Z]/.test(target)
    ? [{ target: clean(target), line: mountLine(type, source, clean(target), readOnly) }]
    : [];

const tmpfs = (value: string): Mounted[] =>
  mounted('tmpfs', '', value.split(':')[0]!, (value.split(':')[1] ?? '').split(',').includes('ro'));

function volume(value: string, system: System): Mounted[] {
  const [first, second, third = ''] = value.split(':').map((part) => system.text(part));
  if (value.split(':').length > 3 || third.split(',').includes('O')) return [];
  if (second === undefined) return mounted('volume', '', first!, false);
  const unset = system.text(/^\$\{\w+\}|/.exec(value)![0]) === '' && value.startsWith('${');
  const isPath = unset || /^[/.]/.test(first!) || /^%[hStCLETVdDy]/.test(first!);
  const known = unset || first!.startsWith('.') ? '' : first!;
  return mounted(isPath ? 'bind' : 'volume', known, second, third.split(',').includes('ro'));
}

function mount(value: string, system: System): Mounted[] {
  const options = csv(value).map((field) => [
    field.split('=', 1)[0]!,
    system.text(field.slice(field.indexOf('=') + 1)),
    field,
  ]);
  const get = (...names: string[]) =>
    options.find(([name, , field]) => names.includes(name!) && field!.includes('='))?.[1];
  const has = (name: string) => options.some(([, , field]) => field === name || field === `${name}=true`);
  const target = get('target', 'dst', 'destination');
  const type = get('type');
  if (target === undefined || type === 'glob' || type === 'devpts') return [];
  const source = get('source', 'src') ?? '';
  const readOnly = has('ro') || has('readonly') || get('rw') === 'false';
  if (type === 'tmpfs' || type === 'ramfs') return mounted('tmpfs', '', target, readOnly);
  if (type === 'image') return mounted('image', source, target, !has('rw'));
  if (type === 'volume') return mounted('volume', source, target, readOnly);
  const from = source || target;
  return type === 'bind' ? mounted('bind', /^[/%]/.test(from) ? from : '', target, readOnly) : [];
}

function secret(value: string): Mounted[] {
  const [name, ...options] = value.split(',');
  if (options.includes('type=env')) return [];
  const target = options.find((option) => option.startsWith('target='))?.slice(7) ?? name!;
  return mounted('secret', name!, target.startsWith('/') ? target : `/run/secrets/${target}`, true);
}

function csv(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .map(([, field]) => field!)
    .slice(0, -1)
    .concat(line.endsWith(',') ? [''] : [])
    .map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}

const SWITCHES = new Set(
  `-d --replace --rm --init --read-only --read-only-tmpfs --env-host --privileged --no-healthcheck --no-hosts --no-hostname
  --oom-kill-disable -P --publish-all -q --quiet --sig-proxy --tls-verify -t --tty -i --interactive -it -ti -dt --passwd
  --unsetenv-all --http-proxy --rmi`.split(/\s+/),
);

/** Options with their values, up to the first word that is none. */
function parse(all: readonly string[]): { options: [string, string][]; rest: readonly string[] } {
  const options: [string, string][] = [];
  let i = 0;
  for (; i < all.length && all[i]!.startsWith('-'); i++) {
    const word = all[i]!;
    const [, name, value] = /^(--[^=]+|-[a-zA-Z])=?((?<==).*)?$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) options.push([name, value]);
    else if (SWITCHES.has(word)) options.push([word, 'true']);
    else if (/^-[veuhlw]./.test(word)) options.push([word.slice(0, 2), word.slice(2)]);
    else options.push([word, all[++i] ?? '']);
    if (word === '--rootfs') return { options, rest: all.slice(i + 1).length > 0 ? ['', ...all.slice(i + 1)] : [] };
  }
  return { options, rest: all.slice(i) };
}

interface System {
  text(written: string, dropped?: boolean): string;
  word(written: string): string[];
}

/** What systemd replaces in the words of a command. */
function systemd(service: string, lines: readonly (readonly [string, string])[]): System {
  const [prefix = '', instance] = service.split(/@(.*)/s);
  const variables = new Map(
    lines
      .filter(([key]) => key === 'Environment')
      .flatMap(([, value]) => words(value))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const known: Record<string, string> = { '%': '%', p: prefix, j: prefix.slice(prefix.lastIndexOf('-') + 1) };
  if (instance !== '') Object.assign(known, { N: service, n: `${service}.service`, i: instance ?? '' });
  const text = (written: string, dropped = false): string =>
    written.replace(/%(.)|\$\$|\$\{([A-Za-z_]\w*)\}/gs, (whole, letter, name) => {
      if (letter !== undefined) return known[letter] ?? (dropped && /[a-zA-Z]/.test(letter) ? '' : whole);
      return name === undefined ? '$' : (variables.get(name) ?? '');
    });
  const word = (written: string): string[] => {
    const lone = /^\$([A-Za-z_]\w*)$/.exec(written)?.[1];
    return lone === undefined
      ? [text(written)]
      : (variables.get(lone) ?? '').split(/\s+/).filter((part) => part !== '');
  };
  return { text, word };
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  f: '\f',
  s: ' ',
};

/** Words as the generator writes them: plain, or in double quotes with escapes. */
export function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)].map(([, quoted, plain]) =>
    quoted === undefined
      ? plain!
      : quoted.replace(/\\(x[0-9a-f]{2}|.)/gs, (_, escaped: string) =>
          escaped.length > 1
            ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
            : (ESCAPES[escaped] ?? escaped),
        ),
  );
}
