/** The product against Podman's generator, where PERSISTENCE_QUADLET names it (test/engine/setup/quadlet.sh prints where it is). */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Comparison, compare } from './compare.ts';
import { FIXTURES } from './fixtures.ts';
import { copyUnits, QUADLET } from './generator.ts';
import { type Folder, randomFolder } from './random-units.ts';

const required = (process.env.PERSISTENCE_REQUIRE ?? '').split(',').includes('engine');
if (!QUADLET) console.log("Left out: PERSISTENCE_QUADLET names no program of Podman's to compare with.");

let work = '';
beforeAll(() => {
  work = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'units-')));
});
afterAll(() => fs.rmSync(work, { recursive: true, force: true }));

test.runIf(required)('the generator can be had', () => {
  expect(QUADLET, 'PERSISTENCE_QUADLET').toBeDefined();
});

function write(folder: string, files: Folder): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** Understood as the generator does; or refused by it, and something is said. */
function agree({ unit, expected, actual, refused, problems }: Comparison, where: string): void {
  if (expected === undefined) expect(problems, `${where}/${unit}: ${refused}`).not.toEqual([]);
  else expect(actual, `${where}/${unit}`).toEqual(expected);
}

describe.runIf(QUADLET)('as the generator understands it', () => {
  test.each(Object.entries(FIXTURES))('%s', (name, files) => {
    const folder = path.join(work, name.replaceAll(' ', '-'));
    write(folder, files);
    const found = compare(folder);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) agree(one, name);
  });

  const FOLDERS = Number(process.env.PERSISTENCE_QUADLET_FOLDERS ?? 400);
  const AT_ONCE = 50;
  const starts = Array.from({ length: Math.ceil(FOLDERS / AT_ONCE) }, (_, i) => i * AT_ONCE);
  test.each(starts)(
    'folders made by chance, from seed %i',
    (start) => {
      let understood = 0;
      for (let seed = start; seed < start + AT_ONCE; seed++) {
        const folder = path.join(work, String(seed));
        write(folder, randomFolder(seed));
        const found = compare(folder);
        for (const one of found) agree(one, folder);
        understood += found.filter(({ expected }) => expected !== undefined).length;
        fs.rmSync(folder, { recursive: true });
      }
      expect(understood).toBeGreaterThan(AT_ONCE / 2);
    },
    120_000,
  );
});

const units = process.env.PERSISTENCE_QUADLET_UNITS;

describe.runIf(QUADLET && units)('units of PERSISTENCE_QUADLET_UNITS', () => {
  test.each(units ? foldersIn(units) : [])('%s', (folder) => {
    const copy = path.join(work, folder.replaceAll('/', '_'));
    copyUnits(folder, copy);
    for (const one of compare(copy)) agree(one, folder);
  });
});

function foldersIn(folder: string): string[] {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const own = entries.some((entry) => entry.isFile() && entry.name.endsWith('.container')) ? [folder] : [];
  const below = entries.filter((entry) => entry.isDirectory() && !entry.name.endsWith('.d'));
  return [...own, ...below.flatMap(({ name }) => foldersIn(path.join(folder, name)))];
}
