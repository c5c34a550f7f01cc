import { describe, expect, test } from 'vitest';
import { catalogue, catalogueFrom, indexOf, linesOf } from '../../server/catalogue/load.ts';
import type { Family } from '../../server/catalogue/model.ts';
import { INDEX } from '../../server/generated/catalogue.ts';
import { CATALOGUE, READ } from './families.ts';

describe('the generated catalogue', () => {
  test('is read once', () => {
    expect(catalogue()).toBe(catalogue());
    expect(catalogue().byRepository('docker.io/library/postgres')?.title).toBe('PostgreSQL');
    expect(catalogue().byRepository('docker.io/library/no-such-image')).toBeUndefined();
  });

  test('holds what the data files hold', () => {
    expect(catalogue().families).toEqual(READ.families);
  });

  test('has the index that its families have', () => {
    expect(INDEX).toBe(indexOf(READ.families));
  });

  test('of six hundred families the one that is asked for is read', () => {
    const many = Array.from({ length: 600 }, (_, i) => renamed(READ.families[i % READ.families.length]!, i));
    const text = many.map((family) => JSON.stringify(family)).join('\n');
    let reads = 0;
    const found = catalogueFrom(
      indexOf(many),
      linesOf(() => {
        reads++;
        return text;
      }),
    );
    expect(found.byRepository('docker.io/library/nothing')).toBeUndefined();
    expect(reads).toBe(0);
    expect(found.byRepository(many[599]!.images[0]!)).toEqual(many[599]);
    expect(found.byRepository(many[0]!.images.at(-1)!)).toEqual(many[0]);
    expect(reads).toBe(1);
    expect(found.families).toEqual(many);
  });

  test('a part of a repository is none, nor is an id or a state', () => {
    for (const name of ['postgres', 'library/postgres', 'docker.io/library/postgre', 'stateful', '0', ''])
      expect(CATALOGUE.byRepository(name)).toBeUndefined();
  });
});

const renamed = (family: Family, i: number): Family => ({
  ...family,
  id: `${family.id}-${i}`,
  images: family.images.map((image) => `${image}-${i}`),
});

describe('names that look like a family', () => {
  test('official images come before others of the same name', () => {
    expect(CATALOGUE.byLastComponent('redis')?.id).toBe('redis');
    expect(CATALOGUE.byLastComponent('eclipse-mosquitto')?.id).toBe('mosquitto');
  });

  test('stateless families and generic names are none', () => {
    expect(CATALOGUE.byLastComponent('python')).toBeUndefined();
    expect(CATALOGUE.byLastComponent('registry')).toBeUndefined();
    expect(CATALOGUE.byLastComponent('server')).toBeUndefined();
  });
});
