// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles are full of them.
import { describe, expect, test } from 'vitest';
import { textOf } from '../../server/syntax/source.ts';
import { copiesOf, copyOf, messages, parse, place, runsOf, stageOf, values } from './dockerfile-reading.ts';

describe('stages', () => {
  const text =
    'FROM golang:1 AS Build\nRUN make\nFROM build AS test\nVOLUME /t\nFROM scratch\nCOPY --from=BUILD /a /a\n';

  test('by name in any case, by index, the last by default', () => {
    expect(stageOf(text).index).toBe(2);
    expect(stageOf(text, {}, 'TEST').index).toBe(1);
    expect(stageOf(text, {}, '0')).toMatchObject({ index: 0, name: 'Build' });
    expect(parse(text).stage('nowhere')).toBeNull();
    expect(parse(text).stage('3')).toBeNull();
  });

  test('the chain of stages ends at an image', () => {
    const stage = stageOf(text, {}, 'test');
    expect(stage.chain).toEqual([0, 1]);
    expect(stage.base?.value).toBe('golang:1');
    expect(place(stage.base!.span)).toBe('0:5-0:13');
    expect(stage.steps.map(({ kind }) => kind)).toEqual(['run', 'volume']);
  });

  test('scratch is no image', () => {
    expect(stageOf(text)).toMatchObject({ base: null, chain: [2] });
  });

  test('a stage named like its image, and one defined later, are images', () => {
    expect(stageOf('FROM golang AS golang\n')).toMatchObject({ base: { value: 'golang' }, chain: [0] });
    expect(stageOf('FROM two AS one\nFROM one AS two\n', {}, 'one')).toMatchObject({
      base: { value: 'two' },
      chain: [0],
    });
    expect(stageOf('FROM two AS one\nFROM one AS two\n')).toMatchObject({ base: { value: 'two' }, chain: [0, 1] });
  });

  test('the nearest of several stages of a name', () => {
    const twice = 'FROM a AS x\nFROM b AS x\nFROM x\n';
    expect(stageOf(twice).base?.value).toBe('b');
    expect(stageOf(twice, {}, 'x').index).toBe(1);
  });

  test('FROM by build argument', () => {
    const chosen = 'ARG KIND=debug\nFROM a AS debug\nFROM b AS release\nFROM ${KIND}\n';
    expect(stageOf(chosen).base?.value).toBe('a');
    expect(stageOf(chosen, { KIND: 'release' }).base?.value).toBe('b');
  });

  test('--platform is no image', () => {
    expect(stageOf('FROM --platform=$BUILDPLATFORM node:20 AS x\n')).toMatchObject({
      name: 'x',
      base: { value: 'node:20' },
    });
  });

  test('nothing to build', () => {
    for (const empty of ['', '\n', '# c\n', 'RUN x\n']) expect(parse(empty).stage()).toBeNull();
    expect(messages('')).toEqual(['0:0-0:0 There is no FROM, so there is nothing to build.']);
    expect(messages('ARG A\n  RUN x\nFROM a\n')).toEqual(['1:2-1:5 RUN cannot stand before the first FROM.']);
    expect(messages('FROM a b\n')).toEqual(["0:0-0:8 FROM needs an image, or an image, 'AS' and a name."]);
  });
});

describe('WORKDIR, USER and VOLUME', () => {
  test('a relative directory is below the one before', () => {
    const stage = stageOf('FROM a\nWORKDIR /srv\nWORKDIR app/\nRUN x\nWORKDIR ../b\n');
    expect(runsOf(stage)[0]).toMatchObject({ workdir: '/srv/app', user: null });
    expect(stage.workdir).toMatchObject({ value: '/srv/b', unresolved: [] });
  });

  test("below the base image's directory, which is not known, it is open", () => {
    expect(stageOf('FROM a\nWORKDIR app\n').workdir).toMatchObject({ value: '/app', unresolved: ['WORKDIR'] });
    expect(stageOf('FROM scratch\nWORKDIR app\n').workdir).toMatchObject({ value: '/app', unresolved: [] });
    expect(copiesOf(stageOf('FROM a\nCOPY x y\n'))[0]?.destination).toMatchObject({
      value: '/y',
      unresolved: ['WORKDIR'],
    });
  });

  test('volumes: several, in both forms, each once, made absolute', () => {
    const stage = stageOf('FROM a\nVOLUME /one two /three/\nVOLUME ["/four", "/one"]\n');
    expect(values(stage.volumes)).toEqual(['/one', '/two', '/three', '/four']);
    expect(stage.steps.filter(({ kind }) => kind === 'volume')).toHaveLength(2);
  });

  test('users and directories at each step', () => {
    const stage = stageOf('FROM a\nRUN one\nUSER app:app\nWORKDIR /home/app\nRUN two\n');
    expect(runsOf(stage).map(({ user, workdir }) => [user, workdir])).toEqual([
      [null, '/'],
      ['app:app', '/home/app'],
    ]);
    expect(stage.user?.value).toBe('app:app');
  });

  test('mounts of RUN', () => {
    const [run] = runsOf(
      stageOf('FROM a\nRUN --mount=type=cache,target=/x --network=none --mount=type=tmpfs,target=/y make\n'),
    );
    expect(run).toMatchObject({ text: 'make', mounts: ['type=cache,target=/x', 'type=tmpfs,target=/y'] });
  });
});

describe('commands', () => {
  test('shell form, JSON form and SHELL', () => {
    expect(stageOf('FROM a\nCMD run it\n').command).toMatchObject({ words: ['/bin/sh', '-c', 'run it'], shell: true });
    expect(stageOf('FROM a\nSHELL ["/bin/bash", "-lc"]\nCMD run it\n').command?.words).toEqual([
      '/bin/bash',
      '-lc',
      'run it',
    ]);
    expect(stageOf('FROM a\nCMD ["run", "it"]\n').command).toMatchObject({ words: ['run', 'it'], shell: false });
  });

  test('the span is that of the arguments', () => {
    const { command, entrypoint } = stageOf('FROM a\nENTRYPOINT  ["a"] \nCMD  b \\\n  c\n');
    expect(textOf(entrypoint!.span)).toBe('["a"]');
    expect(place(command!.span)).toBe('2:5-3:3');
  });

  test('the last one counts', () => {
    expect(stageOf('FROM a\nCMD one\nCMD ["two"]\n').command?.words).toEqual(['two']);
  });

  test('ENTRYPOINT takes away the command of the base, not one of its own stage', () => {
    const base = 'FROM a AS base\nENTRYPOINT ["e"]\nCMD ["c"]\n';
    expect(stageOf(base).command?.words).toEqual(['c']);
    expect(stageOf(`${base}FROM base\n`).command?.words).toEqual(['c']);
    expect(stageOf(`${base}FROM base\nENTRYPOINT ["f"]\n`)).toMatchObject({
      command: null,
      entrypoint: { words: ['f'] },
    });
    expect(stageOf('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]\n').command?.words).toEqual(['c']);
  });

  test('empty arrays reset', () => {
    expect(stageOf('FROM a\nENTRYPOINT []\nCMD []\n')).toMatchObject({
      entrypoint: { words: [] },
      command: { words: [] },
    });
  });

  test('HEALTHCHECK CMD and ONBUILD CMD are no commands', () => {
    const text = 'FROM a AS b\nCMD ["c"]\nHEALTHCHECK --interval=5s CMD ["h"]\nONBUILD CMD ["o"]\nONBUILD VOLUME /o\n';
    expect(stageOf(text)).toMatchObject({ command: { words: ['c'] }, volumes: [] });
    const child = stageOf(`${text}FROM b\nVOLUME /d\n`);
    expect(child.command?.words).toEqual(['o']);
    expect(values(child.volumes)).toEqual(['/o', '/d']);
  });
});

describe('COPY and ADD', () => {
  test('--from counts beside other flags (a defect of dockerfile-ast)', () => {
    const text =
      'FROM a AS build\nFROM b\nCOPY --from=build --chown=1:1 /a /b\nCOPY --chmod=755 --link --from=build /a /b\n';
    expect(copiesOf(stageOf(text)).map(({ from }) => from)).toEqual([{ stage: 0 }, { stage: 0 }]);
  });

  test.each([
    ['--from=BUILD', { stage: 0 }],
    ['--from=0', { stage: 0 }],
    ['--from=busybox:1', { image: 'busybox:1' }],
    ['--from="build"', { stage: 0 }],
  ])('%s', (flag, from) => {
    expect(copiesOf(stageOf(`FROM a AS build\nFROM b\nCOPY ${flag} x y\n`))[0]?.from).toEqual(from);
  });

  test('what --from cannot be', () => {
    const text =
      'FROM a AS build\nCOPY --from=build x y\nCOPY --from=7 x y\nCOPY --from=$X x y\nCOPY --from=later x y\nFROM b AS later\n';
    expect(messages(text)).toEqual([
      "1:5-1:17 The stage 'build' is not built before this one.",
      '2:5-2:13 There is no stage 7.',
      '3:5-3:14 Variables are not replaced in --from; name a stage of its own instead.',
      "4:5-4:17 The stage 'later' is not built before this one.",
    ]);
  });

  test('all flags, in any order', () => {
    const copy = copyOf(
      'COPY --parents --exclude=*.db --chown="a b" --link=false --exclude=**/tmp --chmod=u=rwX a b/ /c/',
    );
    expect(Object.fromEntries(copy.flags)).toEqual({
      parents: 'true',
      exclude: '**/tmp',
      chown: 'a b',
      link: 'false',
      chmod: 'u=rwX',
    });
    expect(copy.excludes).toEqual(['*.db', '**/tmp']);
    expect(values(copy.sources)).toEqual(['a', 'b/']);
    expect(place(copy.destination.span)).toBe('1:93-1:96');
  });

  test('ADD with URLs and its own flags', () => {
    const add = copyOf('ADD --checksum=sha256:0 --keep-git-dir https://example.com/a.tar.gz /x/');
    expect(add).toMatchObject({ instruction: 'ADD', destination: { value: '/x/' } });
    expect(values(add.sources)).toEqual(['https://example.com/a.tar.gz']);
    expect([...add.flags]).toEqual([
      ['checksum', 'sha256:0'],
      ['keep-git-dir', 'true'],
    ]);
    expect('from' in add).toBe(false);
  });

  test.each([
    ['/x', '/x', false],
    ['/x/', '/x/', true],
    ['/x/.', '/x/', true],
    ['.', '/w/', true],
    ['./', '/w/', true],
    ['x', '/w/x', false],
    ['x/', '/w/x/', true],
    ['..', '/', true],
    ['/w', '/w', true],
    ['/made/by', '/made/by', true],
    ['/made', '/made', true],
  ])('the destination %s is %s', (word, value, intoDirectory) => {
    const copy = copiesOf(stageOf(`FROM a\nWORKDIR /w\nCOPY x /made/by/copy\nCOPY a ${word}\n`))[1];
    expect(copy).toMatchObject({ destination: { value }, intoDirectory });
  });

  test('something is missing', () => {
    expect(messages('FROM a\nCOPY\nCOPY x\nADD ["x"]\n')).toEqual([
      '1:0-1:4 COPY needs a source and a destination.',
      '2:0-2:6 COPY needs a source and a destination.',
      '3:0-3:9 ADD needs a source and a destination.',
    ]);
  });
});
