/** The small checker that people's own images go through says what a full validator of JSON Schema says. */
import * as fs from 'node:fs';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FAMILY, faultsOf, isRecord } from '../../server/catalogue/schema-check.ts';
import { FILES } from './families.ts';

const valid = new Ajv({ strict: true, strictRequired: false }).compile(
  JSON.parse(fs.readFileSync('server/catalogue/schema.json', 'utf8')),
);

const facts: unknown[] = FILES.map(({ text }) => parse(text));

/** `value` with one thing in it changed, for each thing in it. */
function* broken(value: unknown): Generator<unknown> {
  yield null;
  yield [];
  yield 'a b';
  yield '/a/';
  yield -1;
  yield 1.5;
  if (Array.isArray(value)) {
    yield [...value, ...value];
    for (const [i, item] of value.entries()) for (const other of broken(item)) yield value.with(i, other);
  } else if (isRecord(value)) {
    yield { ...value, colour: 'red' };
    for (const key of Object.keys(value)) {
      const { [key]: _, ...rest } = value;
      yield rest;
      for (const other of broken(value[key])) yield { ...value, [key]: other };
    }
  }
}

describe('the checker of families', () => {
  test('has nothing to say of the data files', () => {
    expect(facts.flatMap((family) => faultsOf(family, FAMILY))).toEqual([]);
  });

  test('refuses what the validator refuses, and no more', () => {
    const rich = facts.filter((_, i) => i % 40 === 0);
    const changed = rich.flatMap((family) => [...broken(family)]);
    const torn = changed.filter((one) => (faultsOf(one, FAMILY).length === 0) !== valid(one));
    expect(changed.length).toBeGreaterThan(4000);
    expect(torn).toEqual([]);
  });
});
