import { describe, expect, test } from 'vitest';
import { judge, type Seen } from '../../server/live/judge.ts';
import { fatesOf } from '../../server/live/observe.ts';
import type { Told } from '../../server/live/probes/probe.ts';
import type { AnalysedStore } from '../../server/stores/model.ts';
import type { Backing, Store } from '../../server/survival/words.ts';

const store = (change: Partial<Store> = {}): AnalysedStore => {
  const whole: Store = {
    technology: 'postgres',
    title: 'PostgreSQL',
    path: '/data',
    isFile: false,
    kind: 'essential',
    need: 'required',
    confidence: 'primary',
    evidence: [{ from: 'image', note: 'known', confidence: 'primary' }],
    role: 'server',
    ...change,
  };
  const backing: Backing = { type: 'named-volume', source: 'db', target: '/data' };
  return { store: whole, backing, fate: fatesOf(backing, 'compose') };
};

const VOLUME: Backing = { type: 'named-volume', source: 'shop_db', target: '/data' };

const seen = (change: Partial<Seen> = {}, backing: Backing = VOLUME): Seen => ({
  observed: { backing },
  fate: fatesOf(backing, 'compose'),
  look: {
    path: '/data',
    links: [],
    stat: { kind: 'directory', size: 4096, modified: '' },
    parent: true,
    empty: false,
    entries: ['base'],
  },
  layer: { files: [], written: [] },
  drifts: [],
  heard: null,
  before: null,
  probed: null,
  ...change,
});

const told = (change: Partial<Told> = {}): Pick<Seen, 'heard'> => ({
  heard: {
    proven: true,
    ofParts: false,
    told: {
      writesTo: ['/data'],
      fingerprint: '1',
      empty: false,
      count: 3,
      contents: '3 tables',
      weaknesses: [],
      evidence: [],
      ...change,
    },
  },
});

const bare = { look: { ...seen().look, empty: true, entries: [] } };
const earlier = { fingerprint: '0', count: 9, seen: '2026-11-01T10:00:00Z' };
const weak = { setting: 'fsync off', message: 'A power cut may lose what was written last', weight: 'risk' as const };
const inLayer = {
  layer: {
    files: [{ path: '/srv/PG_VERSION', size: 3, signature: { technologies: ['postgres'], title: 'PostgreSQL' } }],
    written: [],
  },
};

describe('what a server says decides', () => {
  test.each<[string, Seen, string, string | undefined, RegExp]>([
    [
      'it writes there',
      seen(told()),
      'SAFE',
      undefined,
      /^It is in the volume shop_db: the server says that it writes there, and has 3 tables$/,
    ],
    ['it does not say where', seen(told({ writesTo: [] })), 'SAFE', undefined, /^It is in the volume shop_db$/],
    [
      'it has nothing',
      seen(told({ empty: true, contents: null })),
      'EMPTY',
      'uninitialised-database',
      /the server says that there is nothing in it$/,
    ],
    [
      'it has data, and none is on disk',
      seen({ ...told(), ...bare }),
      'AT RISK',
      'data-not-on-disk',
      /^The server has 3 tables, but nothing of it is on the volume shop_db yet$/,
    ],
    [
      'it cannot tell, and nothing is there',
      seen({ ...told({ empty: null }), ...bare }),
      'EMPTY',
      'volume-mounted-but-empty',
      /nothing is in it$/,
    ],
    [
      'another fingerprint',
      seen({ ...told(), before: earlier }),
      'AT RISK',
      're-initialised-database',
      /^The data was made anew: the server told of other data on 2026-11-01\./,
    ],
    [
      'another fingerprint, and nothing in it',
      seen({ ...told({ empty: true }), before: earlier }),
      'EMPTY',
      're-initialised-database',
      /there is nothing in it now$/,
    ],
    [
      'a setting that loses data',
      seen(told({ weaknesses: [weak] })),
      'AT RISK',
      'weak-durability',
      /but a power cut may lose what was written last \(fsync off\)$/,
    ],
    ['a setting worth a note', seen(told({ weaknesses: [{ ...weak, weight: 'note' }] })), 'SAFE', undefined, /./],
    [
      'files of its kind in the layer, though it writes elsewhere',
      seen({ ...told(), ...inLayer }),
      'SAFE',
      undefined,
      /./,
    ],
    [
      'the same, and it was not asked',
      seen(inLayer),
      'NOT PERSISTED',
      'data-on-writable-layer',
      /^The data goes to \/srv\/PG_VERSION/,
    ],
    [
      'it could not be asked',
      seen({ heard: { unable: 'there is no psql in the container' } }),
      'SAFE',
      undefined,
      /^It is in the volume shop_db$/,
    ],
    [
      'what is there cannot be read, but it was asked',
      seen({ ...told(), look: { ...seen().look, empty: null } }),
      'SAFE',
      undefined,
      /./,
    ],
    [
      'what is there cannot be read',
      seen({ look: { ...seen().look, empty: null } }),
      'UNKNOWN',
      undefined,
      /could not be read$/,
    ],
    [
      'in the layer, whatever it has',
      seen(told(), { type: 'writable-layer' }),
      'NOT PERSISTED',
      'data-on-writable-layer',
      /in the writable layer/,
    ],
  ])('%s', (_, what, verdict, rule, reason) => {
    const judgement = judge(store(), what);
    expect({ verdict: judgement.verdict, rule: judgement.rule }).toEqual({ verdict, rule });
    expect(judgement.reason).toMatch(reason);
  });
});

describe('what was planted decides', () => {
  test.each<[string, Seen['probed'], string, string | undefined]>([
    ['read back, and a file changed', { found: true, grew: ['/data/wal'] }, 'SAFE', undefined],
    ['read back, and no file changed', { found: true, grew: [] }, 'AT RISK', 'data-not-on-disk'],
    ['read back, and the files cannot be seen', { found: true, grew: null }, 'SAFE', undefined],
    ['not read back', { found: false, grew: null }, 'UNKNOWN', undefined],
    ['refused', { refused: 'it is a replica' }, 'SAFE', undefined],
  ])('%s', (_, probed, verdict, rule) => {
    const judgement = judge(store(), seen({ ...told(), probed }));
    expect({ verdict: judgement.verdict, rule: judgement.rule }).toEqual({ verdict, rule });
  });
});

describe('what can be had again is at most at risk', () => {
  test.each<[Partial<Store>, Seen, string]>([
    [{ need: 'optional' }, seen(told({ empty: true })), 'AT RISK'],
    [{ kind: 'rebuildable' }, seen({}, { type: 'writable-layer' }), 'AT RISK'],
    [{ kind: 'cache' }, seen({}, { type: 'tmpfs', target: '/data' }), 'SAFE'],
  ])('%j', (change, what, verdict) => {
    expect(judge(store(change), what).verdict).toBe(verdict);
  });
});

describe('a folder for uploads', () => {
  const uploads = store({ technology: 'uploads', role: 'embedded' });
  const bare = { look: { ...seen().look, empty: true, entries: [] } };
  test.each<[string, Seen, string]>([
    ['empty in a volume', seen(bare), 'SAFE'],
    ['on a network volume', seen({}, { type: 'network-volume', source: 'nfs', target: '/data' }), 'SAFE'],
    ['empty in the layer', seen(bare, { type: 'writable-layer' }), 'NOT PERSISTED'],
  ])('%s', (_, what, verdict) => {
    expect(judge(uploads, what).verdict).toBe(verdict);
  });
});
