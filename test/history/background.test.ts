import { expect, test } from 'vitest';
import { inBackground } from '../../server/history/background.ts';
import type { History, Past } from '../../server/history/model.ts';

const PAST: Past = { top: '/shop', texts: new Map(), tracked: () => [] };

test('nothing waits: what is being read is told later, once', async () => {
  let finish: (past: Past | null) => void = () => undefined;
  let known: Past | null | undefined;
  const reading = new Promise<Past | null>((resolve) => {
    finish = resolve;
  });
  const slow: History = { past: () => (known === undefined ? reading : known) };
  const told: (readonly string[])[] = [];
  const history = inBackground(slow, (files) => told.push(files));

  expect(history.past(['/shop/compose.yaml'])).toBeNull();
  expect(history.past(['/shop/compose.yaml'])).toBeNull();
  known = PAST;
  finish(PAST);
  await reading;
  expect(told).toEqual([['/shop/compose.yaml']]);
  expect(history.past(['/shop/compose.yaml'])).toBe(PAST);
});

test('where nothing is found, or reading fails, nobody is told', async () => {
  const told: (readonly string[])[] = [];
  const tell = (files: readonly string[]): number => told.push(files);
  const none = Promise.resolve(null);
  const failed = Promise.reject(new Error('cannot be read'));
  expect(inBackground({ past: () => none }, tell).past(['/a'])).toBeNull();
  expect(inBackground({ past: () => failed }, tell).past(['/b'])).toBeNull();
  await none;
  await failed.catch(() => undefined);
  expect(told).toEqual([]);
});
