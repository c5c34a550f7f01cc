// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles are full of them.
import { describe, expect, test } from 'vitest';
import { copiesOf, environmentOf, messages, place, stageOf, values } from './dockerfile-reading.ts';

/** What a word comes to where X is `x`, EMPTY is empty and U is unset. */
function wordOf(word: string, args: Record<string, string | null> = {}) {
  return stageOf(`FROM scratch\nARG X=x\nARG EMPTY=\nARG P=/a/b.tar.gz\nENV R=${word}\n`, args).environment.get('R')!;
}

describe('substitution', () => {
  test.each([
    ['$X', 'x'],
    ['${X}', 'x'],
    ['a${X}b', 'axb'],
    ['$X/$X', 'x/x'],
    ['"$X y"', 'x y'],
    ["'$X'", '$X'],
    ['\\$X', '$X'],
    ['"\\$X"', '$X'],
    ['"a\\b"', 'a\\b'],
    ['$', '$'],
    ['${U:-d}', 'd'],
    ['${U-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${X:-d}', 'x'],
    ['${X:+y}', 'y'],
    ['${U:+y}', ''],
    ['${EMPTY:+y}', ''],
    ['${EMPTY+y}', 'y'],
    ['${U:-${X}}', 'x'],
    ['${U:-${V:-"a b"}}', 'a b'],
    ['${U:-$X/y}', 'x/y'],
    ['${X:?needed}', 'x'],
    ['${P#*/}', 'a/b.tar.gz'],
    ['${P##*/}', 'b.tar.gz'],
    ['${P%.*}', '/a/b.tar'],
    ['${P%%.*}', '/a/b'],
    ['${P/tar/zip}', '/a/b.zip.gz'],
    ['${P//[/]/-}', '/a/b.tar.gz'],
    ['${P//a/-}', '/-/b.t-r.gz'],
  ])('%s is %j', (word, expected) => {
    expect(wordOf(word)).toMatchObject({ value: expected, unresolved: [] });
  });

  test.each([
    ['$U', '${U}', ['U']],
    ['/data/$U/x', '/data/${U}/x', ['U']],
    ['$U$V', '${U}${V}', ['U', 'V']],
    ['${U:?needed}', '${U}', ['U']],
    ['${U:-$V}', '${V}', ['V']],
  ])('%s stays open', (word, value, unresolved) => {
    expect(wordOf(word)).toMatchObject({ value, unresolved });
  });

  test('an argument taken from the shell is unknown, whatever it is used for', () => {
    expect(wordOf('$X', { X: null }).unresolved).toEqual(['X']);
    expect(wordOf('${X:-d}', { X: null }).unresolved).toEqual(['X']);
    expect(wordOf('${X:+d}', { X: null }).unresolved).toEqual(['X']);
  });

  test('an open value makes what is built on it open, by its first cause', () => {
    expect(stageOf('FROM a\nENV A=$U\nENV B=$A/b\nWORKDIR $B\n').workdir?.unresolved).toContain('U');
  });

  test.each([
    ['ENV A="b', '1:6-1:8 The closing double quote is missing.'],
    ["WORKDIR 'b", '1:8-1:10 The closing single quote is missing.'],
    ['VOLUME /x/${A', "1:7-1:13 A '}' is missing."],
    ['ARG A=${}', '1:6-1:9 The substitution has no variable name.'],
    ['COPY a ${A^}', "1:7-1:12 The substitution of 'A' has an unknown modifier."],
  ])('%s is refused', (line, message) => {
    expect(messages(`FROM a\n${line}\n`)).toContain(message);
  });

  test('a value that doubles with every line ends', () => {
    const text = `FROM a\nENV A=0123456789\n${'ENV A=$A$A\n'.repeat(60)}`;
    expect(stageOf(text).environment.get('A')!.value.length).toBeLessThan(1_000_000);
  });
});

describe('where variables are replaced', () => {
  const text = [
    'FROM a',
    'ARG X=x',
    'WORKDIR /w/$X',
    'VOLUME /v/$X ["no"]',
    'VOLUME ["/j/$X"]',
    'USER $X',
    'COPY --chown=$X --exclude=$X a/$X b/$X/',
    'RUN echo $X',
    'CMD echo $X',
    'ENTRYPOINT ["$X"]',
    '',
  ].join('\n');
  const stage = stageOf(text);

  test('paths, users, sources and destinations', () => {
    expect(stage.workdir?.value).toBe('/w/x');
    expect(values(stage.volumes)).toEqual(['/v/x', '/[no]', '/j/x']);
    expect(stage.user?.value).toBe('x');
    const [copy] = copiesOf(stage);
    expect(values(copy!.sources)).toEqual(['a/x']);
    expect(copy!.destination.value).toBe('/w/x/b/x/');
    expect(copy!.flags.get('chown')).toBe('x');
  });

  test('not in commands and excludes: those are read later', () => {
    expect(copiesOf(stage)[0]!.excludes).toEqual(['$X']);
    expect(stage.command?.words.at(-1)).toBe('echo $X');
    expect(stage.entrypoint?.words).toEqual(['$X']);
  });

  test('the span stays on what is written', () => {
    expect(stage.volumes.map(({ span }) => place(span))).toEqual(['3:7-3:12', '3:13-3:19', '4:9-4:14']);
  });
});

describe('ARG and ENV', () => {
  test('an argument before FROM serves FROM, and stages that declare it again', () => {
    const text = 'ARG V=16\nFROM postgres:$V\nENV A=${V:-none}\nARG V\nENV B=$V\nARG V=17\nENV C=$V\n';
    expect(stageOf(text).base?.value).toBe('postgres:16');
    expect(environmentOf(text)).toEqual({ A: 'none', B: '16', C: '17' });
    expect(stageOf(text, { V: '15' }).base?.value).toBe('postgres:15');
    expect(environmentOf(text, { V: '15' })).toEqual({ A: 'none', B: '15', C: '15' });
  });

  test('arguments before FROM build on each other', () => {
    expect(stageOf('ARG A=1\nARG B=$A.2\nFROM x:${B}-slim\n').base?.value).toBe('x:1.2-slim');
  });

  test('without a value FROM stays open', () => {
    expect(stageOf('ARG V\nFROM x:$V\n').base).toMatchObject({ value: 'x:${V}', unresolved: ['V'] });
    expect(stageOf('ARG V=1\nFROM x:$V\n', { V: null }).base?.unresolved).toEqual(['V']);
    expect(stageOf('FROM x:${V:-1}\n').base).toMatchObject({ value: 'x:1', unresolved: [] });
  });

  test('platform arguments are known only when given', () => {
    const text = 'FROM x:$TARGETARCH\nARG TARGETARCH TARGETOS=linux\nENV A=$TARGETARCH B=$TARGETOS\n';
    expect(stageOf(text).base?.unresolved).toEqual(['TARGETARCH']);
    expect(stageOf(text).environment.get('A')?.unresolved).toEqual(['TARGETARCH']);
    expect(stageOf(text).environment.get('B')?.value).toBe('linux');
    expect(stageOf(text, { TARGETARCH: 'arm64' }).base?.value).toBe('x:arm64');
  });

  test('an undeclared build argument changes nothing', () => {
    expect(stageOf('FROM a\nENV A=$X\n', { X: 'x' }).environment.get('A')?.unresolved).toEqual(['X']);
  });

  test('ENV wins over ARG', () => {
    expect(environmentOf('FROM a\nARG A=arg\nENV A=env\nENV B=$A\n', { A: 'given' })).toEqual({ A: 'env', B: 'env' });
  });

  test('an ARG behind ENV hides it up to the end of the stage, as in the builder', () => {
    const text = 'FROM a AS one\nENV A=env\nARG A=arg\nENV B=$A\nFROM one\nENV C=$A\n';
    expect(environmentOf(text)).toEqual({ A: 'env', B: 'arg', C: 'env' });
  });

  test('ARG without a default leaves what ENV says', () => {
    expect(environmentOf('FROM a\nENV A=env\nARG A\nENV B=$A\n')).toEqual({ A: 'env', B: 'env' });
  });

  test('the pairs of one line see the values from before it', () => {
    expect(environmentOf('FROM a\nENV A=hello\nENV A=bye B=$A\nENV C=$A\n')).toEqual({
      A: 'bye',
      B: 'hello',
      C: 'bye',
    });
  });

  test('stages inherit both', () => {
    expect(environmentOf('FROM a AS one\nARG A=1\nENV E=2\nFROM one\nENV R=$A$E\n')).toEqual({ E: '2', R: '12' });
    expect(environmentOf('FROM a AS one\nARG A=1\nFROM a\nENV R=${A:-none}\n')).toEqual({ R: 'none' });
  });
});
