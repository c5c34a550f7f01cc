/** An image is one data file and no code. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFamilies, readFolder } from '../../scripts/catalogue.mjs';
import { catalogueOf } from '../../server/catalogue/load.ts';
import { RULES } from '../../server/generated/rules.ts';
import { loadProject } from '../../server/project/load.ts';
import { analyseProject } from '../../server/stores/analyse.ts';
import { memory } from '../lint/memory.ts';
import { CATALOGUE, FILES } from './families.ts';

const LEDGER = `title: Ledger
images:
  - docker.io/shop/ledger
category: database
state: stateful
confidence: primary

data:
  - path: /var/lib/ledger
    kind: essential
    need: required
    holds: the books

volumesKnown: true

durability: { default: durable }

sources:
  - { repo: shop/ledger, path: Dockerfile }
`;

const COMPOSE = 'services:\n  books:\n    image: shop/ledger:3\n';

let folder = '';

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'catalogue-'));
  for (const { file, text } of FILES) fs.writeFileSync(path.join(folder, path.basename(file)), text);
  fs.writeFileSync(path.join(folder, 'ledger.yaml'), LEDGER);
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

async function found(catalogue: typeof CATALOGUE) {
  const files = memory({ 'compose.yaml': COMPOSE });
  const project = loadProject(files, { files: ['/w/compose.yaml'], shell: {} });
  const analysed = await analyseProject(project, { catalogue, files });
  return RULES.flatMap((rule) =>
    [...rule.check({ analysed, files })].map((finding) => ({ rule: rule.name, ...finding })),
  );
}

test('a file in the folder makes an image known', async () => {
  const { families, problems } = readFamilies(readFolder(folder));
  expect(problems).toEqual([]);
  expect(families).toHaveLength(CATALOGUE.families.length + 1);
  const findings = await found(catalogueOf(families));
  expect(findings.map(({ rule, severity, message, span }) => [rule, severity, message, span.start, span.end])).toEqual([
    [
      'missing-volume',
      'error',
      'no volume for /var/lib/ledger: Ledger data is deleted when the container is recreated (up --build, pull, down)',
      COMPOSE.indexOf('books'),
      COMPOSE.indexOf('books') + 'books'.length,
    ],
  ]);
});

test('without the file nothing is known of it, and nothing is said', async () => {
  expect(await found(CATALOGUE)).toEqual([]);
});
