/** A file that asks for too much is refused by every front with one line that says where and why. */
import { afterEach, expect, test } from 'vitest';
import { cli, folder } from '../cli/helpers.ts';
import { PULL, start, stopAll } from '../protocol/client.ts';

afterEach(stopAll);

const LAUGHS = `x-0: &a0 [x, x, x, x, x, x, x, x, x, x]
${Array.from({ length: 9 }, (_, i) => `x-${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]\n`).join('')}services:
  db:
    image: postgres:16
    environment: *a9
    volumes: *a9
`;

const CAUSE = 'is not read: its aliases repeat more than 1,500,000 values (line 7)';

test('the command line', async () => {
  const cwd = folder({ 'compose.yaml': LAUGHS });
  const lint = await cli(cwd, ['lint', 'compose.yaml', '--format', 'json']);
  expect([lint.code, JSON.parse(lint.out).errors]).toEqual([2, [{ file: 'compose.yaml', message: CAUSE }]]);
  const pretty = await cli(cwd, ['lint', 'compose.yaml']);
  expect(pretty.err).toBe(`compose.yaml: ${CAUSE}\n`);
  const model = await cli(cwd, ['model', '-f', 'compose.yaml']);
  expect([model.code, JSON.parse(model.out).errors]).toMatchObject([2, [{ file: 'compose.yaml', message: CAUSE }]]);
});

test('an include is refused at its reference', async () => {
  const cwd = folder({ 'compose.yaml': 'include: [more.yaml]\nservices: {s: {image: a}}\n', 'more.yaml': LAUGHS });
  const model = await cli(cwd, ['model']);
  const { errors } = JSON.parse(model.out);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ file: 'compose.yaml', range: { start: { line: 0, character: 10 } } });
  expect(errors[0].message).toContain(CAUSE);
});

test('the language server says it once, and serves the other files', async () => {
  const client = await start({
    capabilities: PULL,
    files: { 'bad/compose.yaml': LAUGHS, 'good/compose.yaml': 'services: {db: {image: postgres:16}}\n' },
  });
  await client.open('bad/compose.yaml');
  expect(await client.pullItems('bad/compose.yaml')).toEqual([]);
  await client.change('bad/compose.yaml', `${LAUGHS}# more\n`);
  expect(await client.pullItems('bad/compose.yaml')).toEqual([]);
  await client.open('good/compose.yaml');
  expect(await client.pullItems('good/compose.yaml')).not.toEqual([]);
  expect(client.logged.filter((line) => line.includes(CAUSE))).toHaveLength(1);
});
