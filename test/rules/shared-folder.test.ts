/** Parts of one application get one volume; services of one kind get one each. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { applyEdits } from '../../server/fixes/edits.ts';
import type { Fix } from '../../server/rules/rule.ts';
import { layOut, readCases } from './cases.ts';
import { lintFolder } from './linting.ts';

const RULE = 'sqlite-in-writable-layer';
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

async function fixOf(name: string, service?: string): Promise<Fix> {
  const folder = layOut(readCases(RULE).find((one) => one.name === name)!);
  folders.push(folder);
  const { findings } = await lintFolder(folder);
  return findings
    .find((finding) => finding.rule === RULE && finding.service === (service ?? finding.service))!
    .fixes()[0]!;
}

const after = ({ edits }: Fix): string => applyEdits(edits[0]!.source.text, edits);

test('a new volume is mounted in all parts that open the file, and declared once', async () => {
  const fix = await fixOf('two parts of one application on one file');
  expect(fix.title).toBe('Add the named volume web_data for /state, for worker as well');
  expect(after(fix).match(/- web_data:\/state/g)).toHaveLength(2);
  expect(after(fix).match(/^ {2}web_data:$/gm)).toHaveLength(1);
  expect(fix.steps?.[0]).toBe(
    'web and worker have had a file of their own each so far: see which one is to stay. These steps take that of web',
  );
});

test('the new volume is called alike from wherever it is asked for', async () => {
  const fix = await fixOf('two parts of one application on one file', 'worker');
  expect(fix.title).toBe('Add the named volume web_data for /state, for web as well');
});

test('the volume that another part has is mounted as well', async () => {
  const fix = await fixOf('a part beside the one that has the volume');
  expect(fix.title).toBe('Mount the volume shop of web at /state');
  expect(after(fix).match(/- shop:\/state/g)).toHaveLength(2);
});

test('services that are started alike keep their files apart', async () => {
  const fix = await fixOf('two of one kind, each with a file of its own');
  expect(fix.title).toBe('Add the named volume berlin_data for /state');
  expect(after(fix).match(/_data:\/state/g)).toHaveLength(1);
});
