import { describe, expect, test } from 'vitest';
import { textOf } from '../../server/syntax/source.ts';
import {
  copyOf,
  environmentOf,
  messages,
  parse,
  place,
  runOf,
  runsOf,
  stageOf,
  values,
  written,
} from './dockerfile-reading.ts';

describe('lines', () => {
  test('continuations, comments and empty lines inside them', () => {
    const text = 'FROM a\nVOLUME /one \\\n  # a comment\n\n  /two \\ \n /three\nUSER u\n';
    const { volumes, user } = stageOf(text);
    expect(values(volumes)).toEqual(['/one', '/two', '/three']);
    expect(volumes.map(({ span }) => place(span))).toEqual(['1:7-1:11', '4:2-4:6', '5:1-5:7']);
    expect(user?.value).toBe('u');
  });

  test('a word broken by a continuation covers both parts', () => {
    const [volume] = stageOf('FROM a\nVOLUME /da\\\nta\n').volumes;
    expect(volume?.value).toBe('/data');
    expect(textOf(volume!.span)).toBe('/da\\\nta');
    expect(place(volume!.span)).toBe('1:7-2:2');
  });

  test('a comment is no comment behind an instruction', () => {
    expect(stageOf('FROM a\nCMD run # now\n').command?.words.at(-1)).toBe('run # now');
  });

  test('a doubled backslash at the end of a line does not continue it', () => {
    const stage = stageOf('FROM a\nRUN echo C:\\\\\nVOLUME /data\n');
    expect(values(stage.volumes)).toEqual(['/data']);
  });

  test('an escaped blank is not the end of an instruction', () => {
    expect(stageOf('FROM a\nRUN a \\ \\\n b\nVOLUME /data\n').steps.map(({ kind }) => kind)).toEqual(['run', 'volume']);
  });

  test('CRLF', () => {
    const text = 'FROM a\r\nRUN one \\\r\n  # c\r\n  two\r\nVOLUME ["/data"]\r\n';
    const stage = stageOf(text);
    expect(runsOf(stage)[0]?.text).toBe('one   two');
    expect(stage.volumes.map(({ span }) => place(span))).toEqual(['4:9-4:14']);
  });

  test('instructions in any case, indented, the last without a line end', () => {
    const stage = stageOf('from a\n\tvolume /data\n  Workdir /app');
    expect(values(stage.volumes)).toEqual(['/data']);
    expect(stage.workdir?.value).toBe('/app');
    expect(place(stage.workdir!.span)).toBe('2:10-2:14');
  });

  test('places are counted in UTF-16', () => {
    const [volume] = stageOf('FROM a\nVOLUME /😀 /ü\n').volumes.slice(-1);
    expect(place(volume!.span)).toBe('1:11-1:13');
  });

  test('the span of a stage ends with its last instruction', () => {
    const { stages } = parse('# c\nFROM a AS x\nRUN b\n\n# d\nFROM c\n');
    expect(stages.map(({ span }) => place(span))).toEqual(['1:0-2:5', '5:0-5:6']);
    expect(stages.map(({ from }) => place(from.span))).toEqual(['1:5-1:6', '5:5-5:6']);
  });
});

describe('parser directives', () => {
  test('escape makes the backtick continue lines', () => {
    const stage = stageOf('# escape=`\nFROM a\nRUN one `\n two\nENV A=C:\\x B=a` b\n');
    expect(runsOf(stage)[0]?.text).toBe('one  two');
    expect([...stage.environment].map(([name, { value }]) => [name, value])).toEqual([
      ['A', 'C:\\x'],
      ['B', 'a b'],
    ]);
  });

  test('syntax and check may stand before it', () => {
    expect(
      values(stageOf('# syntax=docker/dockerfile:1\n#check=skip=all\n# ESCAPE = `\nFROM a\nVOLUME `\n /d\n').volumes),
    ).toEqual(['/d']);
  });

  test.each(['# hello=world\n', '# a comment\n', '\n'])('%j before it ends the directives', (before) => {
    expect(values(stageOf(`${before}# escape=\`\nFROM a\nVOLUME \\\n /d\n`).volumes)).toEqual(['/d']);
  });

  test('a second one and an impossible one are refused', () => {
    expect(messages('# escape=`\n# escape=\\\nFROM a\n')).toEqual([
      "1:0-1:10 The parser directive 'escape' may stand only once.",
    ]);
    expect(messages('# escape=x\nFROM a\n')).toEqual(["0:0-0:10 The escape character must be \\ or `, not 'x'."]);
  });
});

describe('JSON form', () => {
  test('keeps spaces inside strings (a defect of dockerfile-ast)', () => {
    const copy = copyOf('COPY ["a b.db", "c d/", "/data dir/"]');
    expect(values(copy.sources)).toEqual(['a b.db', 'c d/']);
    expect(written(copy.sources)).toEqual(['a b.db', 'c d/']);
    expect(place(copy.sources[0]!.span)).toBe('1:7-1:13');
    expect(copy.destination.value).toBe('/data dir/');
  });

  test('escapes are decoded, the span stays on what is written', () => {
    const [volume] = stageOf('FROM a\nVOLUME [ "\\u002fdata" ]\n').volumes;
    expect(volume?.value).toBe('/data');
    expect(textOf(volume!.span)).toBe('\\u002fdata');
  });

  test('over several lines', () => {
    const { command } = stageOf('FROM a\nCMD [ \\\n "redis-server", \\\n # why\n "--appendonly yes" \\\n]\n');
    expect(command?.words).toEqual(['redis-server', '--appendonly yes']);
    expect(command?.shell).toBe(false);
  });

  test('what is not JSON is text', () => {
    expect(stageOf("FROM a\nCMD ['x']\n").command?.words).toEqual(['/bin/sh', '-c', "['x']"]);
    expect(runOf('RUN [ "$x" = y ] && echo').words).toBeNull();
    expect(values(stageOf("FROM a\nVOLUME ['/data']\n").volumes)).toEqual(['/[/data]']);
  });

  test('an array of other things is refused', () => {
    expect(messages('FROM a\nCMD ["a", 1]\n')).toEqual(['1:4-1:12 The JSON array of CMD may hold strings only.']);
    expect(stageOf('FROM a\nCMD ["a", 1]\n').command).toBeNull();
  });
});

describe('here-documents', () => {
  test('a sole one is the script', () => {
    const run = runOf('RUN <<EOF\napt-get update\nVOLUME /no\nEOF');
    expect(run.text).toBe('apt-get update\nVOLUME /no\n');
    expect(place(run.span)).toBe('1:0-4:3');
  });

  test('flags before it, tabs before its lines', () => {
    expect(runOf('RUN --mount=type=cache,target=/c <<-EOF\n\tone\n\t\ttwo\n\tEOF').text).toBe('one\ntwo\n');
  });

  test('others follow their line', () => {
    expect(runOf('RUN <<A cat > /x && cat <<B\none\nA\ntwo\nB').text).toBe('<<A cat > /x && cat <<B\none\nA\ntwo\nB');
  });

  test('names are case-sensitive, quoted, with a descriptor', () => {
    expect(runOf('RUN cat 3<<"E F"\nbody\nE F').text).toBe('cat 3<<"E F"\nbody\nE F');
    expect(runOf("RUN <<'eof'\nEOF\neof").text).toBe('EOF\n');
  });

  test.each([
    ['in a string', 'RUN echo "see <<EOF here"'],
    ['in JSON', 'RUN ["sh", "-c", "cat <<EOF"]'],
    ['in another instruction', 'CMD cat <<EOF'],
    ['as a here-string', 'RUN cat <<<EOF'],
  ])('none %s', (_, line) => {
    expect(values(stageOf(`FROM a\n${line}\nVOLUME /data\n`).volumes)).toEqual(['/data']);
    expect(messages(`FROM a\n${line}\n`)).toEqual([]);
  });

  test('only the one with a hyphen may be indented', () => {
    expect(values(stageOf('FROM a\nRUN <<-A cat <<B\n\tA\n\tB\nB\nVOLUME /d\n').volumes)).toEqual(['/d']);
  });

  test('COPY of several is no copy from the context', () => {
    const copy = copyOf('COPY --chmod=644 <<one.txt <<-two.txt x /etc/\n1\none.txt\n\t2\n\ttwo.txt');
    expect(copy.heredocs).toEqual(['one.txt', 'two.txt']);
    expect(values(copy.sources)).toEqual(['x']);
  });

  test('CRLF inside', () => {
    const stage = stageOf('FROM a\r\nRUN <<EOF\r\nb\r\nEOF\r\nVOLUME /d\r\n');
    expect(runsOf(stage)[0]?.text).toBe('b\r\n');
    expect(values(stage.volumes)).toEqual(['/d']);
  });

  test('without its end it is a problem, and the rest is still read', () => {
    const text = 'FROM a\nRUN cat <<EOF\nVOLUME /data\n';
    expect(messages(text)).toEqual(["1:8-1:13 The here-document 'EOF' has no end."]);
    expect(values(stageOf(text).volumes)).toEqual(['/data']);
  });

  test('in ONBUILD', () => {
    const stage = stageOf('FROM a AS b\nONBUILD RUN <<EOF\nx\nEOF\nFROM b\n');
    expect(runsOf(stage).map(({ text }) => text)).toEqual(['x\n']);
  });
});

describe('ENV words', () => {
  test.each([
    ['A=b C=d', { A: 'b', C: 'd' }],
    ['A="b c" D=\'e f\' G=h\\ i', { A: 'b c', D: 'e f', G: 'h i' }],
    ['A b c', { A: 'b c' }],
    ['A b=c', { A: 'b=c' }],
    ['A "b  c" d', { A: 'b  c d' }],
    ['A=', { A: '' }],
    ['A="" B=', { A: '', B: '' }],
    ['A=b=c', { A: 'b=c' }],
    ['A=b"c d"e', { A: 'bc de' }],
    ['A=b \\\n  C=d', { A: 'b', C: 'd' }],
    ['"A"=b', { A: 'b' }],
  ])('%s', (line, expected) => {
    expect(environmentOf(`FROM a\nENV ${line}\n`)).toEqual(expected);
  });

  test('a value spans what is written', () => {
    const { environment } = stageOf('FROM a\nENV A="b c" \\\n    PGDATA=/var/lib/x\nENV OLD some words \n');
    expect([...environment.values()].map(({ span }) => place(span))).toEqual(['1:6-1:11', '2:11-2:21', '3:8-3:18']);
  });
});
