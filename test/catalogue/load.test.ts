import { describe, expect, test } from 'vitest';
import { catalogue, catalogueFrom, entriesOf, extendCatalogue } from '../../server/catalogue/load.ts';
import type { Family } from '../../server/catalogue/model.ts';
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

  test('of six hundred families the one that is asked for is read', () => {
    const many = Array.from({ length: 600 }, (_, i) => renamed(READ.families[i % READ.families.length]!, i));
    const index = JSON.stringify(many.map(({ id, state, images }) => [id, state, images]));
    const text = many.map((family) => JSON.stringify(family)).join('\n');
    let reads = 0;
    const found = catalogueFrom(
      entriesOf(index, () => {
        reads++;
        return text;
      }),
    );
    expect(reads).toBe(0);
    expect(found.byRepository(many[599]!.images[0]!)).toEqual(many[599]);
    expect(reads).toBe(1);
  });
});

const renamed = (family: Family, i: number): Family => ({
  ...family,
  id: `${family.id}-${i}`,
  images: family.images.map((image) => `${image}-${i}`),
});

describe('images of the user', () => {
  test('an unknown image keeps data where the settings say', () => {
    const extended = extendCatalogue(CATALOGUE, { 'my/db': { paths: ['/data', '/keys'] } });
    const family = extended.byRepository('docker.io/my/db');
    expect(family).toMatchObject({ id: 'my/db', title: 'my/db', confidence: 'primary', volumesKnown: false });
    expect(family?.data.map((fact) => [fact.path, fact.kind, fact.need, fact.confidence])).toEqual([
      ['/data', 'essential', 'required', 'primary'],
      ['/keys', 'essential', 'required', 'primary'],
    ]);
    expect(extended.families).toContain(family);
  });

  test('of a known image the required paths are replaced, the rest stays', () => {
    const family = extendCatalogue(CATALOGUE, { postgres: { paths: ['/elsewhere'] } }).byRepository(
      'docker.io/library/postgres',
    );
    expect(family?.id).toBe('postgres');
    expect(family?.data.map((fact) => fact.path)).toEqual(['/elsewhere']);
    expect(family?.serverCommands).toContain('postgres');
    expect(CATALOGUE.byRepository('docker.io/library/postgres')?.data[0]?.path).toBe('/var/lib/postgresql/data');
  });

  test('all else is still found, and what is no image is left out', () => {
    const extended = extendCatalogue(CATALOGUE, { 'No Image': { paths: ['/x'] } });
    expect(extended.families).toHaveLength(CATALOGUE.families.length);
    expect(extended.byRepository('docker.io/library/redis')?.id).toBe('redis');
    expect(extended.byLastComponent('redis')?.id).toBe('redis');
  });
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
