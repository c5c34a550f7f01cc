import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { setCommandFlags } from '../../server/fixes/command.ts';
import { applyEdits } from '../../server/fixes/edits.ts';
import { addListItem, removeListItem } from '../../server/fixes/list.ts';
import { addMapEntry, removeMapEntry } from '../../server/fixes/map.ts';
import { addTopLevelVolume } from '../../server/fixes/named-volume.ts';
import { replaceScalar } from '../../server/fixes/scalar.ts';
import type { Edit } from '../../server/rules/rule.ts';
import { type Read, read } from './helpers.ts';

type Change = (file: Read) => Edit[] | null;
type Case = readonly [name: string, before: string, change: Change, after: string | null];

function table(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    test.each(cases)('%s', (_name, before, change, after) => {
      const edits = change(read(before));
      if (after === null) {
        expect(edits).toBeNull();
        return;
      }
      expect(edits).not.toBeNull();
      const result = applyEdits(before, edits!);
      expect(result).toBe(after);
      if (errors(before) === 0) expect(errors(result)).toBe(0);
    });
  });
}

const errors = (text: string): number => parseAllDocuments(text).flatMap((document) => document.errors).length;

const volume =
  (item = 'db_data:/data'): Change =>
  ({ source, map }) =>
    addListItem(map('services', 'db'), 'volumes', item, source);

table('addListItem in block style', [
  [
    'creates the key at the end of the service',
    'services:\n  db:\n    image: redis\n',
    volume(),
    'services:\n  db:\n    image: redis\n    volumes:\n      - db_data:/data\n',
  ],
  [
    'keeps a file without a final newline',
    'services:\n  db:\n    image: redis',
    volume(),
    'services:\n  db:\n    image: redis\n    volumes:\n      - db_data:/data',
  ],
  [
    'keeps CRLF',
    'services:\r\n  db:\r\n    image: redis\r\n',
    volume(),
    'services:\r\n  db:\r\n    image: redis\r\n    volumes:\r\n      - db_data:/data\r\n',
  ],
  [
    'keeps CRLF without a final newline',
    'services:\r\n  db:\r\n    image: redis',
    volume(),
    'services:\r\n  db:\r\n    image: redis\r\n    volumes:\r\n      - db_data:/data',
  ],
  [
    'follows the line end of the lines around in a mixed file',
    'services:\r\n  web:\r\n    image: x\r\n  db:\n    image: redis\n',
    volume(),
    'services:\r\n  web:\r\n    image: x\r\n  db:\n    image: redis\n    volumes:\n      - db_data:/data\n',
  ],
  [
    'indents by four like the file',
    'services:\n    db:\n        image: redis\n',
    volume(),
    'services:\n    db:\n        image: redis\n        volumes:\n            - db_data:/data\n',
  ],
  [
    'does not indent lists where the service does not',
    'services:\n  db:\n    image: redis\n    ports:\n    - "6379:6379"\n',
    volume(),
    'services:\n  db:\n    image: redis\n    ports:\n    - "6379:6379"\n    volumes:\n    - db_data:/data\n',
  ],
  [
    'does not indent lists where other services do not',
    'services:\n  web:\n    ports:\n    - "80:80"\n  db:\n    image: redis\n',
    volume(),
    'services:\n  web:\n    ports:\n    - "80:80"\n  db:\n    image: redis\n    volumes:\n    - db_data:/data\n',
  ],
  [
    'appends to a list',
    'services:\n  db:\n    volumes:\n      - a:/a\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes:\n      - a:/a\n      - db_data:/data\n    image: redis\n',
  ],
  [
    'appends to a list that is not indented',
    'services:\n  db:\n    volumes:\n    - a:/a\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes:\n    - a:/a\n    - db_data:/data\n    image: redis\n',
  ],
  [
    'keeps the gap behind the dash',
    'services:\n    db:\n        volumes:\n        -   a:/a\n',
    volume(),
    'services:\n    db:\n        volumes:\n        -   a:/a\n        -   db_data:/data\n',
  ],
  [
    'goes behind a trailing comment on the last line',
    'services:\n  db:\n    volumes:\n      - a:/a # first',
    volume(),
    'services:\n  db:\n    volumes:\n      - a:/a # first\n      - db_data:/data',
  ],
  [
    'goes behind comments at the end of the list',
    'services:\n  db:\n    volumes:\n      - a:/a\n      # - b:/b\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes:\n      - a:/a\n      # - b:/b\n      - db_data:/data\n    image: redis\n',
  ],
  [
    'leaves the comment of the next key with that key',
    'services:\n  db:\n    volumes:\n    - a:/a\n    # what it is\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes:\n    - a:/a\n    - db_data:/data\n    # what it is\n    image: redis\n',
  ],
  [
    'leaves blank lines and comments between services',
    'services:\n  db:\n    image: redis # pinned\n\n  # the shop\n  web:\n    image: web\n',
    volume(),
    'services:\n  db:\n    image: redis # pinned\n    volumes:\n      - db_data:/data\n\n  # the shop\n  web:\n    image: web\n',
  ],
  [
    'goes behind comments that belong to the service',
    'services:\n  db:\n    image: redis\n    # ports:\n    #   - 1:1\n  web: {}\n',
    volume(),
    'services:\n  db:\n    image: redis\n    # ports:\n    #   - 1:1\n    volumes:\n      - db_data:/data\n  web: {}\n',
  ],
  [
    'appends behind long syntax',
    'services:\n  db:\n    volumes:\n      - type: volume\n        source: a\n        target: /a # x\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes:\n      - type: volume\n        source: a\n        target: /a # x\n      - db_data:/data\n    image: redis\n',
  ],
  [
    'fills a key without a value',
    'services:\n  db:\n    volumes:\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes:\n      - db_data:/data\n    image: redis\n',
  ],
  [
    'fills a key without a value behind its comments',
    'services:\n  db:\n    volumes: # none yet\n      # - old:/x\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes: # none yet\n      # - old:/x\n      - db_data:/data\n    image: redis\n',
  ],
  [
    'fills a key without a value at the end of the file',
    'services:\n  db:\n    volumes:',
    volume(),
    'services:\n  db:\n    volumes:\n      - db_data:/data',
  ],
  [
    'replaces an explicit null',
    'services:\n  db:\n    volumes: ~ # none\n    image: redis\n',
    volume(),
    'services:\n  db:\n    volumes: # none\n      - db_data:/data\n    image: redis\n',
  ],
  [
    'goes behind a block scalar',
    'services:\n  db:\n    command: |\n      # not a comment\n      redis-server\n\n  web: {}\n',
    volume(),
    'services:\n  db:\n    command: |\n      # not a comment\n      redis-server\n    volumes:\n      - db_data:/data\n\n  web: {}\n',
  ],
  [
    'leaves the lines that a block scalar keeps',
    'services:\n  db:\n    command: |+\n      redis-server\n\n  web: {}\n',
    volume(),
    'services:\n  db:\n    command: |+\n      redis-server\n\n    volumes:\n      - db_data:/data\n  web: {}\n',
  ],
  [
    'goes behind a folded text without a final newline',
    'services:\n  db:\n    command: >-\n      redis-server\n      --save 60 1',
    volume(),
    'services:\n  db:\n    command: >-\n      redis-server\n      --save 60 1\n    volumes:\n      - db_data:/data',
  ],
  ['would add a line to a kept block scalar', 'services:\n  db:\n    command: |+\n      redis-server', volume(), null],
  [
    'goes behind a merge key',
    'x-base: &base\n  restart: always\nservices:\n  db:\n    image: redis\n    <<: *base\n',
    volume(),
    'x-base: &base\n  restart: always\nservices:\n  db:\n    image: redis\n    <<: *base\n    volumes:\n      - db_data:/data\n',
  ],
  [
    'goes into a service that holds nothing but a merge key',
    'x-base: &base\n  restart: always\nservices:\n  db:\n    <<: *base\n',
    volume(),
    'x-base: &base\n  restart: always\nservices:\n  db:\n    <<: *base\n    volumes:\n      - db_data:/data\n',
  ],
  [
    'goes behind a key that is set twice',
    'services:\n  db:\n    image: redis\n    environment:\n      A: 1\n      A: 2\n  web: {}\n',
    volume(),
    'services:\n  db:\n    image: redis\n    environment:\n      A: 1\n      A: 2\n    volumes:\n      - db_data:/data\n  web: {}\n',
  ],
  [
    'edits below an anchor that nothing uses',
    'services:\n  db: &db\n    volumes: &v\n      - a:/a\n',
    volume(),
    'services:\n  db: &db\n    volumes: &v\n      - a:/a\n      - db_data:/data\n',
  ],
  [
    'appends to an override',
    'services:\n  db:\n    volumes: !override\n      - a:/a\n',
    volume(),
    'services:\n  db:\n    volumes: !override\n      - a:/a\n      - db_data:/data\n',
  ],
  [
    'stays in the first document',
    '---\nservices:\n  db:\n    image: redis\n---\nservices:\n  db:\n    image: other\n',
    volume(),
    '---\nservices:\n  db:\n    image: redis\n    volumes:\n      - db_data:/data\n---\nservices:\n  db:\n    image: other\n',
  ],
  ['an alias', 'x-v: &v\n  - a:/a\nservices:\n  db:\n    volumes: *v\n', volume(), null],
  ['inherited', 'x-b: &b\n  volumes: [a:/a]\nservices:\n  db:\n    <<: *b\n', volume(), null],
  ['lent to another', 'services:\n  db:\n    volumes: &v\n      - a:/a\n  web:\n    volumes: *v\n', volume(), null],
  ['in a service that is merged elsewhere', 'services:\n  db: &db\n    image: x\n  b:\n    <<: *db\n', volume(), null],
  ['under !reset', 'services:\n  db:\n    volumes: !reset []\n', volume(), null],
  ['no list', 'services:\n  db:\n    volumes: a:/a\n', volume(), null],
  ['a broken service', 'services:\n  db:\n    image: "redis\n    ports: [1\n', volume(), null],
  ['bad indentation', 'services:\n  db:\n    image: redis\n   ports: []\n', volume(), null],
  [
    'a sound service above a broken one',
    'services:\n  db:\n    image: redis\n\n  web:\n    image: a\n    ports: [1\n    x: y\n',
    volume(),
    'services:\n  db:\n    image: redis\n    volumes:\n      - db_data:/data\n\n  web:\n    image: a\n    ports: [1\n    x: y\n',
  ],
]);

table('addListItem in flow style', [
  [
    'an empty list',
    'services:\n  db:\n    volumes: []\n',
    volume(),
    'services:\n  db:\n    volumes: [db_data:/data]\n',
  ],
  [
    'an empty list with a space and a comment',
    'services:\n  db:\n    volumes: [ ] # none\n',
    volume(),
    'services:\n  db:\n    volumes: [ db_data:/data ] # none\n',
  ],
  [
    'an empty list over two lines',
    'services:\n  db:\n    volumes: [\n    ]\n',
    volume(),
    'services:\n  db:\n    volumes: [\n      db_data:/data\n    ]\n',
  ],
  ['an empty list with a comment in it', 'services:\n  db:\n    volumes: [ # c\n    ]\n', volume(), null],
  [
    'a list',
    'services:\n  db:\n    volumes: [a:/b] # c\n',
    volume(),
    'services:\n  db:\n    volumes: [a:/b, db_data:/data] # c\n',
  ],
  [
    'a padded list',
    'services:\n  db:\n    volumes: [ a:/b ]\n',
    volume(),
    'services:\n  db:\n    volumes: [ a:/b, db_data:/data ]\n',
  ],
  [
    'a trailing comma',
    'services:\n  db:\n    volumes: [a:/b,]\n',
    volume(),
    'services:\n  db:\n    volumes: [a:/b, db_data:/data,]\n',
  ],
  [
    'quotes and no spaces',
    'services:\n  db:\n    volumes: ["a:/b","c:/d"]\n',
    volume(),
    'services:\n  db:\n    volumes: ["a:/b","c:/d","db_data:/data"]\n',
  ],
  [
    'one item a line',
    "services:\n  db:\n    volumes: [\n      'a:/b', # first\n      'c:/d' # last\n    ]\n",
    volume(),
    "services:\n  db:\n    volumes: [\n      'a:/b', # first\n      'c:/d', # last\n      'db_data:/data'\n    ]\n",
  ],
  [
    'one item a line with a trailing comma',
    'services:\n  db:\n    volumes: [\n      a:/b,\n      c:/d, # last\n    ]\n',
    volume(),
    'services:\n  db:\n    volumes: [\n      a:/b,\n      c:/d, # last\n      db_data:/data,\n    ]\n',
  ],
  [
    'one item a line in CRLF',
    'services:\r\n  db:\r\n    volumes: [\r\n      a:/b\r\n    ]\r\n',
    volume(),
    'services:\r\n  db:\r\n    volumes: [\r\n      a:/b,\r\n      db_data:/data\r\n    ]\r\n',
  ],
  [
    'quotes what flow style would cut',
    'services:\n  db:\n    volumes: [a:/b]\n',
    volume(`\${DIR}:/data`),
    `services:\n  db:\n    volumes: [a:/b, "\${DIR}:/data"]\n`,
  ],
  [
    'a flow service',
    'services:\n  db: {image: redis}\n',
    volume(),
    'services:\n  db: {image: redis, volumes: [db_data:/data]}\n',
  ],
  ['an empty flow service', 'services:\n  db: {}\n', volume(), 'services:\n  db: {volumes: [db_data:/data]}\n'],
  [
    'a padded flow service',
    'services:\n  db: { image: redis }\n',
    volume(),
    'services:\n  db: { image: redis, volumes: [db_data:/data] }\n',
  ],
  [
    'a flow service over lines',
    'services:\n  db: {\n    image: redis,\n  }\n',
    volume(),
    'services:\n  db: {\n    image: redis,\n    volumes: [db_data:/data],\n  }\n',
  ],
  [
    'an empty value in a flow service',
    'services:\n  db: {volumes: , image: redis}\n',
    volume(),
    'services:\n  db: {volumes: [db_data:/data] , image: redis}\n',
  ],
  [
    'a bare key in a flow service',
    'services:\n  db: {image: redis, volumes}\n',
    volume(),
    'services:\n  db: {image: redis, volumes: [db_data:/data]}\n',
  ],
  [
    'an empty value at the end of a flow service',
    'services:\n  db: {image: }\n',
    volume(),
    'services:\n  db: {image: , volumes: [db_data:/data]}\n',
  ],
  [
    'null in a flow service',
    'services:\n  db: {volumes: null}\n',
    volume(),
    'services:\n  db: {volumes: [db_data:/data]}\n',
  ],
  [
    'JSON',
    '{"services": {"db": {"image": "redis"}}}\n',
    volume(),
    '{"services": {"db": {"image": "redis", "volumes": ["db_data:/data"]}}}\n',
  ],
  ['braces where a list belongs', 'services:\n  db:\n    volumes: {}\n', volume(), null],
  ['brackets left open', 'services:\n  db:\n    volumes: [a:/b\n', volume(), null],
]);

const items = (before: string, item: string): string =>
  applyEdits(before, volume(item)(read(before))!)
    .split('\n')
    .at(-1)!
    .trim();

describe('quotes of list items', () => {
  const plain = 'services:\n  db:\n    image: x';
  test.each([
    ['a:/b', 'a:/b'],
    ['./a b:/b', './a b:/b'],
    ['~/a:/b', '~/a:/b'],
    [`\${A:-b}:/c`, `\${A:-b}:/c`],
    ['C:\\data:/data', 'C:\\data:/data'],
    ['a: b', '"a: b"'],
    ['a #b', '"a #b"'],
    ['a:', '"a:"'],
    ['@a', '"@a"'],
    ['%a', '"%a"'],
    ['*a', '"*a"'],
    ['&a', '"&a"'],
    ['!a', '"!a"'],
    ['{a}', '"{a}"'],
    ['`a`', '"`a`"'],
    ['"a"', '\'"a"\''],
    ["'a'", '"\'a\'"'],
    ['- a', '"- a"'],
    ['-a', '-a'],
    ['--a', '--a'],
    ['---', '"---"'],
    ['', '""'],
    [' a', '" a"'],
    ['yes', '"yes"'],
    ['Null', '"Null"'],
    ['~', '"~"'],
    ['12', '"12"'],
    ['1.5', '"1.5"'],
    ['1e3', '"1e3"'],
    ['0x1F', '"0x1F"'],
    ['22:22', '"22:22"'],
    ['8080:80', '"8080:80"'],
    ['2024-01-02', '"2024-01-02"'],
    ['1m', '1m'],
    ['1.2.3', '1.2.3'],
    ['a\nb', '"a\\nb"'],
    ['é:/ü', 'é:/ü'],
  ])('%j', (item, written) => expect(items(plain, item)).toBe(`- ${written}`));

  const single = "services:\n  db:\n    volumes:\n      - 'a:/b'";
  test('share the quotes of the list', () => {
    expect(items(single, 'c:/d')).toBe("- 'c:/d'");
    expect(items(single, "c:/d'e")).toBe("- 'c:/d''e'");
    expect(items(single.replaceAll("'", '"'), 'c:\\d')).toBe('- "c:\\\\d"');
  });
  test('stay plain where the list mixes them', () => {
    expect(items(`${single}\n      - "c:/d"`, 'e:/f')).toBe('- e:/f');
  });
});

const grace: Change = ({ source, map }) => addMapEntry(map('services', 'db'), 'stop_grace_period', '1m', source);
const top =
  (key: string, value: string | null, where?: 'start'): Change =>
  ({ source, root }) =>
    addMapEntry(root, key, value, source, where);

table('addMapEntry', [
  [
    'at the end of a service',
    'services:\n  db:\n    image: redis # x\n\n\n  web: {}\n',
    grace,
    'services:\n  db:\n    image: redis # x\n    stop_grace_period: 1m\n\n\n  web: {}\n',
  ],
  [
    'behind a nested value',
    'services:\n  db:\n    environment:\n      A: b\n      # C: d\n',
    grace,
    'services:\n  db:\n    environment:\n      A: b\n      # C: d\n    stop_grace_period: 1m\n',
  ],
  ['in a flow service', 'services:\n  db: {image: a}\n', grace, 'services:\n  db: {image: a, stop_grace_period: 1m}\n'],
  [
    'where the key has no value',
    'services:\n  db:\n    stop_grace_period: # later\n    image: a\n',
    grace,
    'services:\n  db:\n    stop_grace_period: 1m # later\n    image: a\n',
  ],
  [
    'where the key is null',
    'services:\n  db:\n    stop_grace_period: null # later\n',
    grace,
    'services:\n  db:\n    stop_grace_period: 1m # later\n',
  ],
  ['where the key has a value', 'services:\n  db:\n    stop_grace_period: 2m\n', grace, null],
  ['where the key is inherited', 'x-a: &a\n  stop_grace_period: 2m\nservices:\n  db:\n    <<: *a\n', grace, null],
  [
    'like the keys around it',
    'services:\n  db:\n    "image": a\n',
    grace,
    'services:\n  db:\n    "image": a\n    "stop_grace_period": 1m\n',
  ],
  ['at the top level', 'services: {}\n', top('name', 'shop'), 'services: {}\n\nname: shop\n'],
  [
    'before the first key',
    '# the shop\n\nservices: {}\n',
    top('name', 'shop', 'start'),
    '# the shop\n\nname: shop\nservices: {}\n',
  ],
  ['before the first key in CRLF', 'services: {}\r\n', top('name', 'shop', 'start'), 'name: shop\r\nservices: {}\r\n'],
  [
    'before the first key of a list item',
    'x:\n  - a: 1\n',
    ({ source, map }) => addMapEntry(map('x', 0), 'b', 'c', source, 'start'),
    'x:\n  - b: c\n    a: 1\n',
  ],
  [
    'numbers and booleans as they are',
    'services:\n  db:\n    image: a\n',
    ({ source, map }) => addMapEntry(map('services', 'db'), 'init', true, source),
    'services:\n  db:\n    image: a\n    init: true\n',
  ],
  [
    'text that looks like a boolean in quotes',
    'services:\n  db:\n    restart: always\n',
    ({ source, map }) => addMapEntry(map('services', 'db'), 'x', 'no', source),
    'services:\n  db:\n    restart: always\n    x: "no"\n',
  ],
  [
    'nothing behind the colon',
    'volumes:\n  a:\n',
    ({ source, map }) => addMapEntry(map('volumes'), 'b', null, source),
    'volumes:\n  a:\n  b:\n',
  ],
  [
    'in a map of a list item',
    'x:\n  - a: 1\n  - b\n',
    ({ source, map }) => addMapEntry(map('x', 0), 'c', 'd', source),
    'x:\n  - a: 1\n    c: d\n  - b\n',
  ],
]);

describe('addMapEntry without a map', () => {
  test.each([
    ['', 'name: shop\n'],
    ['# the shop\n', '# the shop\n\nname: shop\n'],
    ['---\n', '---\nname: shop\n'],
    ['---', '---\nname: shop'],
    ['---\n...\n', '---\nname: shop\n...\n'],
    ['# the shop', '# the shop\n\nname: shop'],
    ['# the shop\r\n', '# the shop\r\n\r\nname: shop\r\n'],
  ])('%j', (before, after) => {
    const source = { path: '/a', text: before };
    expect(applyEdits(before, addMapEntry(null, 'name', 'shop', source)!)).toBe(after);
  });
  test('is refused where the file holds something else', () => {
    expect(addMapEntry(null, 'name', 'shop', { path: '/a', text: '- a\n' })).toBeNull();
    expect(addMapEntry(null, 'name', 'shop', { path: '/a', text: 'a: 1\n' })).toBeNull();
  });
});

const declare =
  (name: string, ...body: string[]): Change =>
  ({ source, root }) =>
    addTopLevelVolume(root, source, name, body);

table('addTopLevelVolume', [
  ['creates the key', 'services:\n  db: {}\n', declare('v'), 'services:\n  db: {}\n\nvolumes:\n  v:\n'],
  [
    'creates the key with the file’s indentation',
    'services:\n    db: {}\n',
    declare('v'),
    'services:\n    db: {}\n\nvolumes:\n    v:\n',
  ],
  [
    'creates the key without a final newline',
    'services:\n  db: {}',
    declare('v'),
    'services:\n  db: {}\n\nvolumes:\n  v:',
  ],
  [
    'creates the key in CRLF',
    'services:\r\n  db: {}\r\n',
    declare('v'),
    'services:\r\n  db: {}\r\n\r\nvolumes:\r\n  v:\r\n',
  ],
  ['uses blank lines at the end', 'services:\n  db: {}\n\n', declare('v'), 'services:\n  db: {}\n\nvolumes:\n  v:\n'],
  ['uses spaces at the end', 'services:\n  db: {}\n  ', declare('v'), 'services:\n  db: {}\n  \nvolumes:\n  v:'],
  [
    'goes behind comments at the end',
    'services:\n  db: {}\n#  web: {}\n',
    declare('v'),
    'services:\n  db: {}\n#  web: {}\n\nvolumes:\n  v:\n',
  ],
  [
    'stays before ...',
    '---\nservices:\n  db: {}\n# end\n...\n',
    declare('v'),
    '---\nservices:\n  db: {}\n# end\n\nvolumes:\n  v:\n...\n',
  ],
  [
    'stays before the next document',
    'services: {}\n---\na: 1\n',
    declare('v'),
    'services: {}\n\nvolumes:\n  v:\n---\na: 1\n',
  ],
  ['is not misled by --- in a text', 'a: |\n  ---\n  ...\n', declare('v'), 'a: |\n  ---\n  ...\n\nvolumes:\n  v:\n'],
  ['adds no line to a kept block scalar', 'a: |+\n  b\n', declare('v'), 'a: |+\n  b\nvolumes:\n  v:\n'],
  ['appends to the map', 'volumes:\n  a:\n\nservices: {}\n', declare('v'), 'volumes:\n  a:\n  v:\n\nservices: {}\n'],
  ['appends at the end of the file', 'volumes:\n  a: # one', declare('v'), 'volumes:\n  a: # one\n  v:'],
  [
    'appends behind options',
    'volumes:\n    a:\n        external: true\n',
    declare('v'),
    'volumes:\n    a:\n        external: true\n    v:\n',
  ],
  [
    'appends with a body',
    'volumes:\n  a:\n',
    declare('v', 'external: true'),
    'volumes:\n  a:\n  v:\n    external: true\n',
  ],
  [
    'indents a deeper body',
    'services:\n    db: {}\nvolumes:\n    a:\n',
    declare('v', 'driver_opts:', '  type: nfs'),
    'services:\n    db: {}\nvolumes:\n    a:\n    v:\n        driver_opts:\n            type: nfs\n',
  ],
  ['fills an empty key', 'volumes:\nservices:\n  db: {}\n', declare('v'), 'volumes:\n  v:\nservices:\n  db: {}\n'],
  [
    'fills an empty key with comments',
    'volumes: # none\n  # a:\nx: 1\n',
    declare('v'),
    'volumes: # none\n  # a:\n  v:\nx: 1\n',
  ],
  ['fills empty braces', 'volumes: {} # none\n', declare('v'), 'volumes: # none\n  v:\n'],
  ['fills empty braces at the end', 'volumes: {}', declare('v'), 'volumes:\n  v:'],
  ['appends in braces', 'volumes: {a: }\n', declare('v'), 'volumes: {a: , v: null}\n'],
  [
    'appends in braces with a body',
    'volumes: { a: {} }\n',
    declare('v', 'external: true'),
    'volumes: { a: {}, v: {external: true} }\n',
  ],
  [
    'creates the key in braces',
    '{services: {db: {image: a}}}\n',
    declare('v'),
    '{services: {db: {image: a}}, volumes: {v: null}}\n',
  ],
  [
    'creates the key in JSON',
    '{\n  "services": {}\n}\n',
    declare('v', 'external: true'),
    '{\n  "services": {},\n  "volumes": {"v": {"external":true}}\n}\n',
  ],
  ['knows the name already', 'volumes:\n  v:\n', declare('v'), null],
  ['an alias', 'x: &x\n  a:\nvolumes: *x\n', declare('v'), null],
  ['shared', 'volumes: &x\n  a:\nx: *x\n', declare('v'), null],
  ['a list', 'volumes:\n  - a\n', declare('v'), null],
  ['an open bracket at the end', 'services:\n  db:\n    ports: [1\n', declare('v'), null],
]);

const removeItem =
  (index: number, asked = false): Change =>
  ({ list, root }) =>
    removeListItem(list('l'), index, asked ? { owner: root, key: 'l' } : undefined);

table('removeListItem', [
  [
    'with its line and its comment',
    'l:\n  # of a\n  - a # x\n  - b\nm: 1\n',
    removeItem(0),
    'l:\n  # of a\n  - b\nm: 1\n',
  ],
  ['in the middle', 'l:\n- a\n- b\n\n- c\n', removeItem(1), 'l:\n- a\n\n- c\n'],
  ['at the end', 'l:\n  - a\n  - b\nm: 1\n', removeItem(1), 'l:\n  - a\nm: 1\n'],
  ['at the end of the file', 'l:\r\n  - a\r\n  - b', removeItem(1), 'l:\r\n  - a'],
  [
    'of several lines',
    'l:\n  - type: volume\n    source: a\n    # x\n    target: /a\n  - b\n',
    removeItem(0),
    'l:\n  - b\n',
  ],
  ['with its value below the dash', 'l:\n  - a\n  -\n    type: volume\n  - b\n', removeItem(1), 'l:\n  - a\n  - b\n'],
  ['an alias', 'x: &x a\nl:\n  - *x\n  - b\n', removeItem(0), 'x: &x a\nl:\n  - b\n'],
  ['without a value', 'l:\n  - a\n  -\n  - b\n', removeItem(1), 'l:\n  - a\n  - b\n'],
  ['an anchor that is used', 'l:\n  - &x a\n  - b\nx: *x\n', removeItem(0), null],
  ['the last one', 'l:\n  - a\nm: 1\n', removeItem(0), null],
  ['the last one with its key', 'l: # x\n  - a\nm: 1\n', removeItem(0, true), 'm: 1\n'],
  ['the last one in the file', 'l:\n  - a\n', removeItem(0, true), null],
  ['below a text that a comment would join', 'l:\n  - |\n    a\n  - b\n    # c\n  - d\n', removeItem(1), null],
  ['first in brackets', 'l: [a, b, c]\n', removeItem(0), 'l: [b, c]\n'],
  ['in brackets', 'l: [ a, "b", c ]\n', removeItem(1), 'l: [ a, c ]\n'],
  ['last in brackets', 'l: [a, b, c] # x\n', removeItem(2), 'l: [a, b] # x\n'],
  ['last with a trailing comma', 'l: [a, b,]\n', removeItem(1), 'l: [a,]\n'],
  ['on its own line in brackets', 'l: [\n  a,\n  b, # x\n  c\n]\n', removeItem(1), 'l: [\n  a,\n  c\n]\n'],
  ['on the last line in brackets', 'l: [\n  a, # x\n  b\n]\n', removeItem(1), 'l: [\n  a # x\n]\n'],
  ['next to a comment in brackets', 'l: [a, # x\n  b, c]\n', removeItem(0), null],
  ['the only one in brackets', 'l: [a]\nm: 1\n', removeItem(0), null],
  ['the only one in brackets with its key', 'l: [a]\nm: 1\n', removeItem(0, true), 'm: 1\n'],
]);

const removeKey =
  (key: string, ...path: (string | number)[]): Change =>
  ({ map }) =>
    removeMapEntry(map(...path), key);

table('removeMapEntry', [
  ['a line', 'a: 1\n# of b\nb: 2 # x\nc: 3\n', removeKey('b'), 'a: 1\n# of b\nc: 3\n'],
  ['the first line', 'a: 1\nb: 2\n', removeKey('a'), 'b: 2\n'],
  ['the last line', 'a: 1\nb: 2', removeKey('b'), 'a: 1'],
  ['a block', 'a:\n  b:\n    - 1\n    # x\n    - 2\n  c: 3\n', removeKey('b', 'a'), 'a:\n  c: 3\n'],
  ['a text', 'a: |\n  b\n  # c\n\nd: 1\n', removeKey('a'), '\nd: 1\n'],
  ['an empty value', 'v:\n  a:\n  b:\n', removeKey('a', 'v'), 'v:\n  b:\n'],
  ['an alias', 'x: &x 1\na: *x\n', removeKey('a'), 'x: &x 1\n'],
  ['what an alias needs', 'x: &x 1\na: *x\n', removeKey('x'), null],
  ['an inherited one', 'x: &x\n  b: 1\na:\n  <<: *x\n  c: 2\n', removeKey('b', 'a'), null],
  ['one that hides an inherited one', 'x: &x {b: 1}\na:\n  <<: [*x]\n  b: 2\n  c: 2\n', removeKey('b', 'a'), null],
  [
    'one that hides an inherited one further up',
    'y: &y {b: 1}\nx: &x\n  <<: *y\na: {<<: *x, b: 2, c: 2}\n',
    removeKey('b', 'a'),
    null,
  ],
  ['the last one', 'v:\n  a: 1\n', removeKey('a', 'v'), null],
  [
    'the last one beside a merge key',
    'x: &x\n  b: 1\na:\n  <<: *x\n  c: 2\n',
    removeKey('c', 'a'),
    'x: &x\n  b: 1\na:\n  <<: *x\n',
  ],
  [
    'the last one with its key',
    'v:\n  a: 1\nw: 2\n',
    ({ root, map }) => removeMapEntry(map('v'), 'a', { owner: root, key: 'v' }),
    'w: 2\n',
  ],
  ['behind a dash', 'l:\n  - a: 1\n    b: 2\n', removeKey('a', 'l', 0), 'l:\n  - b: 2\n'],
  ['behind a dash with a comment', 'l:\n  - a: 1 # x\n    b: 2\n', removeKey('a', 'l', 0), null],
  ['in braces', 'v: {a: 1, b: 2}\n', removeKey('a', 'v'), 'v: {b: 2}\n'],
  ['last in braces', 'v: { a: 1, b: [2] }\n', removeKey('b', 'v'), 'v: { a: 1 }\n'],
  ['the only one in braces', 'v: {a: 1}\n', removeKey('a', 'v'), null],
  ['below a text that keeps its lines', 'a: |+\n  x\nb: 1\n\nc: 2\n', removeKey('b'), null],
]);

const set =
  (text: string, ...path: (string | number)[]): Change =>
  ({ at }) => {
    const node = at(...path);
    return node.kind === 'scalar' ? replaceScalar(node, text) : null;
  };

table('replaceScalar', [
  ['plain', 'a: b # c\n', set('d', 'a'), 'a: d # c\n'],
  ['single quotes', "a: 'b'\n", set("it's", 'a'), "a: 'it''s'\n"],
  ['double quotes', 'a: "b"\n', set('d"e\\', 'a'), 'a: "d\\"e\\\\"\n'],
  ['plain that needs quotes', 'a: b\n', set('d: e', 'a'), 'a: "d: e"\n'],
  ['plain that would be a number', 'a: b\n', set('12', 'a'), 'a: "12"\n'],
  ['a number', 'a: 1\n', set('12', 'a'), 'a: 12\n'],
  ['a boolean', 'a: false\n', set('true', 'a'), 'a: true\n'],
  ['in brackets', 'a: [b]\n', set('d,e', 'a', 0), 'a: ["d,e"]\n'],
  ['a variable in block style', 'a: b\n', set(`\${X}/y`, 'a'), `a: \${X}/y\n`],
  ['a block scalar', 'a: |\n  b\n', set('d', 'a'), null],
  ['an empty value', 'a:\n', set('d', 'a'), null],
  ['a shared value', 'a: &x b\nc: *x\n', set('d', 'a'), null],
]);

const flags =
  (...words: string[]): Change =>
  ({ map, entry }) => {
    const owner = map('db');
    return setCommandFlags(entry('command', 'db'), owner, words);
  };
const aof = flags('--appendonly', 'yes');

table('setCommandFlags', [
  ['plain', 'db:\n  command: redis-server # x\n', aof, 'db:\n  command: redis-server --appendonly yes # x\n'],
  [
    'plain over lines',
    'db:\n  command: redis-server\n    --save 60 1\n',
    aof,
    'db:\n  command: redis-server\n    --save 60 1 --appendonly yes\n',
  ],
  ['double quotes', 'db:\n  command: "redis-server"\n', aof, 'db:\n  command: "redis-server --appendonly yes"\n'],
  ['single quotes', "db:\n  command: 'redis-server'\n", aof, "db:\n  command: 'redis-server --appendonly yes'\n"],
  ['in braces', 'db: {command: redis-server}\n', aof, 'db: {command: redis-server --appendonly yes}\n'],
  [
    'folded',
    'db:\n  command: >\n    redis-server\n    --save 60 1\n\nx: 1\n',
    aof,
    'db:\n  command: >\n    redis-server\n    --save 60 1\n    --appendonly yes\n\nx: 1\n',
  ],
  [
    'folded in CRLF',
    'db:\r\n  command: >-\r\n    redis-server\r\n    --save 60 1',
    aof,
    'db:\r\n  command: >-\r\n    redis-server\r\n    --save 60 1\r\n    --appendonly yes',
  ],
  [
    'folded on one line',
    'db:\n  command: >\n    redis-server\n',
    aof,
    'db:\n  command: >\n    redis-server --appendonly yes\n',
  ],
  ['literal', 'db:\n  command: |\n    redis-server\n', aof, 'db:\n  command: |\n    redis-server --appendonly yes\n'],
  [
    'a list',
    'db:\n  command:\n    - redis-server\n    - --save\n  image: x\n',
    aof,
    'db:\n  command:\n    - redis-server\n    - --save\n    - --appendonly\n    - "yes"\n  image: x\n',
  ],
  ['brackets', 'db:\n  command: ["redis-server"]\n', aof, 'db:\n  command: ["redis-server", "--appendonly", "yes"]\n'],
  [
    'brackets without quotes',
    'db:\n  command: [redis-server]\n',
    aof,
    'db:\n  command: [redis-server, --appendonly, "yes"]\n',
  ],
  ['words with spaces', 'db:\n  command: a\n', flags('b c', "it's"), `db:\n  command: a 'b c' 'it'"'"'s'\n`],
  ['words with a dollar', 'db:\n  command: [a]\n', flags('$x'), 'db:\n  command: [a, $$x]\n'],
  ['words that need YAML quotes', 'db:\n  command: a\n', flags('b: c'), null],
  ['a shell', 'db:\n  command: sh -c "redis-server"\n', aof, null],
  ['a shell in a list', 'db:\n  command: ["/bin/bash", "-c", "redis-server"]\n', aof, null],
  ['a shell behind another program', 'db:\n  command: [tini, --, sh, -c, redis-server]\n', aof, null],
  ['a shell as entrypoint', 'db:\n  entrypoint: sh -c\n  command: redis-server\n', aof, null],
  ['and', 'db:\n  command: a && b\n', aof, null],
  ['a semicolon', 'db:\n  command: a; b\n', aof, null],
  ['a pipe', 'db:\n  command: a | b\n', aof, null],
  ['an open quote', `db:\n  command: a 'b\n`, aof, null],
  ['a variable', 'db:\n  command: $CMD\n', aof, null],
  ['no value', 'db:\n  command:\n', aof, null],
  ['an empty list', 'db:\n  command: []\n', aof, null],
  ['an empty text', 'db:\n  command: ""\n', aof, null],
  ['an alias', 'x: &x a\ndb:\n  command: *x\n', aof, null],
  ['inherited', 'x: &x\n  command: a\ndb:\n  <<: *x\n', aof, null],
  ['lent to another', 'db:\n  command: &x a\nx: *x\n', aof, null],
]);
