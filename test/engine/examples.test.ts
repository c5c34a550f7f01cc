/**
 * The examples as running stacks: what is broken fails the verification, what is repaired passes it. Compose starts them
 * as they are; what stands in for their images is in `stand-ins.ts`.
 */
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Level, LiveRule, Report, Verdict } from '../../server/live/model.ts';
import { fails } from '../../server/live/verify.ts';
import { cli } from '../cli/helpers.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';
import { embeddedChroma, idle, PULLED, type StandIn, StandIns, sqliteProgram } from './stand-ins.ts';

const EXAMPLES = path.join(import.meta.dirname, '../../examples');

const SIDES = ['broken', 'repaired'] as const;
type Side = (typeof SIDES)[number];

interface Service {
  /** Of what Compose would build. */
  readonly built?: Readonly<Record<Side, StandIn>>;
  /** Ends well once it answers. */
  readonly ready?: readonly string[];
  /** Puts data in. */
  readonly fill?: readonly string[];
}

interface Row {
  readonly service: string;
  readonly path: string;
}

const get = (url: string): string[] => ['timeout', '5', 'wget', '-qO-', url];
const CHROMA: Service = {
  ready: get('http://127.0.0.1:8000/api/v2/heartbeat'),
  fill: [
    'sh',
    '-c',
    `c=http://127.0.0.1:8000/api/v2/tenants/default_tenant/databases/default_database/collections
     j='content-type: application/json'
     i=$(timeout 9 wget -qO- --header "$j" --post-data '{"name":"skills"}' $c | sed -E 's/.*"id":"([^"]*)".*/\\1/')
     timeout 9 wget -qO- --header "$j" --post-data '{"ids":["a"],"embeddings":[[1,2]],"documents":["x"]}' $c/$i/add`,
  ],
};
const NOTES: Service = {
  ready: get('http://127.0.0.1:3000/health'),
  fill: ['timeout', '5', 'wget', '-qO-', '--post-data', '', 'http://127.0.0.1:3000/notes?count=3'],
};
const both = (standIn: StandIn): Record<Side, StandIn> => ({ broken: standIn, repaired: standIn });

interface Example {
  readonly folder: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly external?: string;
}

const SET: readonly Example[] = [
  {
    folder: '1-vector-index',
    services: {
      recommender: { built: both(embeddedChroma('/app/vector_store/data/chroma')), ...CHROMA },
      graph: { ready: ['test', '-s', '/data/databases/neo4j/neostore'] },
      queue: { ready: ['sh', '-c', 'redis-cli PING | grep PONG'], fill: ['redis-cli', 'SET', 'key', 'value'] },
    },
  },
  {
    folder: '2-chroma-server',
    services: {
      knowledge: { built: { broken: embeddedChroma('/app/chroma_db'), repaired: idle } },
      chroma: CHROMA,
    },
  },
  {
    folder: '3-database-in-the-image',
    services: {
      server: {
        built: { broken: sqliteProgram({ folder: 'dev_assets', into: '/app' }), repaired: sqliteProgram() },
        ...NOTES,
      },
    },
  },
  {
    folder: '4-chat-history',
    services: { 'open-webui': NOTES, ollama: {} },
  },
  {
    folder: '5-external-volumes',
    external: 'panopticon_postgres_data',
    services: {
      db: {
        ready: ['sh', '-c', 'psql -h 127.0.0.1 -U postgres -c "select 1"'],
        fill: ['psql', '-U', 'postgres', '-c', 'create table t as select generate_series(1, 10) i'],
      },
      judge: CHROMA,
    },
  },
];

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  const standIns = new StandIns(engine);
  afterAll(() => standIns.remove());
  describe.each(SET)('$folder', ({ folder, services, external }) => {
    test.each(SIDES)('%s', async (side) => {
      const t0 = Date.now();
      const on = new LiveStack(engine, `examples-${folder}-${side}`, { copyOf: path.join(EXAMPLES, folder, side) });
      try {
        const project = await on.project();
        if (external) await engine.docker.createVolume({ Name: external });
        for (const { service } of project.services) {
          const image = service.image?.text ?? `${on.name}-${service.name}`;
          await standIns.make(image, services[service.name]?.built?.[side] ?? PULLED[image]!, on.folder);
        }
        console.log('made', Date.now() - t0);
        await on.compose(['up', '-d', '--pull', 'never', '--no-build', '-t', '1']);
        console.log('up', Date.now() - t0);
        for (const [name, { ready, fill }] of Object.entries(services)) {
          if (project.services.some((x) => x.service.name === name) && !(side === 'repaired' && name === 'knowledge')) {
            if (ready) await on.ready(name, ...ready);
            if (fill) await on.exec(name, ...fill);
          }
        }
        console.log('filled', Date.now() - t0);
        for (const level of ['inspect', 'read'] as const) {
          const r = await on.verify(level);
          console.log(
            folder,
            side,
            level,
            fails(r),
            JSON.stringify(
              {
                r: r.results.map(({ service, technology, path, verdict, reason, kind, evidence, agrees }) => ({
                  service,
                  technology,
                  path,
                  kind,
                  verdict,
                  reason,
                  evidence,
                  agrees,
                })),
                f: r.findings,
                e: r.errors,
              },
              null,
              1,
            ),
            Date.now() - t0,
          );
        }
      } catch (e) {
        console.log(folder, side, 'ERR', String(e));
      } finally {
        console.log(
          JSON.stringify(
            await cli(on.folder, ['verify', '--host', `unix://${engine.socket}`, '-f', 'compose.yaml']),
          ).slice(0, 3000),
        );
        await on.remove().catch((e) => console.log(String(e)));
        if (external)
          await engine.docker
            .getVolume(external)
            .remove()
            .catch((e) => console.log(String(e)));
        console.log('gone', Date.now() - t0);
      }
    });
  });
});
