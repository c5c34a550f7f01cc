import * as v8 from 'node:v8';
import { expect, it } from 'vitest';
import { keepYoungSpaceSmall, unrestrained } from '../../server/start/young.ts';

it('what is compiled while young objects have their usual room is taken at the next start', () => {
  const usual = v8.cachedDataVersionTag();
  keepYoungSpaceSmall();
  expect(v8.cachedDataVersionTag()).not.toBe(usual);
  unrestrained(() => expect(v8.cachedDataVersionTag()).toBe(usual));
  expect(v8.cachedDataVersionTag()).not.toBe(usual);
});
