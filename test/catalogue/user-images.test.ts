/** What people say of images of their own, in `.compose-persistence.yaml` or in the editor's settings. */
import { describe, expect, test } from 'vitest';
import { dataPaths, relocations } from '../../server/catalogue/match.ts';
import { extendCatalogue, type UserImage } from '../../server/catalogue/user-images.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { readSettings, readSettingsFile } from '../../server/lint/settings.ts';
import { memory } from '../lint/memory.ts';
import { CATALOGUE, env, matchIn } from './families.ts';

const FILE = '/w/.compose-persistence.yaml';

const read = (text: string) => readSettingsFile(memory({ '.compose-persistence.yaml': text }), FILE);

function imagesOf(text: string): Readonly<Record<string, UserImage>> {
  const { settings, problems } = read(text);
  expect(problems).toEqual([]);
  return settings.images ?? {};
}

const family = (text: string, repository: string) =>
  extendCatalogue(CATALOGUE, imagesOf(text)).byRepository(repository);

describe('an image nobody knows', () => {
  test('keeps data where the settings say', () => {
    const found = family('images:\n  my/db: {paths: [/data, /keys]}\n', 'docker.io/my/db');
    expect(found).toMatchObject({ id: 'my/db', title: 'my/db', confidence: 'primary', volumesKnown: false });
    expect(found?.data.map((fact) => [fact.path, fact.kind, fact.need, fact.confidence])).toEqual([
      ['/data', 'essential', 'required', 'primary'],
      ['/keys', 'essential', 'required', 'primary'],
    ]);
  });

  test('is among the families, once', () => {
    const extended = extendCatalogue(CATALOGUE, imagesOf('images: {my/db: {paths: [/data]}}\n'));
    expect(extended.families).toHaveLength(CATALOGUE.families.length + 1);
    expect(extended.byRepository('docker.io/library/redis')?.id).toBe('redis');
    expect(extended.byLastComponent('redis')?.id).toBe('redis');
  });

  test('may be described with all that a catalogue file can say', () => {
    const text = `images:
  registry.example.com/shop/ledger:
    title: Ledger
    category: database
    state: stateful
    confidence: primary
    data:
      - path: /var/lib/ledger
        kind: essential
        need: required
        holds: the books
        when: { version: '>=2' }
      - path: /data
        kind: essential
        need: required
        holds: the books
        when: { version: '<2' }
    volumes: [{ path: /data, when: { version: '<2' } }]
    volumesKnown: true
    relocations:
      - { by: env, key: LEDGER_DIR, moves: /var/lib/ledger }
    wrongMounts:
      - { path: /data, why: from 2 on nothing is written there, when: { version: '>=2' } }
    users: [{ start: root, run: ledger, uid: 999, gid: 999 }]
    serverCommands: [ledgerd]
    external: { env: ['LEDGER_URL ~ ^postgres'], paths: [/var/lib/ledger] }
    durability: { default: durable, weakenedBy: [--no-sync] }
    stop: { signal: SIGINT, heavy: true }
    singleWriter: { value: true }
    backup: [{ command: ledger dump, offline: false }]
    ports: [{ port: 7000, proto: tcp }]
    notes: [ours]
`;
    const images = imagesOf(text);
    const found = matchIn(extendCatalogue(CATALOGUE, images), 'registry.example.com/shop/ledger:2.1')!;
    expect(found.lookalike).toBe(false);
    expect(found.family).toMatchObject({
      title: 'Ledger',
      stop: { signal: 'SIGINT', heavy: true },
      durability: { default: 'durable', requires: [], weakenedBy: ['--no-sync'] },
    });
    expect(dataPaths(found, env()).map(({ path, confidence }) => [path, confidence])).toEqual([
      ['/var/lib/ledger', 'primary'],
    ]);
    expect(relocations(found, env()).map(({ key, moves }) => [key, moves])).toEqual([
      ['LEDGER_DIR', '/var/lib/ledger'],
    ]);
  });
});

describe('an image of the catalogue', () => {
  test('has the paths of the settings for its required ones, the rest stays', () => {
    const found = family('images: {postgres: {paths: [/elsewhere]}}\n', 'docker.io/library/postgres');
    expect(found?.id).toBe('postgres');
    expect(found?.data.map(({ path }) => path)).toEqual(['/elsewhere']);
    expect(found?.relocations).toEqual([]);
    expect(found?.serverCommands).toContain('postgres');
    expect(CATALOGUE.byRepository('docker.io/library/postgres')?.data[0]?.path).toBe('/var/lib/postgresql/data');
  });

  test('is overruled in what the settings say of it, and nowhere else', () => {
    const found = family('images: {redis: {state: stateless, notes: [a cache here]}}\n', 'docker.io/library/redis');
    const ours = CATALOGUE.byRepository('docker.io/library/redis');
    expect(found).toEqual({
      ...ours,
      state: 'stateless',
      notes: ['a cache here'],
      images: ['docker.io/library/redis'],
    });
  });

  test('a family that nobody has checked is sure of what the settings add', () => {
    const unchecked = CATALOGUE.byRepository('docker.io/atlassian/confluence') ?? CATALOGUE.families[0]!;
    const extended = extendCatalogue(CATALOGUE, { [unchecked.images[0]!]: { paths: ['/mine'] } });
    expect(extended.byRepository(unchecked.images[0]!)?.data[0]).toMatchObject({
      path: '/mine',
      confidence: 'primary',
    });
  });
});

describe('faults are told with file, line and cause, and the image is left out', () => {
  test.each<[string, string[]]>([
    [
      'images: [a]\n',
      ['line 1: images is a mapping from image names to what is known of them: {paths: [...]} or more'],
    ],
    ['images:\n  my/db: [/data]\n', ['line 2: the image my/db needs paths: a list of absolute paths in the container']],
    ['images:\n  my/db: {}\n', ['line 2: the image my/db needs paths or data, unless its state is stateless']],
    [
      'images:\n  my/db:\n    paths: [data]\n',
      ['line 3: the image my/db.paths[0] "data" is not what belongs here: Absolute, without a trailing slash'],
    ],
    ['images:\n  my/db:\n    paths: [/a, /a]\n', ['line 3: the image my/db.paths[1] "/a" is there twice']],
    ['images:\n  my/db:\n    paths: []\n', ['line 3: the image my/db.paths is empty']],
    ['images:\n  my/db:\n    path: /a\n', ['line 3: the image my/db.path there is no key "path" here']],
    ['images:\n  No Image: {paths: [/a]}\n', ['line 2: the image No Image is not the name of an image']],
    [
      'images:\n  my/db:\n    data:\n      - path: /a\n        kind: vital\n        need: conditional\n        holds: all\n',
      [
        'line 5: the image my/db.data[0].kind is one of essential, configuration, secret, rebuildable, cache',
        'line 4: the image my/db.data[0] needs condition',
      ],
    ],
    [
      'images:\n  my/db:\n    paths: [/a]\n    relocations:\n      - {by: env, key: DIR, moves: /b}\n',
      ['line 5: the image my/db.relocations[0].moves names no path of its data: /b'],
    ],
    [
      "images:\n  my/db:\n    paths: [/a]\n    external:\n      env: ['DB ~ (x']\n",
      ['line 5: the image my/db.external.env[0] holds no regular expression behind "~": (x'],
    ],
    [
      'images:\n  my/db:\n    paths: [/a]\n    ports: [{port: 70000, proto: tcp}]\n',
      ['line 4: the image my/db.ports[0].port is at most 65535'],
    ],
    [
      'images:\n  my/db:\n    paths: [/a]\n    volumesKnown: maybe\n',
      ['line 4: the image my/db.volumesKnown is true or false'],
    ],
  ])('%j', (text, expected) => {
    const { settings, problems } = read(text);
    expect(problems).toEqual(expected.map((message) => ({ file: FILE, message })));
    expect(settings.images).toEqual({});
  });

  test('the other images count', () => {
    expect(Object.keys(read('images:\n  my/db: {}\n  my/other: {paths: [/x]}\n').settings.images ?? {})).toEqual([
      'my/other',
    ]);
  });

  test('in the editor there is no line', () => {
    const { problems } = readSettings(memory({}), '/w', { images: { 'my/db': {} } });
    expect(problems).toEqual([{ message: 'the image my/db needs paths or data, unless its state is stateless' }]);
  });
});

test("the user's family decides what is found", async () => {
  const compose = 'services:\n  ledger:\n    image: registry.example.com/shop/ledger:2\n';
  const config = 'images: {registry.example.com/shop/ledger: {paths: [/var/lib/ledger], volumesKnown: true}}\n';
  const files = memory({ 'compose.yaml': compose, '.compose-persistence.yaml': config });
  const { settings } = readSettings(files, '/w', undefined);
  const { findings } = await createLinter(files).lint({ files: ['/w/compose.yaml'] }, settings);
  expect(findings.map(({ rule, severity, message, span }) => [rule, severity, message, span.start, span.end])).toEqual([
    [
      'missing-volume',
      'error',
      'no volume for /var/lib/ledger: registry.example.com/shop/ledger data is deleted when the container is recreated (up --build, pull, down)',
      compose.indexOf('ledger:'),
      compose.indexOf('ledger:') + 'ledger'.length,
    ],
  ]);
});
