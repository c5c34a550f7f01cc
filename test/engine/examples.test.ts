/**
 * The examples as running stacks: what is broken fails the verification, what is repaired passes it. Compose starts them
 * as they are; what stands in for their images, and what it cannot show, is in `stand-ins.ts`.
 */
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Level, LiveRule, Report, Verdict } from '../../server/live/model.ts';
import { fails } from '../../server/live/verify.ts';
import { cli } from '../cli/helpers.ts';
import { engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';
import { embeddedChroma, idle, PULLED, type StandIn, StandIns, sqliteProgram } from './stand-ins.ts';

const EXAMPLES = path.join(import.meta.dirname, '../../examples');
const LEVELS: readonly Level[] = ['inspect', 'read'];

interface Data {
  /** Ends well once the service answers. */
  readonly ready: readonly string[];
  /** Puts data in, where the service does not by itself. */
  readonly fill?: readonly string[];
}

/** One line of the report, in its order. */
interface Line {
  /** The service and the path. */
  readonly store: string;
  readonly verdict: Verdict;
  readonly rule?: LiveRule;
  /** What it says of itself at level `read`; absent when it cannot be asked. */
  readonly told?: string;
  /** What else level `read` says of it. */
  readonly evidence?: RegExp;
}

interface Side {
  /** For what Compose would build, by service. */
  readonly built?: Readonly<Record<string, StandIn>>;
  readonly data: Readonly<Record<string, Data>>;
  readonly lines: readonly Line[];
}

interface Example {
  readonly folder: string;
  /** The service that publishes a port. */
  readonly publishes?: string;
  readonly external?: string;
  readonly broken: Side;
  readonly repaired: Side;
}

const get = (url: string): string[] => ['timeout', '5', 'wget', '-qO-', url];

const CHROMA: Data = {
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
const NOTES: Data = {
  ready: get('http://127.0.0.1:3000/health'),
  fill: ['timeout', '5', 'wget', '-qO-', '--post-data', '', 'http://127.0.0.1:3000/notes?count=3'],
};
const REDIS: Data = {
  ready: ['sh', '-c', 'redis-cli PING | grep PONG'],
  // As it would be an hour later at the latest.
  fill: ['sh', '-c', 'redis-cli SET key value && redis-cli SAVE'],
};
const POSTGRES: Data = {
  ready: ['sh', '-c', 'psql -h 127.0.0.1 -U postgres -c "select 1"'],
  fill: ['psql', '-U', 'postgres', '-c', 'create table t as select generate_series(1, 10) i'],
};
const NEO4J: Data = { ready: ['test', '-s', '/data/databases/neo4j/neostore'] };
const OLLAMA: Data = { ready: ['test', '-s', '/root/.ollama/models/blobs/sha256-0'] };

const LOST = { verdict: 'NOT PERSISTED', rule: 'data-on-writable-layer' } as const;
const SAFE = { verdict: 'SAFE' } as const;
const ONE_RECORD = { told: '1 collection, 1 record' } as const;
/** The developer's task and three notes. */
const FOUR_ROWS = { told: '2 tables, 4 rows' } as const;

const index = embeddedChroma('/app/vector_store/data/chroma');
const indexed = { built: { recommender: index }, data: { recommender: CHROMA, graph: NEO4J, queue: REDIS } };
const graph: readonly Line[] = [
  // What the mounts say: no Neo4j is there to say more.
  { store: 'graph /data', ...SAFE, evidence: /^It could not be asked: port 7474/ },
  { store: 'graph /logs', ...SAFE },
];
const chat = { data: { 'open-webui': NOTES, ollama: OLLAMA } };

const SET: readonly Example[] = [
  {
    folder: '1-vector-index',
    publishes: 'recommender',
    broken: {
      ...indexed,
      lines: [
        { store: 'recommender /app/vector_store/data/chroma', ...LOST, ...ONE_RECORD },
        ...graph,
        { store: 'queue /data', ...SAFE, told: '1 key', evidence: /^appendonly no: A crash or a kill loses/ },
      ],
    },
    repaired: {
      ...indexed,
      lines: [
        { store: 'recommender /app/vector_store/data/chroma', ...SAFE, ...ONE_RECORD },
        ...graph,
        { store: 'queue /data', ...SAFE, told: '1 key' },
      ],
    },
  },
  {
    folder: '2-chroma-server',
    broken: {
      // As if the server had not answered once: the program has written to its own folder.
      built: { knowledge: embeddedChroma('/app/chroma_db') },
      data: { knowledge: CHROMA, chroma: CHROMA },
      lines: [
        { store: 'knowledge /app/chroma_db', ...LOST, ...ONE_RECORD },
        { store: 'chroma /data', ...LOST, ...ONE_RECORD },
        // Mounted, right to look at, and empty.
        { store: 'chroma /chroma/chroma', ...SAFE },
      ],
    },
    repaired: {
      built: { knowledge: idle },
      data: { chroma: CHROMA },
      lines: [{ store: 'chroma /data', ...SAFE, ...ONE_RECORD }],
    },
  },
  {
    folder: '3-database-in-the-image',
    broken: {
      built: { server: sqliteProgram({ folder: 'dev_assets', into: '/app' }) },
      data: { server: NOTES },
      lines: [
        { store: 'server /app/dev_assets/db.sqlite', ...LOST, ...FOUR_ROWS },
        // The folder that is mounted beside it.
        { store: 'server /app/assets', ...SAFE },
      ],
    },
    repaired: {
      built: { server: sqliteProgram() },
      data: { server: NOTES },
      lines: [{ store: 'server /app/dev_assets/db.sqlite', ...SAFE, ...FOUR_ROWS }],
    },
  },
  {
    folder: '4-chat-history',
    publishes: 'open-webui',
    broken: {
      ...chat,
      lines: [
        { store: 'open-webui /tmp/open-webui', ...LOST },
        { store: 'ollama /root/.ollama', ...SAFE },
      ],
    },
    repaired: {
      ...chat,
      lines: [
        { store: 'open-webui /app/backend/data', ...SAFE },
        { store: 'open-webui /app/backend/data/cache', ...SAFE },
        { store: 'ollama /root/.ollama', ...SAFE },
      ],
    },
  },
  {
    folder: '5-external-volumes',
    external: 'panopticon_postgres_data',
    // What Compose makes of it after `lint --fix`: as it is, it does not start.
    broken: {
      data: { db: POSTGRES, judge: CHROMA },
      lines: [
        {
          store: 'db /var/lib/postgresql/data',
          verdict: 'AT RISK',
          rule: 'data-on-anonymous-volume',
          told: '1 table in 1 database, 1 of them with rows',
        },
        { store: 'judge /chroma/chroma', ...LOST, ...ONE_RECORD },
        { store: 'judge /data', ...SAFE },
      ],
    },
    repaired: {
      data: { db: POSTGRES, judge: CHROMA },
      lines: [
        { store: 'db /var/lib/postgresql/data', ...SAFE, told: '1 table in 1 database, 1 of them with rows' },
        { store: 'judge /chroma/chroma', ...SAFE, ...ONE_RECORD },
      ],
    },
  },
];

const linesOf = ({ level, results, findings }: Report): Line[] =>
  results.map(({ service, path: at, title, verdict, told }) => {
    const finding = findings.find((one) => one.service === service && one.message.startsWith(`${title} data (${at}):`));
    return {
      store: `${service} ${at}`,
      verdict,
      ...(finding ? { rule: finding.rule } : {}),
      ...(level === 'read' && told?.contents ? { told: told.contents } : {}),
    };
  });

const expected = (lines: readonly Line[], level: Level): Line[] =>
  lines.map(({ evidence: _, told, ...line }) => ({
    ...line,
    ...(level === 'read' && told !== undefined ? { told } : {}),
  }));

/** What a pipeline is failed for. What other runs may have left on the engine is none of it. */
const counting = ({ findings }: Report): LiveRule[] =>
  findings.flatMap(({ rule, severity }) => (severity === 'info' || rule === 'orphaned-data-found' ? [] : [rule]));

async function start(on: LiveStack, { publishes }: Example, { built = {}, data }: Side, standIns: StandIns) {
  const images = (await on.compose(['config', '--images'])).trim().split('\n');
  for (const image of images) {
    const standIn = PULLED[image] ?? built[image.slice(on.name.length + 1)];
    if (!standIn) throw new Error(`nothing stands in for ${image}`);
    await standIns.image(image, standIn, on.folder);
  }
  const up = () => on.compose(['up', '-d', '--pull', 'never', '--no-build', '-t', '1']);
  await up().catch(async (error: Error) => {
    // Whoever has the port on this machine: it says nothing of where the data is.
    if (!publishes || !/port is already allocated|address already in use/.test(error.message)) throw error;
    on.file('compose.override.yaml', `services: { ${publishes}: { ports: !reset [] } }\n`);
    await up();
  });
  await Promise.all(
    Object.entries(data).map(async ([service, { ready, fill }]) => {
      await on.ready(service, ...ready);
      if (fill) await on.exec(service, ...fill);
    }),
  );
}

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  const standIns = new StandIns(engine);
  afterAll(() => standIns.removeImages());

  describe.each(SET)('$folder', { concurrent: true, timeout: 600_000 }, (example) => {
    const { folder, external } = example;

    // They have ports and volumes in common.
    describe.sequential.each(['broken', 'repaired'] as const)('%s', (kind) => {
      const side = example[kind];
      const reports = new Map<Level, Report>();
      let on: LiveStack;

      beforeAll(async () => {
        on = new LiveStack(engine, `examples-${folder}-${kind}`, { copyOf: path.join(EXAMPLES, folder, kind) });
        if (external) await standIns.volume(external);
        if (external && kind === 'broken') await cli(on.folder, ['lint', '--fix', '.']);
        await start(on, example, side, standIns);
        for (const level of LEVELS) reports.set(level, await on.verify(level));
      });
      afterAll(() => on.remove().finally(() => (external ? standIns.removeVolumes() : undefined)));

      test.each(LEVELS)(`level %s ${kind === 'broken' ? 'fails' : 'passes'}`, (level) => {
        const report = reports.get(level)!;
        expect(linesOf(report)).toEqual(expected(side.lines, level));
        expect(counting(report)).toEqual(side.lines.flatMap(({ rule }) => rule ?? []));
        expect(report.errors).toEqual([]);
        expect(fails(report)).toBe(kind === 'broken');
        for (const [at, { evidence }] of side.lines.entries())
          if (evidence && level === 'read')
            expect(report.results[at]!.evidence).toContainEqual(expect.stringMatching(evidence));
      });

      test('everything was found where the files say', () => {
        expect(reports.get('read')!.results.map(({ agrees }) => agrees)).toEqual(side.lines.map(() => true));
      });
    });
  });

  describe('5-external-volumes, broken, as it is', () => {
    let on: LiveStack;
    beforeAll(() => {
      on = new LiveStack(engine, 'examples-refused', { copyOf: path.join(EXAMPLES, '5-external-volumes/broken') });
    });
    afterAll(() => on.remove());

    test('Compose refuses to start', async () => {
      await expect(on.up()).rejects.toThrow(
        'volumes.postgres_data: conflicting parameters "external" and "driver_opts" specified',
      );
    });

    test('so does our model of it, which says where', async () => {
      const { code, out } = await cli(on.folder, ['model']);
      expect(code).toBe(2);
      expect(JSON.parse(out).errors).toEqual([
        {
          file: 'compose.yaml',
          range: { start: { line: 17, character: 4 }, end: { line: 17, character: 15 } },
          message: 'the volume postgres_data is external and sets driver_opts: Compose takes one or the other',
        },
      ]);
    });

    test.each(LEVELS)('nothing of it can be verified at level %s, and that fails', async (level) => {
      const report = await on.verify(level);
      expect(report.results.map(({ verdict }) => verdict)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
      expect(counting(report)).toEqual(['external-volume-missing']);
      expect(fails(report)).toBe(true);
    });
  });
});
