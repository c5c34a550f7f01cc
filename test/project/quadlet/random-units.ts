/** Folders of units made by chance: everything that decides what is mounted and run, written in all the ways there are. */

export type Random = () => number;

/** The same numbers for the same seed. */
export function random(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Folder = Readonly<Record<string, string>>;

const UNITS = ['web', 'db', 'my-app', 'cache-1', 'worker@', 'queue@one', 'a-b@c-d'];
const VOLUMES = ['data', 'logs', 'db-data', 'web'];

export function randomFolder(seed: number): Folder {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: Math.floor(next() * (most + 1)) }, make);
  const chance = (share: number): boolean => next() < share;
  const files: Record<string, string> = {};

  const target = () => pick(['/data', '/var/lib/x', '/srv/', '/a//b', '/c/../d', '/tmp', '/run', '/e f', '/ünï']);
  const source = () =>
    pick([
      ...VOLUMES.map((name) => `${name}.volume`),
      ...VOLUMES,
      'systemd-data',
      './conf',
      './',
      '../up/x',
      '.hidden',
      '/srv/data',
      '/srv/a b',
      '%h/data',
      '%t/sock',
      '%p-data',
      '%N',
      'x%i',
      '${ROOT}/y',
      '${NOTHING}/z',
      '100%%',
      '~/home',
    ]);
  const options = () => pick(['', '', ':ro', ':Z', ':z,ro', ':rw,nocopy', ':U', ':O', ':rslave,ro']);
  const volume = () => (chance(0.15) ? target() : `${source()}:${target()}${options()}`);
  const quoted = (word: string) => pick([word, `"${word}"`, `'${word}'`, word.replace(/([ \\"'])/g, '\\$1')]);
  const word = () =>
    pick([
      'a',
      '--flag',
      'b=c',
      'two words',
      'tab\\tbed',
      '\\x41\\u00e9',
      '$$HOME',
      '${ROOT}',
      '$ARGS',
      '%N',
      'x%%y',
      'é',
      '#',
      'it"s',
    ]);
  const pair = () =>
    quoted(
      `${pick(['A', 'B', 'PATH_1', 'PGDATA'])}=${pick(['', '1', 'two words', '/x', '%n', '${ROOT}', '$$5', 'a=b'])}`,
    );
  const mount = () => {
    const type = pick(['volume', 'bind', 'tmpfs', 'image']);
    const name = pick(['source', 'src']);
    const taken =
      type === 'tmpfs'
        ? []
        : [
            `${name}=${type === 'image' ? pick(['quay.io/a/b:1', 'base.image']) : type === 'bind' ? pick(['/srv', './x', '%h/y', 'rel']) : pick(['data.volume', 'plain', '%p-v'])}`,
          ];
    const rest = pick([[], ['ro'], ['readonly=true'], ['ro=false'], type === 'tmpfs' ? ['tmpfs-size=1m'] : []]);
    const parts = [
      `type=${type}`,
      ...taken,
      `${pick(['target', 'dst', 'destination'])}=${target().replace(' ', '')}`,
      ...(type === 'image' ? pick([[], ['rw=true']]) : rest),
    ];
    return chance(0.3) ? parts.reverse().join(',') : parts.join(',');
  };
  const argument = () =>
    pick([
      `-v ${volume().replaceAll(' ', '')}`,
      `-v=${volume().replaceAll(' ', '')}`,
      `--volume=${volume().replaceAll(' ', '')}`,
      `--mount ${mount()}`,
      '--tmpfs /scratch:size=1m',
      '-e FROM_ARGS=1',
      '--env=X=y',
      '--user 5:6',
      '--read-only',
      '--hostname=h2',
      '--memory 1g',
      '--init',
      '-l a=b',
    ]);
  const lines: readonly (() => string)[] = [
    () => `Volume=${volume()}`,
    () => `Volume=${volume()}`,
    () => `Volume=${volume()}`,
    () => `Volume =  ${volume()}  `,
    () => `Mount=${mount()}`,
    () => `Mount=${mount()}`,
    () => `Tmpfs=${target().replace(' ', '')}${pick(['', ':size=5m', ':ro,mode=1777'])}`,
    () => `Environment=${[pair(), ...some(3, pair)].join(' ')}`,
    () => `Environment=${pair()} \\\n   # a comment inside\n  ${pair()}`,
    () =>
      `Exec=${[word(), ...some(4, word)].map((one) => (/[ "]/.test(one) ? `"${one.replace('"', '\\"')}"` : one)).join(pick([' ', ' \\\n    ']))}`,
    () => `Exec=${pick(['sh -c \'a; b "c"\'', 'x "" y', 'unclosed "quote', 'a \\q b', 'trailing \\\\'])}`,
    () => `PodmanArgs=${[argument(), ...some(2, argument)].join(' ')}`,
    () => `User=${pick(['1000', 'app', '%U', '"7"'])}`,
    () => `HostName=${pick(['h', '%p', ''])}`,
    () => `StopTimeout=${pick(['5', '70', ''])}`,
    () => `StopSignal=SIGINT`,
    () => `ContainerName=${pick(['named', '%p-c', ''])}`,
    () => `WorkingDir=/w`,
    () => `Entrypoint=${pick(['/bin/sh', '["/bin/sh","-c"]', '"quoted entry"'])}`,
    () => `ReadOnly=${pick(['true', 'yes', 'false', '1', 'maybe'])}`,
    () => `ReadOnlyTmpfs=${pick(['true', 'no'])}`,
    () => `VolatileTmp=${pick(['true', 'no'])}`,
    () => `AutoUpdate=${pick(['registry', 'local', ''])}`,
    () => `Label=${pair()} ${pair()}`,
    () => `Pull=${pick(['newer', 'never'])}`,
    () => `Secret=${pick(['s1', 's2,type=env,target=TOKEN', 's3,target=/etc/s3', 's4,type=mount,target=four'])}`,
    () => `EnvironmentFile=${pick(['./app.env', '/etc/none.env', '%h/x.env'])}`,
    () => 'Pod=app.pod',
    () => `${pick(['Volume', 'Environment', 'Mount', 'Tmpfs', 'PodmanArgs', 'Label'])}=`,
    () => `# Volume=none:/none \\`,
    () => `; Tmpfs=/none`,
    () => '',
    () => `User=8\nGroup=${pick(['2000', 'g'])}`,
  ];
  const rare: readonly (() => string)[] = [
    () => 'NoSuchKey=1',
    () => 'Group=5',
    () => 'Pod=missing.pod',
    () => 'neither key nor section',
    () => `Volume=${volume()} \\`,
    () => '[Service]\nRestart=always\n[Container]',
    () => 'Volume=gone.volume:/gone',
  ];
  const line = (): string => (chance(0.02) ? pick(rare)() : pick(lines)());
  const end = pick(['\n', '\n', '\n', '\r\n']);
  const file = (sections: readonly string[]): string =>
    sections.join('\n').replaceAll('\n', end) + (chance(0.8) ? end : '');

  for (const name of new Set(some(3, () => pick(UNITS)).concat(pick(UNITS)))) {
    files[`${name}.container`] = file([
      ...(chance(0.3) ? ['[Unit]', 'Description=x \\', '  y', 'Requires=db.service'] : []),
      '[Container]',
      `Image=${pick(['docker.io/library/postgres:16', 'base.image', 'own.build', 'quay.io/x/y:%i', 'a/b:${TAG}', '"docker.io/q"'])}`,
      ...some(9, line),
      ...(chance(0.3) ? ['[Service]', 'Environment=ROOT=/rooted "ARGS=x y"', 'Restart=on-failure'] : []),
      ...(chance(0.2) ? ['[Container]', ...some(3, line)] : []),
    ]);
    for (const folder of [`${name}.container.d`, 'container.d', 'my-.container.d', 'queue@.container.d'])
      if (chance(0.12)) files[`${folder}/${pick(['10-a', '20-b'])}.conf`] = file(['[Container]', ...some(3, line)]);
  }
  for (const name of VOLUMES)
    if (chance(0.96))
      files[`${name}.volume`] = file([
        '[Volume]',
        ...(chance(0.3) ? [`VolumeName=${pick(['named', 'logs', name])}`] : []),
      ]);
  if (chance(0.97))
    files['base.image'] = file([
      '[Image]',
      'Image=docker.io/library/redis:7',
      ...(chance(0.2) ? ['ImageTag=localhost/r:1'] : []),
    ]);
  if (chance(0.97))
    files['own.build'] = file([
      '[Build]',
      'ImageTag=localhost/own:1',
      'ImageTag=localhost/own:2',
      'SetWorkingDirectory=unit',
    ]);
  if (chance(0.95))
    files['app.pod'] = file([
      '[Pod]',
      ...some(2, () => `Volume=${volume()}`),
      ...(chance(0.2) ? ['PodmanArgs=-v extra:/extra'] : []),
    ]);
  if (chance(0.5)) files['app.env'] = 'FILED=1\n';
  return files;
}
