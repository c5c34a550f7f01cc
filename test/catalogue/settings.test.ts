import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import schema from '../../server/catalogue/schema.json' with { type: 'json' };

/** The editor completes and checks what people say of their own images. */
const image = manifest.contributes.configuration.properties['composePersistence.images'].additionalProperties;

test('the setting takes what the catalogue takes, and the short form', () => {
  const { id: _id, images: _images, ...known } = schema.properties;
  expect(Object.keys(image.properties).sort()).toEqual([...Object.keys(known), 'paths'].sort());
  expect(image).not.toHaveProperty('required');
  expect(image.additionalProperties).toBe(false);
});

test('it stands on its own: nothing looks for a definition in the schema of all settings', () => {
  expect(JSON.stringify(image)).not.toContain('$ref');
  expect(image.properties.data.items.properties.path.pattern).toBe(schema.definitions.path.pattern);
});
