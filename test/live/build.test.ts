/** What a drill builds anew, and with what: without an engine. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../server/files.ts';
import { builderSays } from '../../server/live/builder.ts';
import { contextOf, DOCKERFILE } from '../../server/live/drill/build-context.ts';
import { type BuildPlan, imageTag, type Planned, planBuild } from '../../server/live/drill/build-plan.ts';
import { buildText } from '../../server/live/drill/scratch-compose.ts';
import { readTar } from '../../server/live/tar.ts';
import { writeTar } from '../../server/live/tar-write.ts';
import { load, memoryFiles } from '../project/memory.ts';
import { folder } from './helpers.ts';

const NAME = 'persistence-drill-0a1b2c3d';
const LABELS = { label: '0a1b2c3d' };

interface Setup {
  readonly build?: string;
  readonly dockerfile?: string;
  readonly images?: Readonly<Record<string, number>>;
  readonly allowed?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

/** `images`: those on the engine, with the number of their triggers. */
function planned({ build = './app', dockerfile = 'FROM busybox\n', images = { busybox: 0 }, allowed, files }: Setup) {
  const texts = {
    'compose.yaml': `services:\n  app:\n    build: ${build}\n`,
    'app/Dockerfile': dockerfile,
    'app/file.txt': 'x',
    ...files,
  };
  const project = load(texts);
  const image = async (name: string) =>
    name in images ? { id: name, created: null, volumes: [], triggers: images[name]! } : null;
  const around = { files: memoryFiles(texts), name: NAME, labels: LABELS, env: { TOKEN: 'hush' }, image };
  return planBuild(project.services[0]!, { ...around, allowed: allowed ?? false });
}

const reasonOf = (plan: Planned): string | null => ('reason' in plan ? plan.reason : null);

describe('what may be built', () => {
  test.each<[string, Setup, RegExp | null]>([
    ['files alone', { dockerfile: 'FROM busybox\nCOPY file.txt /\nENV A=1\n' }, null],
    ['nothing below it', { dockerfile: 'FROM scratch\nCOPY file.txt /\n' }, null],
    [
      'commands',
      { dockerfile: 'FROM busybox\n\nRUN  make \\\n  all\n' },
      /\(line 3 of its Dockerfile: RUN {2}make \\\)/,
    ],
    ['commands, allowed', { dockerfile: 'FROM busybox\nRUN make\n', allowed: true }, null],
    [
      'commands of a stage that it copies from',
      { dockerfile: 'FROM busybox AS a\nRUN make\nFROM busybox\nCOPY --from=a /x /x\n' },
      /RUN make/,
    ],
    [
      'commands of a stage that some builders go through',
      { dockerfile: 'FROM busybox AS a\nRUN make\nFROM busybox\nCOPY file.txt /\n' },
      /RUN make/,
    ],
    [
      'commands of a stage behind it',
      { build: '{ context: ./app, target: a }', dockerfile: 'FROM busybox AS a\nFROM busybox\nRUN make\n' },
      null,
    ],
    ['commands that the base image holds back', { images: { busybox: 2 } }, /what busybox holds back/],
    ['an address', { dockerfile: 'FROM busybox\nADD https://example.com/a /a\n' }, /ADD https/],
    ['a repository', { dockerfile: 'FROM busybox\nADD git@example.com:a.git /a\n' }, /ADD git@/],
    ['an archive that is there', { dockerfile: 'FROM busybox\nADD file.txt /a\n' }, null],
    [
      'a base image that is not there',
      { dockerfile: 'FROM redis:7\n', allowed: true },
      /^Its base image redis:7 is not on the engine, .*: docker pull redis:7$/,
    ],
    ['a base image by argument', { dockerfile: 'ARG BASE=busybox\nFROM $BASE\n' }, null],
    ['a base image that nobody names', { dockerfile: 'ARG BASE\nFROM $BASE\n' }, /^Its base image is not known/],
    [
      'an image to copy from',
      { dockerfile: 'FROM busybox\nCOPY --from=redis:7 /a /a\n' },
      /^Its base image redis:7 is not on/,
    ],
    [
      'an image to mount',
      { dockerfile: 'FROM busybox\nRUN --mount=type=bind,from=redis:7 make\n', allowed: true },
      /^Its base image redis:7 is not on/,
    ],
    [
      'a stage to mount',
      {
        dockerfile: 'FROM busybox AS a\nFROM busybox\nCOPY --from=a /a /a\nRUN --mount=from=a,target=/b make\n',
        allowed: true,
      },
      null,
    ],
    [
      'a program that reads it',
      { dockerfile: '# syntax=acme/reader:1\nFROM busybox\n' },
      /^Its Dockerfile is to be read by acme\/reader:1/,
    ],
    ['the usual program that reads it', { dockerfile: '# syntax=docker/dockerfile:1.7\nFROM busybox\n' }, null],
    ['a comment that only looks like it', { dockerfile: 'FROM busybox\n# syntax=acme/reader:1\n' }, null],
    ['no such stage', { build: '{ context: ./app, target: none }' }, /^Its Dockerfile has no stage none$/],
    ['no Dockerfile', { build: '{ context: ./app, dockerfile: none }' }, /none cannot be read$/],
    ['no folder', { build: './none' }, /none is not there$/],
    ['an address to build from', { build: 'https://example.com/a.git' }, /^It is built from an address/],
    ['a variable', { build: './$NOWHERE' }, /^NOWHERE is not set/],
    ['secrets', { build: '{ context: ./app, secrets: [a] }' }, /^Its build asks for secrets/],
    [
      'other folders',
      { build: '{ context: ./app, additional_contexts: { a: ./b } }' },
      /^Its build asks for additional_contexts/,
    ],
  ])('%s', async (_, setup, reason) => {
    const found = reasonOf(await planned(setup));
    if (reason === null) expect(found).toBeNull();
    else expect(found).toMatch(reason);
  });

  test('with what', async () => {
    const build = '{ context: ./app, target: a, network: none, args: { PLAIN: 1, TOKEN: , UNKNOWN: } }';
    const dockerfile = '# escape=`\n# syntax=docker/dockerfile:1\nFROM busybox AS a\nFROM busybox\nRUN make\n';
    const plan = await planned({ build, dockerfile, files: { 'app/.dockerignore': 'file.txt\n' } });
    expect(plan).toMatchObject({
      service: 'app',
      tag: `${NAME}-app:rebuilt`,
      labels: LABELS,
      target: 'a',
      network: 'none',
      args: { PLAIN: '1', TOKEN: 'hush' },
      // Its own reader would be fetched: the engine has the same within it.
      dockerfile: '# escape=`\nFROM busybox AS a\nFROM busybox\nRUN make\n',
      ignore: 'file.txt\n',
    });
    expect(JSON.parse(buildText(plan as BuildPlan, '/state/Dockerfile'))).toMatchObject({
      services: { app: { image: `${NAME}-app:rebuilt`, build: { dockerfile: '/state/Dockerfile', labels: LABELS } } },
    });
  });

  test('in the Compose file', async () => {
    const plan = await planned({ build: '{ context: ./app, dockerfile_inline: "FROM busybox\\nCOPY . /\\n" }' });
    expect(plan).toMatchObject({ dockerfile: 'FROM busybox\nCOPY . /\n' });
  });

  test.each([
    ['app', 'app'],
    ['Web.API_2', 'web-api-2'],
    ['___', 'service'],
  ])('the image of %s', (service, name) => {
    expect(imageTag(NAME, service)).toBe(`${NAME}-${name}:rebuilt`);
  });
});

describe('what is sent', () => {
  const plan = (context: string): BuildPlan => ({
    service: 'app',
    tag: 'x',
    labels: {},
    context,
    dockerfile: 'FROM scratch\n',
    ignore: null,
    path: path.join(context, 'Dockerfile'),
    args: {},
  });

  test('the context without what is left out', async () => {
    const at = folder();
    const long = `${'long-name/'.repeat(15)}file.txt`;
    const files = {
      Dockerfile: 'FROM scratch\n',
      '.dockerignore': 'node_modules\n*.log\n!kept/*.log\n',
      'node_modules/a.js': 'x',
      'a.log': 'x',
      'kept/b.log': 'kept',
      'run.sh': 'x'.repeat(1000),
      [long]: 'deep',
    };
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
      fs.writeFileSync(path.join(at, name), text);
    }
    fs.mkdirSync(path.join(at, 'empty'));
    fs.symlinkSync('run.sh', path.join(at, 'link'));
    fs.chmodSync(path.join(at, 'run.sh'), 0o750);
    const entries = contextOf(plan(at), diskFiles());
    expect(entries.find(({ name }) => name === 'run.sh')).toMatchObject({ content: { kind: 'file', size: 1000 } });
    expect(entries.find(({ name }) => name === 'run.sh')!.mode & 0o777).toBe(0o750);
    const limits = { entries: 100, bytesEach: 2000, bytesTotal: 1_000_000 };
    const read = await readTar(writeTar(entries), limits);
    expect(read.complete).toBe(true);
    const texts = read.entries.map(({ path: name, kind, bytes }) => [name, kind, Buffer.from(bytes).toString()]);
    expect(texts).toEqual(
      expect.arrayContaining([
        ['empty/', 'directory', ''],
        ['link', 'link', ''],
        ['kept/b.log', 'file', 'kept'],
        ['run.sh', 'file', 'x'.repeat(1000)],
        [long, 'file', 'deep'],
        [DOCKERFILE, 'file', 'FROM scratch\n'],
      ]),
    );
    expect(texts.map(([name]) => name)).not.toEqual(expect.arrayContaining(['a.log']));
    expect(texts.filter(([name]) => name!.startsWith('node_modules'))).toEqual([]);
  });

  test('a file that has shrunk meanwhile does not shift what follows', async () => {
    const at = folder();
    fs.writeFileSync(path.join(at, 'a'), 'short');
    const base = { mode: 0o644, modified: 0 };
    const entries = [
      { ...base, name: 'a', content: { kind: 'file', path: path.join(at, 'a'), size: 600 } },
      { ...base, name: 'b', content: { kind: 'text', text: 'after' } },
    ] as const;
    const read = await readTar(writeTar(entries), { entries: 9, bytesEach: 900, bytesTotal: 10_000 });
    expect(read.entries.map(({ path: name, size }) => [name, size])).toEqual([
      ['a', 600],
      ['b', 5],
    ]);
  });
});

describe('what the builder says', () => {
  const said = (...chunks: string[]) =>
    builderSays(
      (async function* () {
        for (const chunk of chunks) yield Buffer.from(chunk);
      })(),
    );

  test.each<[string, string[], string | null]>([
    ['nothing', [], null],
    ['that it is done', ['{"stream":"Step 1/2"}\n{"aux":{"ID":"sha256:1"}}\n'], null],
    ['an error', ['{"stream":"x"}\r\n{"errorDetail":{"message":"a b"},"error":"a\\n b"}\r\n'], 'a b'],
    ['an error in pieces', ['{"err', 'or":"exit ', 'code: 3"}'], 'exit code: 3'],
    ['of an error in its log', ['{"stream":"{\\"error\\": 1}"}\n'], null],
  ])('%s', async (_, chunks, reason) => {
    expect(await said(...chunks)).toBe(reason);
  });
});
