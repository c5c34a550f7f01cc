import { expect, test } from 'vitest';
import { isSameData, partsOf } from '../../../server/live/probes/fingerprint.ts';

test.each<[string[], string[], boolean]>([
  [['a', 'b'], ['b', 'a'], true],
  [['a'], ['a', 'b'], true],
  [['a', 'b'], ['b', 'c'], true],
  [['a', 'b'], ['c'], false],
  [['orders@1|2'], ['orders@1'], false],
])('%j and %j', (before, now, expected) => {
  expect(isSameData(partsOf(before)!, partsOf(now)!)).toBe(expected);
});

test('one id is compared as it is', () => {
  expect(isSameData('oldest sample 1', 'oldest sample 2')).toBe(false);
  expect(isSameData('7710291319128440849', '7710291319128440849')).toBe(true);
});

test('no parts are no fingerprint', () => {
  expect(partsOf([])).toBeNull();
});
