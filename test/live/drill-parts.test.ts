/** Parts of a drill without an engine: whose a copy is, what may be changed, what is concluded. */
import * as os from 'node:os';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { connect } from '../../server/live/connect.ts';
import { markerFile, tarOf } from '../../server/live/drill/marker.ts';
import type { ObservedFate } from '../../server/live/drill/model.ts';
import { beginWork, endWork, idOf, isLitter, labelsFor } from '../../server/live/drill/owner.ts';
import { conclude } from '../../server/live/drill/verdict.ts';
import { buildsForeign, changedBy, isAllowed, LABEL, makesUnlabelled, Vouchers } from '../../server/live/gate.ts';
import { birthOf } from '../../server/live/process-birth.ts';
import { readTar } from '../../server/live/tar.ts';
import type { AnalysedStore } from '../../server/stores/model.ts';
import { fatesOf } from '../../server/survival/fate.ts';
import type { Backing } from '../../server/survival/words.ts';
import { ENGINE, folder, json, machine, onSocket } from './helpers.ts';

describe('whose a copy is', () => {
  const ID = '0a1b2c3d';
  const own = labelsFor(ID);
  test('of this process only while it is at work on it', () => {
    beginWork(ID);
    expect(isLitter(own)).toBe(false);
    endWork(ID);
    expect(isLitter(own)).toBe(true);
  });
  test('of a process that runs', () => {
    const other = { ...own, [`${LABEL}.pid`]: String(process.ppid), [`${LABEL}.born`]: birthOf(process.ppid) };
    expect(isLitter(other)).toBe(false);
    // The number is in use again, by another process.
    expect(isLitter({ ...other, [`${LABEL}.born`]: 'cafecafe-1' })).toBe(process.platform === 'linux');
  });
  test('of a process that has ended', () => {
    expect(isLitter({ ...own, [`${LABEL}.pid`]: '999999999' })).toBe(true);
  });
  test('of another machine only after a day', () => {
    const there = { ...own, [`${LABEL}.host`]: `not-${os.hostname()}` };
    expect(isLitter(there)).toBe(false);
    expect(isLitter(there, Date.now() + 25 * 60 * 60 * 1000)).toBe(true);
  });
  test.each([{}, { [LABEL]: '' }, { [LABEL]: 'shop' }, { [LABEL]: '../x' }])('%o is nobody`s copy', (labels) => {
    expect(idOf(labels)).toBeNull();
  });
});

describe('the gate', () => {
  test.each([
    ['POST', '/containers/prune'],
    ['POST', '/volumes/prune'],
    ['POST', '/networks/prune'],
    ['POST', '/system/prune'],
    ['POST', '/images/create'],
    ['POST', '/commit'],
    ['POST', '/images/redis/tag'],
    ['POST', '/images/redis/push'],
    ['POST', '/build/prune'],
    ['POST', '/containers/a/rename'],
    ['POST', '/containers/a/update'],
    ['POST', '/networks/a/disconnect'],
    ['POST', '/swarm/init'],
  ])('never lets %s %s through', (method, at) => {
    expect(isAllowed('write', method, at)).toBe(false);
  });

  test.each([
    ['DELETE', '/containers/a', 'containers/a'],
    ['POST', '/containers/a/stop', 'containers/a'],
    ['PUT', '/containers/a/archive', 'containers/a'],
    ['DELETE', '/volumes/a%2Fb', 'volumes/a/b'],
    ['DELETE', '/images/persistence-drill-0a1b2c3d-app:rebuilt', 'images/persistence-drill-0a1b2c3d-app:rebuilt'],
    ['GET', '/containers/a/json', null],
  ])('%s %s changes %s', (method, at, thing) => {
    expect(changedBy(method, at)).toBe(thing);
  });

  test('nothing is made without the label, and a voucher is good for one call', () => {
    expect(makesUnlabelled('POST', '/volumes/create', { Name: 'x' })).toBe(true);
    expect(makesUnlabelled('POST', '/volumes/create', { Labels: { [LABEL]: '1' } })).toBe(false);
    const vouchers = new Vouchers();
    vouchers.give('volumes/a');
    expect([vouchers.take('volumes/b'), vouchers.take('volumes/a'), vouchers.take('volumes/a')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  const labels = JSON.stringify({ [LABEL]: '0a1b2c3d' });
  test.each([
    ['under a name of ours, with our label', { t: 'persistence-drill-0a1b2c3d-app:rebuilt', labels }, false],
    ['under the name of the user`s image', { t: 'shop-app', labels }, true],
    ['under the name of another copy', { t: 'persistence-drill-ffffffff-app:rebuilt', labels }, true],
    ['without a name', { labels }, true],
    ['without labels', { t: 'persistence-drill-0a1b2c3d-app:rebuilt' }, true],
    ['with other labels', { t: 'persistence-drill-0a1b2c3d-app:rebuilt', labels: '{}' }, true],
    ['from an address', { t: 'persistence-drill-0a1b2c3d-app:rebuilt', labels, remote: 'https://x' }, true],
  ])('an image is built %s', (_, query, isForeign) => {
    expect(isAllowed('write', 'POST', '/build')).toBe(true);
    expect(isAllowed('read', 'POST', '/build')).toBe(false);
    expect(buildsForeign('POST', '/build', query)).toBe(isForeign);
  });

  test('what bears no label of ours is never changed', async () => {
    const calls: string[] = [];
    const host = await onSocket((request, response) => {
      const at = (request.url ?? '').replace(/\?.*$/, '');
      calls.push(`${request.method} ${at}`);
      const answers: Record<string, unknown> = {
        '/containers/theirs/json': { Id: 'theirs', Config: { Labels: {} } },
        '/containers/ours/json': { Id: 'ours', Config: { Labels: { [LABEL]: '0a1b2c3d' } } },
        '/volumes/theirs': { Name: 'theirs', Labels: null },
        '/networks/theirs': { Id: 'theirs', Labels: {} },
        '/images/theirs/json': { Id: 'theirs', Config: { Labels: null } },
        [`/volumes/${'a'.repeat(64)}`]: { Name: 'a'.repeat(64), CreatedAt: '2020-01-01T00:00:00Z', Labels: null },
      };
      const own = ENGINE[at as keyof typeof ENGINE];
      if (own) own(request, response);
      else json(answers[at] ?? { message: 'no such thing' }, answers[at] ? 200 : 404)(request, response);
    });
    const engine = await connect({ access: 'write', machine: machine(folder()), host });
    try {
      const refused = { code: 'not-allowed' };
      await expect(engine.removeContainer('theirs', true)).rejects.toMatchObject(refused);
      await expect(engine.stop('theirs')).rejects.toMatchObject(refused);
      await expect(engine.kill('theirs')).rejects.toMatchObject(refused);
      await expect(engine.restart('theirs')).rejects.toMatchObject(refused);
      await expect(engine.put('theirs', '/', new Uint8Array())).rejects.toMatchObject(refused);
      await expect(engine.removeVolume('theirs')).rejects.toMatchObject(refused);
      await expect(engine.removeNetwork('theirs')).rejects.toMatchObject(refused);
      await expect(engine.removeImage('theirs')).rejects.toMatchObject(refused);
      const image = { tag: 'theirs', labels: { [LABEL]: '0a1b2c3d' }, dockerfile: 'Dockerfile', args: {} };
      await expect(engine.build(image, Readable.from([]))).rejects.toMatchObject(refused);
      // Without a name, but older than the copy that is said to have left it.
      await expect(engine.removeLeftVolume('a'.repeat(64), '2026-01-01T00:00:00Z')).rejects.toMatchObject(refused);
      await expect(engine.createVolume({ name: 'x', labels: {} })).rejects.toMatchObject(refused);
      await engine.removeVolume('gone');
      await engine.removeContainer('ours', true);
    } finally {
      engine.close();
    }
    expect(calls.filter((call) => !call.startsWith('GET'))).toEqual(['DELETE /containers/ours']);
  });
});

test('a marker is a file in the folder, or beside the file', async () => {
  expect(markerFile({ path: '/data', isFile: false }, 'ab')).toBe('/data/.persist_probe_ab');
  expect(markerFile({ path: '/data/app.db', isFile: true }, 'ab')).toBe('/data/.persist_probe_ab');
  const limits = { entries: 10, bytesEach: 100, bytesTotal: 10_000 };
  for (const name of ['data/.m', `${'long/'.repeat(30)}.m`]) {
    const { entries } = await readTar(
      (async function* () {
        yield await tarOf(name, 'text');
      })(),
      limits,
    );
    expect(entries).toMatchObject([{ path: name, kind: 'file', size: 4 }]);
  }
});

describe('conclusions', () => {
  const storeIn = (backing: Backing, more: Partial<AnalysedStore['store']> = {}): AnalysedStore => ({
    store: {
      technology: 'redis',
      title: 'Redis',
      path: '/data',
      isFile: false,
      kind: 'essential',
      need: 'required',
      ...more,
    } as never,
    backing,
    fate: fatesOf(backing, 'compose'),
  });
  const seen = (fates: Partial<Record<ObservedFate['event'], ObservedFate['fate']>>, place?: 'kept'): ObservedFate[] =>
    Object.entries(fates).map(([event, fate]) => ({
      event: event as ObservedFate['event'],
      how: event,
      fate,
      ...(place && fate === 'lost' ? { place } : {}),
      ...(fate === 'unknown' ? { reason: 'It ended with 1' } : {}),
    }));
  const named: Backing = { type: 'named-volume', source: 'v' };
  test.each([
    [
      'kept by all',
      named,
      seen({ restart: 'kept', recreate: 'kept', down: 'kept' }),
      'SAFE',
      true,
      'It was kept by a restart, a new container and `down` and `up`',
    ],
    [
      'lost by a new container',
      named,
      seen({ restart: 'kept', recreate: 'lost', down: 'lost' }),
      'NOT PERSISTED',
      false,
      'It was lost by a new container: it is in the volume',
    ],
    [
      'left behind by down',
      { type: 'anonymous-volume' } as Backing,
      seen({ restart: 'kept', recreate: 'kept', down: 'orphaned' }),
      'AT RISK',
      true,
      'After `down` and `up` it was not there: `down` left the anonymous volume behind that holds it',
    ],
    [
      'not written',
      named,
      seen({ restart: 'lost' }, 'kept'),
      'NOT PERSISTED',
      true,
      'It was lost by a restart although the volume was kept: the server does not write it to disk',
    ],
    [
      'lost by a crash',
      named,
      seen({ restart: 'kept', crash: 'lost' }, 'kept'),
      'AT RISK',
      true,
      'It was lost by a crash: the server had not written it to disk',
    ],
    [
      'down -v alone',
      named,
      seen({ restart: 'kept', 'down-volumes': 'lost' }),
      'SAFE',
      true,
      'It was kept by a restart',
    ],
    ['not ready', named, seen({ restart: 'kept', down: 'unknown' }), 'UNKNOWN', true, 'It ended with 1'],
    ['never ready', named, seen({ restart: 'unknown' }), 'UNKNOWN', null, 'It ended with 1'],
  ] as const)('%s', (_, backing, events, verdict, agrees, reason) => {
    expect(conclude(storeIn(backing), events, backing)).toEqual({ verdict, agrees, reason });
  });
  test('a cache may be lost, and what is optional is at most at risk', () => {
    const events = seen({ restart: 'lost' });
    expect(conclude(storeIn({ type: 'tmpfs' }, { kind: 'cache' }), events, { type: 'tmpfs' }).verdict).toBe('SAFE');
    expect(conclude(storeIn({ type: 'tmpfs' }, { need: 'optional' }), events, { type: 'tmpfs' }).verdict).toBe(
      'AT RISK',
    );
  });
});
