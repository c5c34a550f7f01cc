import { describe, expect, test } from 'vitest';
import { load, place, problems, service } from './memory.ts';

const one = (rest: string): string => `services:\n  a:\n    image: x\n${rest}`;

describe('a broken reference is one problem, at the reference, and the rest is understood', () => {
  test.each([
    [
      'a remote include',
      'include: ["https://example.com/r.git"]\n',
      'compose.yaml: "https://example.com/r.git": https://example.com/r.git is remote',
    ],
    [
      'an include from a registry',
      'include: [oci://example.com/r]\n',
      'compose.yaml: oci://example.com/r: oci://example.com/r is remote',
    ],
    [
      'a missing include',
      'include: [gone.yaml]\n',
      'compose.yaml: gone.yaml: the included file gone.yaml does not exist',
    ],
    [
      'an include of a list',
      'include: [list.yaml]\n',
      'compose.yaml: list.yaml: the included file list.yaml is not a Compose file',
    ],
    [
      'an include that leads back',
      'include: [compose.yaml]\n',
      'compose.yaml: compose.yaml: the include of compose.yaml leads back',
    ],
    [
      'an include with a missing environment file',
      'include: [{path: ok.yaml, env_file: gone.env}]\n',
      'compose.yaml: gone.env: the environment file gone.env does not exist',
    ],
    ['a missing base', one('    extends: gone\n'), 'compose.yaml: gone: extends names the service gone'],
    [
      'a missing file of a base',
      one('    extends: {file: gone.yaml, service: b}\n'),
      'compose.yaml: gone.yaml: the file gone.yaml does not exist',
    ],
    [
      'a remote file of a base',
      one('    extends: {file: "git@example.com:r", service: b}\n'),
      'compose.yaml: "git@example.com:r": git@example.com:r is remote',
    ],
    [
      'a base that extends back',
      `${one('    extends: b\n')}  b: {image: y, extends: a}\n`,
      'compose.yaml: b: the service a extends itself',
    ],
    ['a missing environment file of a service', one('    user: u\n'), null],
  ])('%s', (_, text, expected) => {
    const whole = text.startsWith('services') ? text : text + one('');
    const project = load({ 'compose.yaml': whole, 'ok.yaml': 'services: {i: {image: i}}\n', 'list.yaml': '- a\n' });
    expect(problems(project)).toEqual(expected === null ? [] : [expect.stringContaining(expected)]);
    expect(service(project, 'a').image!.value).toBe('x');
  });

  test('a broken .env', () => {
    const project = load({ 'compose.yaml': one('    user: ${A}${B}\n'), '.env': 'A=1\nB="open\n' });
    expect(problems(project)).toEqual(['.env: B="open: a quote is not closed in the value of B']);
    expect(service(project, 'a').user!.value).toBe('1');
  });

  test('a base that two services extend is read once', () => {
    const project = load({
      'compose.yaml':
        'services:\n  a: {image: x, extends: {file: b.yaml, service: b}}\n  c: {image: x, extends: {file: b.yaml, service: b}}\n',
      'b.yaml': 'services: {b: {user: "${"}}\n',
    });
    expect(problems(project)).toEqual(['b.yaml: ${: "${" is not a valid variable']);
    expect(project.files.map((source) => source.path)).toEqual(['/p/compose.yaml', '/p/b.yaml']);
  });
});

describe('what Compose refuses is told where it stands', () => {
  test.each([
    ['    imagee: y\n', 'imagee: there is no attribute "imagee" in services.a'],
    ['    user: 1000\n', '1000: services.a.user must be a text'],
    ['    hostname:\n', 'services.a.hostname must be a text'],
    ['    environment: [1]\n', '1: services.a.environment[0] must be a text'],
    ['    environment: {1: x}\n', '1: the key 1 is not a text'],
    [
      '    environment: [DEBUG = true]\n',
      'DEBUG = true: the name of the environment variable DEBUG ends in white space',
    ],
    ['    environment: ["DEBUG "]\n', '"DEBUG ": the name of the environment variable DEBUG ends in white space'],
    ['    build: {args: ["A\\t=1"]}\n', 'the name of the environment variable A ends in white space'],
    ['    post_start: [{command: x, environment: [A =1]}]\n', 'A =1: the name of the environment variable A ends in'],
    ['    init: ${U:-maybe}\n', '${U:-maybe}: services.a.init must be true or false'],
    ['    stop_grace_period: 1d\n', '1d: services.a.stop_grace_period must be a duration'],
    ['    networks: [front]\n', 'front: the service a uses the network front'],
    ['    secrets: [{source: s}]\n', '{source: s}: the service a uses the secret s'],
    ['    depends_on: {b: {condition: service_healthy}}\n', 'b: the service a needs b'],
    ['    depends_on: [a]\n', 'a: services wait for each other: a -> a'],
    ['    volumes: ["dd:/d"]\n', 'dd: the service a uses the volume dd'],
    ['    volumes: ["${U}:/d"]\n', '"${U}:/d": not a volume'],
    ['    user: x-${U\n', '${U: "${U" is not a valid variable'],
    ['    labels: {deep: "${U:?why}"}\n', '${U:?why}: the variable U is required and not set: why'],
    ['    scale: 2\n    container_name: c\n', 'c: the service a has a container_name'],
    ['    command: a "b\n', 'a "b: the command cannot be split'],
    ['---\n', 'a document of this file holds no mapping'],
    ['volume: {}\n', 'volume: there is no attribute "volume" at the top level'],
    ['volumes: {v: {external: true, driver: d}}\n', 'driver: the volume v is external and sets driver'],
  ])('%j', (rest, expected) => {
    expect(problems(load({ 'compose.yaml': one(rest) }))).toEqual([expect.stringContaining(expected)]);
  });
});

describe('what Compose takes as a name of a variable', () => {
  test.each([
    '    environment: {"DEBUG ": x}\n',
    '    environment: ["DEBUG= true", " A=1"]\n',
    '    environment: ["=x"]\n',
    '    build: {args: {"A ": 1}}\n',
    '    labels: ["a =1"]\n',
  ])('%j', (rest) => {
    expect(problems(load({ 'compose.yaml': one(rest) }))).toEqual([]);
  });

  test('what is laid over another becomes a list', () => {
    const files = {
      'compose.yaml': one('    environment: {A: 1}\n'),
      'o.yaml': 'services: {a: {environment: {"B ": 2}}}\n',
    };
    expect(problems(load(files, { files: ['/p/compose.yaml', '/p/o.yaml'] }))).toEqual([
      expect.stringContaining('the environment variable B ends in white space'),
    ]);
  });
});

describe('a file that is only extended must be canonical, all of it', () => {
  test.each([
    ['  c: {image: x, ports: [80, "abc:80"]}\n', '"abc:80": services.c.ports[1] must be a port or a mapping'],
    ['  c: {image: x, volumes: ["aa:/b:rw:z"]}\n', '"aa:/b:rw:z": services.c.volumes[0] must be a volume or a mapping'],
    ['  c: {image: x, volumes: [{type: bind}]}\n', '{type: bind}: services.c.volumes[0] has no target'],
    ['  c: {image: x, tty: maybe}\n', 'maybe: services.c.tty must be true or false or a mapping or a list'],
    ['volumes: {v: text}\n', 'text: volumes.v must be empty or a mapping'],
    ['volumes: {v: {name: a, external: {name: b}}}\n', '{name: b}: volumes.v has two different names'],
  ])('%j', (rest, expected) => {
    const project = load({
      'compose.yaml':
        'services:\n  a: {extends: {file: b.yaml, service: b}}\n  d: {extends: {file: b.yaml, service: b}}\n',
      'b.yaml': `services:\n  b: {image: x}\n${rest}`,
    });
    expect(problems(project)).toEqual([expect.stringContaining(`b.yaml: ${expected}`)]);
    expect(service(project, 'a').image!.value).toBe('x');
  });
});

describe('places', () => {
  test('of mounts with variables', () => {
    const [mount] = service(load({ 'compose.yaml': one('    volumes: ["./${U:-d}/x:/data:ro"]\n') }), 'a').mounts;
    expect(mount).toMatchObject({ source: '/p/d/x', target: '/data', readOnly: true });
    expect([mount!.sourceSpan!, mount!.targetSpan].map(place)).toEqual([
      'compose.yaml: ./${U:-d}/x',
      'compose.yaml: /data',
    ]);
  });

  test('of variables that are merged from a list and a mapping', () => {
    const project = load(
      {
        'compose.yaml': one('    environment: ["A=${U}x", "B=2"]\n'),
        'o.yaml': 'services: {a: {environment: {B: 3, C: }}}\n',
      },
      { files: ['/p/compose.yaml', '/p/o.yaml'] },
    );
    const entries = [...service(project, 'a').environment.values()];
    expect(entries.map(({ name, value }) => [name, value])).toEqual([
      ['A', 'x'],
      ['B', '3'],
      ['C', null],
    ]);
    expect(entries.slice(0, 2).map(({ span }) => place(span))).toEqual(['compose.yaml: ${U}x', 'o.yaml: 3']);
    expect(entries[0]!.unresolved.map(({ variable, span }) => [variable, place(span)])).toEqual([
      ['U', 'compose.yaml: ${U}'],
    ]);
  });

  test('of a base in another folder, with the paths that are relative to it', () => {
    const project = load({
      'compose.yaml': 'services:\n  a:\n    extends: {file: sub/b.yaml, service: b}\n',
      'sub/b.yaml': 'services:\n  b: {image: x, volumes: [./d:/d]}\n',
    });
    const { key, mounts } = service(project, 'a');
    expect(place(key)).toBe('compose.yaml: a');
    expect(mounts.map((mount) => [mount.source, place(mount.span)])).toEqual([['/p/sub/d', 'sub/b.yaml: ./d:/d']]);
  });

  test('in a second document', () => {
    const project = load({ 'compose.yaml': `${one('')}---\nservices:\n  a: {user: 5}\n` });
    expect(problems(project)).toEqual(['compose.yaml: 5: services.a.user must be a text']);
  });
});

test('unset variables are empty, and known to be unset', () => {
  const { image, mounts, mountGaps } = service(
    load({ 'compose.yaml': 'services: {a: {image: "x:${TAG}", volumes: ["./d:${AT}/x"]}}\n' }),
    'a',
  );
  expect([image!.value, image!.unresolved.map((one) => one.variable)]).toEqual(['x:', ['TAG']]);
  expect([mounts[0]!.target, mounts[0]!.unresolved.length, mountGaps.length]).toEqual(['/x', 1, 1]);
});

test('what is not understood leaves the rest as it is', () => {
  const project = load({
    'compose.yaml': one(
      '    volumes: [5, "vv:/v", {type: volume}]\n    ports: x\n  b: [1]\n  c: {image: y}\nvolumes: {vv: }\n',
    ),
  });
  expect(project.services.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(service(project, 'a').mounts.map((mount) => mount.target)).toContain('/v');
  expect(project.problems.length).toBe(4);
});
