import { describe, expect, test } from 'vitest';
import { at, mountLine, problems, service, units } from './reading.ts';

const one = (rest: string, more: Readonly<Record<string, string>> = {}) =>
  units({ 'a.container': `[Container]\nImage=x\n${rest}`, ...more });

const mounts = (rest: string, more: Readonly<Record<string, string>> = {}): string[] =>
  service(one(rest, more), 'a').mounts.map(mountLine);

describe('a container is a service', () => {
  test('named after its file, placed at its section', () => {
    const project = one('');
    expect([project.runtime, project.name, project.directory, project.incomplete]).toEqual([
      'quadlet',
      'u',
      '/u',
      false,
    ]);
    const { key, declarations, unit, broken } = service(project, 'a');
    expect([at(key), declarations.map((one) => [at(one.key), one.node]), broken]).toEqual([
      'a.container 0:0-0:11',
      [['a.container 0:0-0:11', null]],
      false,
    ]);
    expect([unit?.file, unit?.serviceName, unit?.kind]).toEqual(['a.container', 'a', 'container']);
  });

  test('what it says of itself has its places', () => {
    const found = service(
      one(
        'User=5\nGroup=6\nHostName=h\nWorkingDir=/w\nStopTimeout=70\nStopSignal=SIGINT\nContainerName="c"\nPull=newer\nAutoUpdate=registry\nLabel=a=b "c=d e"\nReadOnlyTmpfs=no\nReadOnly=yes\nRunInit=1\n[Service]\nRestart=always\n',
      ),
      'a',
    );
    const { image, user, hostname, workingDir, stopGracePeriod, stopSignal, containerName, pullPolicy, restart } =
      found;
    const texts = [image, user, hostname, workingDir, stopGracePeriod, stopSignal, containerName, pullPolicy, restart];
    expect(texts.map((text) => [text!.value, at(text!.span)])).toEqual([
      ['x', 'a.container 1:6-1:7'],
      ['5:6', 'a.container 2:5-2:6'],
      ['h', 'a.container 4:9-4:10'],
      ['/w', 'a.container 5:11-5:13'],
      ['70s', 'a.container 6:12-6:14'],
      ['SIGINT', 'a.container 7:11-7:17'],
      ['c', 'a.container 8:15-8:16'],
      ['newer', 'a.container 9:5-9:10'],
      ['always', 'a.container 16:8-16:14'],
    ]);
    expect([found.readOnly, found.init, found.mounts]).toEqual([true, true, []]);
    expect([...found.labelEntries.values()].map(({ name, value, span }) => [name, value, at(span)])).toEqual([
      ['io.containers.autoupdate', 'registry', 'a.container 10:11-10:19'],
      ['a', 'b', 'a.container 11:6-11:9'],
      ['c', 'd e', 'a.container 11:11-11:16'],
    ]);
  });

  test('command and entrypoint', () => {
    const { command, entrypoint } = service(
      one('Exec=run \\\n  "two words" $X ${Y} $$\nEntrypoint=["/e", "f"]\n'),
      'a',
    );
    expect([command!.words, command!.spans.map(at), at(command!.span), command!.shell]).toEqual([
      ['run', 'two words', '', '$'],
      ['a.container 2:5-2:8', 'a.container 3:3-3:12', 'a.container 3:17-3:21', 'a.container 3:22-3:24'],
      'a.container 2:5-3:24',
      false,
    ]);
    expect(command!.unresolved.map(({ variable, span }) => [variable, at(span)])).toEqual([
      ['X', 'a.container 3:14-3:16'],
      ['Y', 'a.container 3:17-3:21'],
    ]);
    expect([entrypoint!.words, at(entrypoint!.span)]).toEqual([['/e', 'f'], 'a.container 4:11-4:22']);
    expect(service(one('Entrypoint=/bin/sh -c\n'), 'a').entrypoint!.words).toEqual(['/bin/sh -c']);
  });
});

describe('mounts', () => {
  test('of Volume=', () => {
    const found = mounts(
      'Volume=data.volume:/data:Z\nVolume=logs:/logs/\nVolume=/anon\nVolume=/srv/x:/x:ro\nVolume=./y/:/y\nVolume=%h/z:/z\nVolume=~/no:/no\n',
      { 'data.volume': '[Volume]\n' },
    );
    expect(found).toEqual([
      'volume data /data | a.container 2:7-2:26 | a.container 2:7-2:18 | a.container 2:19-2:24',
      'volume logs /logs | a.container 3:7-3:18 | a.container 3:7-3:11 | a.container 3:12-3:18',
      'volume - /anon | a.container 4:7-4:12 | - | a.container 4:7-4:12',
      'bind /srv/x /x ro | a.container 5:7-5:19 | a.container 5:7-5:13 | a.container 5:14-5:16',
      'bind /u/y /y | a.container 6:7-6:14 | a.container 6:7-6:11 | a.container 6:12-6:14',
      'bind %h/z /z | a.container 7:7-7:14 | a.container 7:7-7:11 | a.container 7:12-7:14',
      'volume ~/no /no | a.container 8:7-8:15 | a.container 8:7-8:11 | a.container 8:12-8:15',
    ]);
  });

  test('of Mount=, Tmpfs= and PodmanArgs=', () => {
    const found = mounts(
      'Mount=type=bind,source=/s,"target=/t,u",ro\nMount=type=volume,dst=/v\nTmpfs=/m:size=1m\nPodmanArgs=-v one:/one --tmpfs=/n\n',
    );
    expect(found).toEqual([
      'tmpfs - /m | a.container 4:6-4:16 | - | a.container 4:6-4:8',
      'bind /s /t ro | a.container 2:6-2:42 | a.container 2:23-2:25 | a.container 2:34-2:36',
      'volume - /v | a.container 3:6-3:24 | - | a.container 3:22-3:24',
      'volume one /one | a.container 5:14-5:22 | a.container 5:14-5:17 | a.container 5:18-5:22',
      'tmpfs - /n | a.container 5:31-5:33 | - | a.container 5:31-5:33',
    ]);
  });

  test('what only the running system knows leaves a hole, and what it decides a gap', () => {
    const found = service(one('Volume=${DATA}:/a\nVolume=%t/x:/b\nVolume=x:/%i/c\nVolume=/s:/d:O\n'), 'a');
    expect(
      found.mounts.map((mount) => [mount.type, mount.source, mount.unresolved.map(({ variable }) => variable)]),
    ).toEqual([
      ['bind', undefined, ['DATA']],
      ['bind', '%t/x', ['%t']],
      ['volume', 'x', []],
    ]);
    expect(found.mountGaps.map(({ span, message }) => `${at(span)} ${message}`)).toEqual([
      'a.container 5:7-5:14 with the option O what is written to /d is removed with the container',
    ]);
    const template = units({ 'a@.container': '[Container]\nImage=x\nVolume=x:/%i/c\n' });
    expect(service(template, 'a@').mountGaps.map(({ message }) => message)).toEqual([
      '%i, which is not known here, decides where this is mounted',
    ]);
  });

  test('two on one target, and what a read-only container gets', () => {
    const found = service(one('Volume=a:/x\nVolume=b:/x\nReadOnly=true\nTmpfs=/tmp\n'), 'a');
    expect(found.replacedMounts.map(({ mount, by, refused }) => [mount.source, by.source, refused])).toEqual([
      ['a', 'b', true],
    ]);
    expect(found.mounts.map(mountLine).slice(2)).toEqual([
      'tmpfs - /run | a.container 4:0-4:13 | - | a.container 4:0-4:13',
      'tmpfs - /var/tmp | a.container 4:0-4:13 | - | a.container 4:0-4:13',
    ]);
  });

  test('of the pod, where the container has none of its own', () => {
    const found = mounts('Pod=p.pod\nVolume=own:/one\n', { 'p.pod': '[Pod]\nVolume=a:/one\nVolume=b:/two\n' });
    expect(found).toEqual([
      'volume own /one | a.container 3:7-3:15 | a.container 3:7-3:10 | a.container 3:11-3:15',
      'volume b /two | p.pod 2:7-2:13 | p.pod 2:7-2:8 | p.pod 2:9-2:13',
    ]);
    expect(service(one('Pod=gone.pod\n'), 'a').mountGaps.map(({ message }) => message)).toEqual([
      'what gone.pod mounts is not known',
    ]);
  });
});

describe('volumes', () => {
  const volumes = (project: ReturnType<typeof units>) =>
    [...project.volumes.values()].map(({ key, name, span, driver, driverOpts }) => [
      key,
      name,
      at(span),
      driver,
      [...driverOpts],
    ]);

  test('of units, and those that are merely named', () => {
    const project = one('Volume=data.volume:/data\nVolume=logs:/logs\nVolume=systemd-data:/same\n', {
      'data.volume': '[Volume]\nDevice=/srv\nType=none\nOptions=bind\nUser=5\nPodmanArgs=--opt x=y\n',
    });
    expect(volumes(project)).toEqual([
      [
        'data',
        'systemd-data',
        'data.volume 0:0-0:8',
        undefined,
        [
          ['device', '/srv'],
          ['type', 'none'],
          ['o', 'uid=5,bind'],
          ['x', 'y'],
        ],
      ],
      ['logs', 'logs', 'a.container 3:7-3:11', undefined, []],
    ]);
    expect(service(project, 'a').mounts.map(({ source }) => source)).toEqual(['data', 'logs', 'data']);
  });

  test('logs:/x is not the volume of logs.volume, unless that is its name', () => {
    const both = 'Volume=logs:/a\nVolume=logs.volume:/b\n';
    const apart = one(both, { 'logs.volume': '[Volume]\n' });
    expect(volumes(apart).map(([key, name]) => [key, name])).toEqual([
      ['logs.volume', 'systemd-logs'],
      ['logs', 'logs'],
    ]);
    expect(service(apart, 'a').mounts.map(({ source }) => source)).toEqual(['logs', 'logs.volume']);
    const same = one(both, { 'logs.volume': '[Volume]\nVolumeName=logs\n' });
    expect(volumes(same).map(([key, name]) => [key, name])).toEqual([['logs', 'logs']]);
  });
});

describe('environment', () => {
  test('files first, and each with its place', () => {
    const found = service(
      one(
        'Environment=A=1 "B=two words" C\nEnvironmentFile=x.env\nEnvironmentFile=/gone.env\nSecret=s,type=env,target=D\n',
        {
          'x.env': '# no\n  A=file\nE="kept"\nF\n',
        },
      ),
      'a',
    );
    expect([...found.environment.values()].map(({ name, value, span, from }) => [name, value, at(span), from])).toEqual(
      [
        ['A', '1', 'a.container 2:12-2:15', 'environment'],
        ['E', '"kept"', 'x.env 2:0-2:8', 'env_file'],
        ['F', null, 'x.env 3:0-3:1', 'env_file'],
        ['D', null, 'a.container 5:7-5:26', 'environment'],
        ['B', 'two words', 'a.container 2:17-2:28', 'environment'],
        ['C', null, 'a.container 2:30-2:31', 'environment'],
      ],
    );
    expect(found.environmentGaps.map(({ span, message }) => `${at(span)} ${message}`)).toEqual([
      'a.container 4:16-4:25 the environment file /gone.env does not exist',
    ]);
  });
});

describe('images and builds', () => {
  test('an image unit is where the image is written', () => {
    const project = units({ 'a.container': '[Container]\nImage=b.image\n', 'b.image': '[Image]\nImage=redis:7\n' });
    const { image } = service(project, 'a');
    expect([image!.value, at(image!.span), image!.scalar.textStart]).toEqual(['redis:7', 'b.image 1:6-1:13', 14]);
  });

  test('a build unit is a build', () => {
    const build = (text: string, more: Readonly<Record<string, string>> = {}) =>
      service(
        units({
          'a.container': '[Container]\nImage=b.build\n',
          'b.build': `[Build]\nImageTag=localhost/b\n${text}`,
          ...more,
        }),
        'a',
      );
    const found = build('SetWorkingDirectory=./app\nTarget=run\nBuildArg=V=1\nPodmanArgs=--build-arg W=2\n', {
      'app/Containerfile': '',
    });
    const { context, dockerfile, target, args, remote, span } = found.build!;
    expect([found.image!.value, context, dockerfile, target, [...args], remote, at(span)]).toEqual([
      'localhost/b',
      '/u/app',
      '/u/app/Containerfile',
      'run',
      [
        ['V', '1'],
        ['W', '2'],
      ],
      false,
      'b.build 2:20-2:25',
    ]);
    expect(build('SetWorkingDirectory=unit\n').build).toMatchObject({ context: '/u', dockerfile: '/u/Dockerfile' });
    expect(build('File=/src/Dockerfile.x\nSetWorkingDirectory=file\n').build).toMatchObject({
      context: '/src',
      dockerfile: '/src/Dockerfile.x',
    });
    expect(build('SetWorkingDirectory=https://x/y.git\n').build).toMatchObject({
      context: 'https://x/y.git',
      remote: true,
    });
    expect(build('File=%h/Dockerfile\n').build!.unresolved.map(({ variable }) => variable)).toEqual(['%h']);
  });

  test('a tag that is not known', () => {
    const { image } = service(units({ 'a.container': '[Container]\nImage=redis:${TAG}\n' }), 'a');
    expect([image!.value, image!.scalar.text, image!.unresolved.map(({ variable }) => variable)]).toEqual([
      'redis:',
      'redis:${TAG}',
      ['TAG'],
    ]);
  });
});

test('drop-ins lie over the unit, and their lines are where they are written', () => {
  const project = one('Volume=a:/a\n', {
    'a.container.d/10.conf': '[Container]\nVolume=b:/b\nImage=y\n',
    'container.d/10.conf': '[Container]\nVolume=never:/never\n',
    'container.d/20.conf': '[Container]\nTmpfs=/t\n',
  });
  const found = service(project, 'a');
  expect(found.mounts.map(mountLine)).toEqual([
    'tmpfs - /t | container.d/20.conf 1:6-1:8 | - | container.d/20.conf 1:6-1:8',
    'volume a /a | a.container 2:7-2:11 | a.container 2:7-2:8 | a.container 2:9-2:11',
    'volume b /b | a.container.d/10.conf 1:7-1:11 | a.container.d/10.conf 1:7-1:8 | a.container.d/10.conf 1:9-1:11',
  ]);
  expect([found.image!.value, at(found.image!.span)]).toEqual(['y', 'a.container.d/10.conf 2:6-2:7']);
  expect(found.declarations.map(({ key }) => at(key))).toEqual([
    'a.container 0:0-0:11',
    'a.container.d/10.conf 0:0-0:11',
    'container.d/20.conf 0:0-0:11',
  ]);
  expect(project.files.map(({ path }) => path)).toEqual([
    '/u/a.container',
    '/u/a.container.d/10.conf',
    '/u/container.d/20.conf',
  ]);
});

test('what it needs runs before it', () => {
  const project = units({
    'a.container': '[Unit]\nRequires=b.service other.service\nWants=c.container\n[Container]\nImage=x\n',
    'b.container': '[Container]\nImage=x\nNotify=healthy\n',
    'c.container': '[Container]\nImage=x\n',
  });
  expect([...service(project, 'a').dependsOn]).toEqual([
    ['b', 'service_healthy'],
    ['c', 'service_started'],
  ]);
});

test('problems name the place and the cause, and the rest is read', () => {
  const project = one('NoSuch=1\nVolume=gone.volume:/x\nVolume=a:b\nMount=type=odd,target=/y\nVolume=ok:/ok\nwhat\n', {
    'b.container': '[Container]\nImage=gone.image\nGroup=1\n',
    'c.container': '[Container]\n',
    'd.container': '[Other]\n',
  });
  expect(problems(project)).toEqual([
    'a.container 7:0-7:4 neither a [section] nor a key with its value, so Quadlet leaves the whole file out',
    'a.container 2:0-2:6 Quadlet knows no key NoSuch in [Container], and leaves the unit out',
    'a.container 3:7-3:18 there is no gone.volume beside this unit',
    'a.container 4:9-4:10 "b" is no absolute path in the container',
    'a.container 5:11-5:14 "odd" is no type of mount',
    'b.container 2:0-2:7 Group= needs User=',
    'b.container 1:6-1:16 there is no gone.image beside this unit',
    'c.container 0:0-0:11 a container needs Image= or Rootfs=',
  ]);
  expect(project.services.map(({ name, broken }) => [name, broken])).toEqual([
    ['a', true],
    ['b', false],
    ['c', false],
  ]);
  expect(service(project, 'a').mounts.map(({ type, source, target }) => [type, source, target])).toEqual([
    ['bind', undefined, '/x'],
    ['volume', 'ok', '/ok'],
  ]);
});
