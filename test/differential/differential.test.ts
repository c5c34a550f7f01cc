/**
 * `model` against Compose itself. What Compose said of the named cases is recorded beside them, so they are compared
 * everywhere; random projects need Compose: `PERSISTENCE_COMPOSE` is its path, or it is found as `docker compose`.
 *
 *     PERSISTENCE_REQUIRE=compose      fail where there is no Compose
 *     PERSISTENCE_DIFFERENTIAL=2000    so many random projects, PERSISTENCE_SEED for others than usual
 *     PERSISTENCE_CORPUS=<folder>      every Compose file below it, too
 *     PERSISTENCE_RECORD=1             write down what Compose says of the named cases
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Answer, askCompose, askUs, difference, findOracle, folderFor, inPool, type Oracle } from './compare.ts';
import { corpusProjects } from './corpus.ts';
import { generate } from './generate.ts';
import { KNOWN } from './known.ts';
import { type Case, formatCase, parseCase, type TestProject, writeProject } from './project.ts';

const CASES = path.join(import.meta.dirname, 'cases');
const COUNT = Number(process.env.PERSISTENCE_DIFFERENTIAL ?? 300);
const SEED = Number(process.env.PERSISTENCE_SEED ?? 20260);
const AT_ONCE = 3;

const oracle = findOracle();
const required = (process.env.PERSISTENCE_REQUIRE ?? '').split(/[\s,]+/).includes('compose');
if (!oracle && !required) {
  console.log(
    'Left out: random projects are not compared with Compose, because there is none here (PERSISTENCE_COMPOSE).',
  );
}

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'differential-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const cases = fs
  .readdirSync(CASES)
  .map((file) => parseCase(path.basename(file, '.txt'), fs.readFileSync(path.join(CASES, file), 'utf8')));

let folders = 0;
function placed(project: TestProject): string {
  const folder = folderFor(root, folders++);
  writeProject(folder, project);
  return folder;
}

/** As it is recorded: wherever the project stood. */
const recorded = (answer: Answer, folder: string): string =>
  'refused' in answer
    ? 'refused'
    : JSON.stringify(answer.model, null, 1).replaceAll(folder, '{folder}').replaceAll(path.dirname(folder), '{above}');

function expectedOf({ expected }: Case, folder: string): Answer {
  if (expected === 'refused') return { refused: 'as recorded' };
  return { model: JSON.parse(expected.replaceAll('{folder}', folder).replaceAll('{above}', path.dirname(folder))) };
}

describe('named cases', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const folder = placed(one);
    expect(difference(expectedOf(one, folder), await askUs(folder, one))).toBeNull();
  });
});

test.runIf(required && !oracle)('there is a Compose to compare with', () => {
  expect.unreachable('PERSISTENCE_REQUIRE asks for Compose, but PERSISTENCE_COMPOSE names none and none is installed');
});

describe.skipIf(!oracle)('Compose', () => {
  test('says what is recorded of the named cases', async () => {
    const stale: string[] = [];
    await inPool(cases, AT_ONCE, async (one) => {
      const folder = placed(one);
      const said = recorded(await askCompose(oracle as Oracle, folder, one), folder);
      if (said === one.expected) return;
      if (process.env.PERSISTENCE_RECORD)
        fs.writeFileSync(path.join(CASES, `${one.name}.txt`), formatCase({ ...one, expected: said }));
      else stale.push(one.name);
    });
    expect(stale).toEqual([]);
  }, 120_000);

  test.each(KNOWN.map((known) => [known.name, known] as const))('differs knowingly: %s', async (name, known) => {
    const project = { name, files: known.files, argv: [], env: {} };
    const folder = placed(project);
    expect(difference(await askCompose(oracle as Oracle, folder, project), await askUs(folder, project))).toMatch(
      known.difference,
    );
  });

  test(
    `agrees on ${COUNT} random projects, seed ${SEED}`,
    async () => {
      console.log(`Comparing ${COUNT} random projects with Compose, seed ${SEED}.`);
      expect(await compareAll([...generate(SEED, COUNT)])).toEqual([]);
    },
    60_000 + COUNT * 1000,
  );

  test.skipIf(!process.env.PERSISTENCE_CORPUS)(
    'agrees on the corpus',
    async () => {
      const different: string[] = [];
      await inPool(corpusProjects(process.env.PERSISTENCE_CORPUS!), AT_ONCE, async ({ folder, project }) => {
        const found = difference(await askCompose(oracle as Oracle, folder, project), await askUs(folder, project));
        if (found) different.push(`${project.name}: ${found}`);
      });
      expect(different).toEqual([]);
    },
    600_000,
  );
});

async function compareAll(projects: readonly TestProject[]): Promise<string[]> {
  const different: string[] = [];
  await inPool(projects, AT_ONCE, async (project) => {
    const folder = placed(project);
    const found = difference(await askCompose(oracle as Oracle, folder, project), await askUs(folder, project));
    if (found) different.push(`${project.name}: ${found}`);
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return different;
}
