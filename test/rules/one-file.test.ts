/** A rule is one file and one folder of fixtures: everything else is generated. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const NAME = 'name-of-ill-omen';

const RULE = `import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: '${NAME}',
  severity: 'hint',
  summary: 'A service is called by an unlucky name.',
  rationale: 'Nobody wants to look after it.',
  bad: 'services:\\n  titanic:\\n    image: postgres:16\\n',
  good: 'services:\\n  db:\\n    image: postgres:16\\n',
  fixSafety: 'none',
  since: '0.2.0',
  *check({ analysed: { services } }) {
    for (const { service } of services)
      if (service.name === 'titanic')
        yield { severity: 'hint', message: 'it sank', span: service.key, related: [], fixes: () => [] };
  },
};

export default rule;
`;

/** What the generator reads and writes. */
const NEEDED = [
  'server',
  'scripts',
  'syntaxes',
  'docs',
  'test/reports',
  'test/rules/sections.ts',
  'package.json',
  'README.md',
  'tsconfig.json',
  'esbuild.mjs',
];

let folder = '';

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'one-rule-'));
  for (const name of NEEDED) fs.cpSync(name, path.join(folder, name), { recursive: true });
  fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
}, 60_000);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const textsBelow = (): Map<string, string> =>
  new Map(
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/node_modules|\/\.tmp/.test(entry.parentPath))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), fs.readFileSync(file, 'latin1')]),
  );

const generate = (): void => {
  execFileSync(process.execPath, ['scripts/generate.mjs'], { cwd: folder, stdio: 'pipe' });
};

test('one file by hand; the index, its page, the tables and the settings follow', () => {
  generate();
  const before = textsBelow();
  fs.writeFileSync(path.join(folder, `server/rules/catalog/${NAME}.ts`), RULE);
  generate();
  const changed = [...textsBelow()].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
  expect(changed.sort()).toEqual([
    'README.md',
    `docs/rules/${NAME}.md`,
    'package.json',
    `server/generated/rules.ts`,
    `server/rules/catalog/${NAME}.ts`,
  ]);
}, 120_000);

test('the new rule runs', () => {
  const program = `
    import { RULES } from './server/generated/rules.ts';
    const rule = RULES.find(({ name }) => name === '${NAME}');
    const service = { name: 'titanic', key: 'its place' };
    console.log(JSON.stringify([...rule.check({ analysed: { services: [{ service }] } })]));`;
  const bundle = path.join(folder, 'run.mjs');
  execFileSync(
    path.resolve('node_modules/.bin/esbuild'),
    ['--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=error', `--outfile=${bundle}`],
    { cwd: folder, input: program, stdio: 'pipe' },
  );
  const found = JSON.parse(execFileSync(process.execPath, [bundle], { cwd: folder, encoding: 'utf8' })) as unknown;
  expect(found).toEqual([{ severity: 'hint', message: 'it sank', span: 'its place', related: [] }]);
}, 60_000);
