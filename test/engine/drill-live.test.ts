/** `drill --live` on a service of a user's own: refused wherever data could be lost, and compared where it is not. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../server/live/connect.ts';
import { drillLive } from '../../server/live/drill/live.ts';
import type { LiveDrillOptions, LiveDrillReport } from '../../server/live/drill/live-model.ts';
import type { WritableEngine } from '../../server/live/engine-write.ts';
import { analyse, composeOf, machineWith, writeFiles } from './drill-projects.ts';
import { engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';

const NAME = `drill-${process.pid}-live`;
const root = path.join(HOME, 'projects', NAME);
const COMPOSE = path.join(HOME, 'trixie/root/usr/libexec/docker/cli-plugins/docker-compose');

const project = (more = ''): string => `services:
  good:
    image: redis:7
    command: [redis-server, --appendonly, "yes"]
    volumes: [good:/data]
    environment: { WHERE: "\${WHERE:-good}" }
  anonymous: { image: redis:7 }
  layer: { image: redis:7, command: [redis-server, --dir, /tmp], volumes: ["other:/data"] }
  drifted: { image: redis:7, volumes: ["drifted${more}:/data"] }
volumes: { good: { name: "${NAME}-\${WHERE:-good}" }, other: , drifted${more}: }
`;

if (engines().length === 0) test.skip(`left out: ${whyNone()}`);

for (const under of engines().filter(({ kind }) => kind === 'docker')) {
  describe(under.name, () => {
    let engine: WritableEngine;
    const folder = path.join(root, under.name);
    const args = ['-p', NAME, '-f', path.join(folder, 'compose.yaml')];
    const compose = (...rest: string[]) => under.compose(['--progress', 'quiet', ...args, ...rest], folder);
    const container = async (service: string) => (await compose('ps', '-q', '-a', service)).trim();
    const redis = async (service: string, ...command: string[]) =>
      (await compose('exec', '-T', service, 'redis-cli', ...command)).trim();

    beforeAll(async () => {
      await under.images('redis');
      writeFiles(folder, { 'compose.yaml': project() });
      await compose('up', '-d', '--pull', 'never');
      for (const service of ['good', 'layer', 'anonymous']) await redis(service, 'MSET', 'a', '1', 'b', '2');
      await redis('layer', 'SAVE');
      const machine = machineWith(path.join(root, 'state'));
      engine = await connect({ access: 'write', machine, host: `unix://${under.socket}` });
    });
    afterAll(async () => {
      engine?.close();
      await compose('down', '-v', '-t', '1').catch(() => undefined);
      fs.rmSync(root, { recursive: true, force: true });
    });

    const live = async (service: string, more: Partial<LiveDrillOptions> = {}): Promise<LiveDrillReport> =>
      drillLive(engine, {
        project: await analyse(folder, NAME),
        runtime: 'compose',
        machine: machineWith(path.join(root, 'state')),
        compose: composeOf(COMPOSE, under.environment),
        composeArgs: args,
        folder,
        service,
        confirm: NAME,
        ...more,
      });

    /** Nothing was done. */
    async function refused(service: string, act: () => Promise<unknown>): Promise<void> {
      const before = await container(service);
      await act();
      expect(await container(service)).toBe(before);
    }

    test('not without being confirmed by name', async () => {
      await refused('good', async () => {
        await expect(live('good', { confirm: 'yes' })).rejects.toMatchObject({ code: 'not-allowed' });
      });
    });

    test('not where the data is in an anonymous volume', async () => {
      await refused('anonymous', async () => {
        const report = await live('anonymous');
        expect(report).toMatchObject({ done: false, verdict: 'AT RISK' });
        expect(report.plan.refusals).toContain(
          'Redis data (/data) is in an anonymous volume: making the container anew could lose it',
        );
      });
    });

    test('not where it is in the writable layer', async () => {
      await refused('layer', async () => {
        const { done, plan } = await live('layer');
        expect(done).toBe(false);
        expect(plan.refusals.join('\n')).toMatch(/writable layer/);
      });
    });

    test('not where the files say another mount by now', async () => {
      writeFiles(folder, { 'compose.yaml': project('2') });
      await refused('drifted', async () => {
        const { done, plan } = await live('drifted');
        expect(done).toBe(false);
        expect(plan.refusals.join('\n')).toMatch(/drifted2/);
      });
      writeFiles(folder, { 'compose.yaml': project() });
    });

    test('not where Compose would read something else', async () => {
      await refused('good', async () => {
        const { done, plan } = await live('good', {
          compose: composeOf(COMPOSE, { ...under.environment, WHERE: 'elsewhere' }),
        });
        expect(done).toBe(false);
        expect(plan.refusals).toEqual([
          `Compose would mount ${NAME}-elsewhere at /data, which is not what the container has: ${NAME}-good`,
        ]);
      });
    });

    test('not where the backup does not fit', async () => {
      const machine = machineWith(path.join(root, 'state'));
      await refused('good', async () => {
        const backup = path.join(root, 'backup-small');
        const tiny = { ...machine, disk: () => ({ free: 1, total: 2 }) };
        await expect(live('good', { backup, machine: tiny })).rejects.toMatchObject({ code: expect.any(String) });
        expect(await redis('good', 'GET', 'a')).toBe('1');
      });
    });

    test('with a backup, and compared', async () => {
      const before = await container('good');
      const backup = path.join(root, 'backup');
      const steps: string[] = [];
      const report = await live('good', { backup, onProgress: ({ message }) => steps.push(message) });
      expect(report.plan.refusals).toEqual([]);
      expect(report).toMatchObject({ done: true, verdict: 'SAFE' });
      expect(report.stores).toMatchObject([{ before: { count: 2 }, after: { count: 2 }, verdict: 'SAFE' }]);
      expect(await container('good')).not.toBe(before);
      expect(await redis('good', 'GET', 'b')).toBe('2');
      expect(report.backups).toHaveLength(1);
      expect(fs.readFileSync(report.backups[0]!.file).includes('appendonlydir')).toBe(true);
      expect(steps.length).toBeGreaterThan(3);
    });
  });
}
