import { describe, expect, test } from 'vitest';
import { type Circumstances, environmentHolds, holds, satisfies } from '../../server/catalogue/when.ts';
import { env } from './families.ts';

const at = (more: Partial<Circumstances> = {}): Circumstances => ({
  version: '16',
  flavours: [],
  environment: env(),
  ...more,
});

describe('versions', () => {
  test.each<[string | null, string, boolean]>([
    ['16', '<18', true],
    ['18', '<18', false],
    ['18', '>=18', true],
    ['18.1', '>=18', true],
    ['17.9', '>=18', false],
    ['2.7', '>=2 <3', true],
    ['3.1', '>=2 <3', false],
    ['1.8', '>=2 <3', false],
    ['1.10', '>=1.9', true],
    ['1.9', '<=1.9', true],
    ['1.9.1', '<=1.9', true],
    ['1.10', '<=1.9', false],
    ['0.5.23', '<1.0', true],
    ['1.0.0', '>=1.0', true],
    ['5', '=5', true],
    ['5.1', '=5', true],
    ['4', '>4', false],
    ['5', '>4', true],
    // No version: the newest.
    [null, '<18', false],
    [null, '>=18', true],
    [null, '>=2 <3', false],
    // A short tag floats to the newest of what it names.
    ['1', '>=1.136', true],
    ['1', '<1.136', false],
    ['2', '<1.136', false],
    ['2023', '>=2023.7', true],
    ['2022', '<2023.7', true],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(satisfies(version, range)).toBe(expected);
  });

  test('a version that only a digest knows is unknown', () => {
    expect(holds({ version: '<18' }, at({ version: null, hidden: true }))).toBe('unknown');
  });
});

describe('the environment', () => {
  const environment = env({ A: 'x', EMPTY: '', OPEN: null, 'path.data': '/d', DB: 'PostgreSQL' });
  test.each<[string, boolean | 'unknown']>([
    ['A=x', true],
    ['A=y', false],
    ['B=x', false],
    ['OPEN=x', 'unknown'],
    ['A set', true],
    ['A unset', false],
    ['B set', false],
    ['B unset', true],
    ['EMPTY set', false],
    ['EMPTY unset', true],
    ['OPEN set', 'unknown'],
    ['OPEN unset', 'unknown'],
    ['path.data=/d', true],
    ['DB ~ ^(mysql|postgres)', true],
    ['DB ~ ^mysql', false],
    ['B ~ ^mysql', false],
    ['OPEN ~ ^mysql', 'unknown'],
    ['A=x and B unset', true],
    ['A=x and B set', false],
    ['A=x and OPEN set', 'unknown'],
    ['A=y and OPEN set', false],
    ['not a condition', false],
  ])('%s: %s', (condition, expected) => {
    expect(environmentHolds(condition, environment)).toBe(expected);
  });
});

describe('all members of a condition must hold', () => {
  test('nothing asked', () => expect(holds(undefined, at())).toBe(true));

  test('flavours, and their absence', () => {
    expect(holds({ flavour: 'alpine' }, at({ flavours: ['alpine'] }))).toBe(true);
    expect(holds({ flavour: 'alpine' }, at())).toBe(false);
    expect(holds({ flavour: '!rootless' }, at())).toBe(true);
    expect(holds({ flavour: '!rootless' }, at({ flavours: ['rootless'] }))).toBe(false);
  });

  test('one that fails outweighs one that is unknown', () => {
    const environment = env({ OPEN: null });
    expect(holds({ version: '<18', env: 'OPEN set' }, at({ environment }))).toBe('unknown');
    expect(holds({ version: '>=18', env: 'OPEN set' }, at({ environment }))).toBe(false);
  });
});
