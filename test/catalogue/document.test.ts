import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { withFields } from '../../scripts/catalogue-doc.mjs';
import { readSettingsFile } from '../../server/lint/settings.ts';
import { memory } from '../lint/memory.ts';

const text = fs.readFileSync('docs/catalogue.md', 'utf8');

test('the page repeats the schema as it is now', () => {
  expect(withFields(text, JSON.parse(fs.readFileSync('server/catalogue/schema.json', 'utf8')))).toBe(text);
});

test('every key is explained', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((row) => /\|\s*\|\s*$/.test(row))).toEqual([]);
});

test('its example is in order', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const { settings, problems } = readSettingsFile(
    memory({ '.compose-persistence.yaml': example }),
    '/w/.compose-persistence.yaml',
  );
  expect(problems).toEqual([]);
  expect(Object.keys(settings.images ?? {})).toEqual([
    'registry.example.com/shop/ledger',
    'registry.example.com/shop/archive',
  ]);
});
