/** What is refused in the file of a base, and where: its services are not checked otherwise. */
import { expect, test } from 'vitest';
import { rangeOf } from '../../server/syntax/source.ts';
import { load } from './memory.ts';

const refusals = (base: string): [string, string][] => {
  const project = load({
    'compose.yaml': 'services:\n  a: {extends: {file: b.yaml, service: b}}\n',
    'b.yaml': `services:\n  b: {image: x}\n${base}`,
  });
  return project.problems.map(({ span, message }) => {
    const { start, end } = rangeOf(span);
    const file = span.source.path.split('/').at(-1);
    return [`${file} ${start.line}:${start.character}-${end.line}:${end.character}`, message];
  });
};

const TEXT_WANTED = 'the source of a bind of the service c must be a text';
const TWO_NAMES = 'volumes.v has two different names: name and external.name';

test.each<[string, string, [string, string][]]>([
  ['a number', '  c: {volumes: [{type: bind, source: 5, target: /c}]}\n', [['b.yaml 2:37-2:38', TEXT_WANTED]]],
  ['a list', '  c: {volumes: [{type: bind, source: [x], target: /c}]}\n', [['b.yaml 2:37-2:40', TEXT_WANTED]]],
  ['a truth', '  c: {volumes: {v: {type: bind, source: true, target: /c}}}\n', [['b.yaml 2:40-2:44', TEXT_WANTED]]],
  [
    'no source',
    '  c: {volumes: [{type: bind, target: /c}]}\n',
    [['b.yaml 2:16-2:40', 'a bind of the service c has no source']],
  ],
  ['a text that is empty', '  c: {volumes: [{type: bind, source: "", target: /c}]}\n', []],
  ['the source of a volume', '  c: {volumes: [{type: volume, source: 5, target: /c}]}\n', []],
  ['a name and none', 'volumes: {v: {name: a, external: {name: null}}}\n', [['b.yaml 2:33-2:45', TWO_NAMES]]],
  ['none and a name', 'volumes: {v: {name: , external: {name: a}}}\n', [['b.yaml 2:32-2:41', TWO_NAMES]]],
  ['the same name', 'volumes: {v: {name: a, external: {name: a}}}\n', []],
])('%s', (_, base, expected) => {
  expect(refusals(base)).toEqual(expected);
});
