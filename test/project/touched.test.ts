import { expect, test } from 'vitest';
import { touched } from '../../server/project/touched.ts';
import type { Problem, Source } from '../../server/syntax/source.ts';

const source: Source = { path: '/p/compose.yaml', text: '' };
const problem = (start: number, end: number): Problem => ({ span: { source, start, end }, message: 'x' });

test.each<[string, number, number, boolean]>([
  ['before all', 0, 9, false],
  ['up to a fault', 0, 10, true],
  ['from its end', 12, 20, true],
  ['between two', 13, 29, false],
  ['in a long one, behind a short one', 50, 55, true],
  ['at a place without length', 200, 210, true],
  ['behind all', 201, 300, false],
])('%s', (_, start, end, expected) => {
  expect(touched([problem(30, 100), problem(10, 12), problem(40, 41), problem(200, 200)])(start, end)).toBe(expected);
});

test('nothing touches a text without faults', () => {
  expect(touched([])(0, 10)).toBe(false);
});

test('each question looks at few of many faults', () => {
  let looks = 0;
  const counted = Array.from({ length: 4096 }, (_, index) => {
    const span = {
      source,
      get start() {
        looks++;
        return index * 10;
      },
      end: index * 10 + 1,
    };
    return { span, message: 'x' };
  });
  const ask = touched(counted);
  looks = 0;
  for (let index = 0; index < 4096; index++) expect(ask(index * 10, index * 10 + 5)).toBe(true);
  expect(looks).toBeLessThanOrEqual(4096 * 13);
});
