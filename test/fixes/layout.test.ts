import { expect, test } from 'vitest';
import { inFlow, isBroken, isEmptyDocument, isShared, usualListOffset } from '../../server/fixes/layout.ts';
import { readingOf } from '../../server/syntax/readings.ts';
import type { Source } from '../../server/syntax/source.ts';
import { parseYaml } from '../../server/syntax/yaml.ts';

const TEXTS = {
  'anchors, merges and comments': `x-env: &env
  TZ: UTC
  # of all
x-base: &base { restart: always, networks: [a, b] }

services:
  db: # main
    <<: [*base]
    image: postgres
    environment: *env
    volumes:
      - &data db:/data
      # last
  copy:
    volumes: [*data]
`,
  'tags of Compose':
    'services:\n  a:\n    volumes: !reset []\n    ports: !override\n    - "1:1"\n    image: !reset null\n',
  'several documents': 'a: &x [1]\nb: *x\n---\nc: &x [2]\nd: *x\n',
  'an alias without an anchor': 'a: *none\nb:\n- 1\n',
  'a lone carriage return': 'a: &x 1\rb: *x\r',
  'a fault': 'a: [1\nb: "\n',
  'only comments': '# nothing yet\n',
  'nothing at all': '',
};

/** All that the layout says of each place. */
const layoutOf = (source: Source) => ({
  empty: isEmptyDocument(source),
  offset: usualListOffset(source),
  places: Array.from(source.text, (_, at) => [isShared(source, at), inFlow(source, at), isBroken(source, at, at)]),
});

test.each(Object.entries(TEXTS))('%s: the same layout from the first reading and from another', (_, text) => {
  const read = { path: '/w/compose.yaml', text };
  parseYaml(read);
  expect(layoutOf(read)).toEqual(layoutOf({ path: '/w/compose.yaml', text }));
});

test('of a sound text the first reading is kept, of others none, and not of more than can be used', () => {
  const sound = { path: '/w/sound.yaml', text: 'a: 1\n' };
  const faulty = { path: '/w/faulty.yaml', text: 'a: [1\n' };
  for (const source of [sound, faulty]) parseYaml(source);
  expect(readingOf(sound)?.toJSON()).toEqual({ a: 1 });
  expect(readingOf(faulty)).toBeUndefined();
  for (let i = 0; i < 8; i++) parseYaml({ path: `/w/${i}.yaml`, text: `a: 1\n#${'.'.repeat(100_000)}\n` });
  expect(readingOf(sound)).toBeUndefined();
});
