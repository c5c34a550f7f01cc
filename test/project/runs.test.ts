import { describe, expect, test } from 'vitest';
import { load, place, problems, service } from './memory.ts';

const one = (rest: string): string => `services:\n  a:\n    image: x\n${rest}`;

describe('hooks', () => {
  const hooks = (rest: string) => service(load({ 'compose.yaml': one(rest) }), 'a').hooks;

  test('in their order, with the places of their words', () => {
    const found = hooks(
      '    pre_stop: [{command: [sh, -c, "x; y"]}]\n    post_start: [{command: chown -R me /data, user: root, privileged: true, working_dir: /d}]\n',
    );
    expect(
      found.map(({ when, command, user, workingDir, privileged }) => [
        when,
        command?.words,
        user?.value,
        workingDir?.value,
        privileged,
      ]),
    ).toEqual([
      ['post_start', ['chown', '-R', 'me', '/data'], 'root', '/d', true],
      ['pre_stop', ['sh', '-c', 'x; y'], undefined, undefined, false],
    ]);
    expect(found[0]!.command!.spans.map(place)).toEqual(
      ['chown', '-R', 'me', '/data'].map((word) => `compose.yaml: ${word}`),
    );
    expect(place(found[1]!.span)).toBe('compose.yaml: {command: [sh, -c, "x; y"]}');
  });

  test('without a command, and with what is no list', () => {
    expect(hooks('    post_start: [{user: u}]\n').map(({ command }) => command)).toEqual([null]);
    expect(hooks('    post_start: {user: u}\n')).toEqual([]);
    expect(hooks('    post_start: [text]\n').map(({ command, span }) => [command, place(span)])).toEqual([
      [null, 'compose.yaml: text'],
    ]);
  });
});

describe('what is watched', () => {
  const watches = (rest: string, more: Readonly<Record<string, string>> = {}) =>
    service(load({ 'compose.yaml': one(`    develop:\n      watch:\n${rest}`), ...more }), 'a').watches;

  test('paths are absolute, and keep their places', () => {
    const found = watches(
      '        - {path: ./src, action: sync, target: "/app/${SUB:-src}", initial_sync: true, ignore: [node_modules/]}\n        - {path: /abs/Dockerfile, action: rebuild}\n',
    );
    expect(
      found.map(({ path, action, target, initialSync, ignore }) => [
        path,
        action.value,
        target?.value,
        initialSync,
        ignore.map(({ value }) => value),
      ]),
    ).toEqual([
      ['/p/src', 'sync', '/app/src', true, ['node_modules/']],
      ['/abs/Dockerfile', 'rebuild', undefined, false, []],
    ]);
    expect(found.map(({ pathSpan }) => place(pathSpan))).toEqual([
      'compose.yaml: ./src',
      'compose.yaml: /abs/Dockerfile',
    ]);
    expect([found[0]!.action, found[0]!.target!, found[0]!.ignore[0]!].map(({ span }) => place(span))).toEqual([
      'compose.yaml: sync',
      'compose.yaml: "/app/${SUB:-src}"',
      'compose.yaml: node_modules/',
    ]);
  });

  test('of an included file, from where that file stands', () => {
    const project = load({
      'compose.yaml': 'include: [sub/i.yaml]\n',
      'sub/i.yaml': one('    develop: {watch: [{path: ../src, action: sync, target: /t}]}\n'),
    });
    expect(service(project, 'a').watches.map(({ path, pathSpan }) => [path, place(pathSpan)])).toEqual([
      ['/p/src', 'sub/i.yaml: ../src'],
    ]);
  });

  test('variables that are not set are known', () => {
    const [watch] = watches('        - {path: ./$GONE, action: sync, target: /t}\n');
    expect(watch!.unresolved.map(({ variable, span }) => [variable, place(span)])).toEqual([
      ['GONE', 'compose.yaml: $GONE'],
    ]);
  });

  test('an entry without a path or an action, as while one is typed, is left out', () => {
    expect(watches('        - path: ./a\n        - action: sync\n        - \n')).toEqual([]);
  });
});

describe('labels of files', () => {
  test('each has its place; those of the service win', () => {
    const project = load({
      'compose.yaml': one('    label_file: [a.labels]\n    labels: {b: "2"}\n'),
      'a.labels': 'a=1\nb=$a\norg.example.keep-it=true\n',
    });
    const { labels, labelEntries } = service(project, 'a');
    expect([...labels]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['org.example.keep-it', 'true'],
    ]);
    expect([...labelEntries.values()].map(({ from, span }) => [from, place(span)])).toEqual([
      ['label_file', 'a.labels: a=1'],
      ['labels', 'compose.yaml: "2"'],
      ['label_file', 'a.labels: org.example.keep-it=true'],
    ]);
    expect(problems(project)).toEqual([]);
  });

  test.each([
    ['gone.labels', 'compose.yaml: gone.labels: the label file gone.labels does not exist'],
    ['${GONE}', 'compose.yaml: ${GONE}: the label file is named by GONE, which is not set'],
    ['bad.labels', 'bad.labels: a="open: a quote is not closed in the value of a'],
  ])('%s is one problem, at the reference', (file, expected) => {
    const project = load({ 'compose.yaml': one(`    label_file: ${file}\n`), 'bad.labels': 'a="open\n' });
    expect(problems(project)).toEqual([expected]);
    expect(project.problems.map(({ reference }) => reference)).toEqual([true]);
    expect(service(project, 'a').image!.value).toBe('x');
  });

  test('of a service that the profiles leave out are not asked for', () => {
    expect(problems(load({ 'compose.yaml': one('    label_file: gone\n    profiles: [p]\n') }))).toEqual([]);
  });
});
