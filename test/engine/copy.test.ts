/**
 * What we say that COPY and ADD bring, against what the builder brings, for random contexts. PERSISTENCE_COPIES says how
 * many, PERSISTENCE_SEED which comes first. Of an ignore file that the builder refuses it brings nothing, and so do we.
 * Not compared are steps that it refuses for a source which nobody has made yet: there we say what comes with the others
 * once it is made.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Build, type Built, buildKit, builtWith, classic, makeBase, type Outcome } from './copy-builders.ts';
import { type CopyCase, copyCase } from './copy-case.ts';
import { claimed, claimedBy } from './copy-claims.ts';
import { engines } from './engines.ts';
import { inParallel } from './shell.ts';

const SEED = Number(process.env.PERSISTENCE_SEED ?? 1);

interface Figures {
  compared: number;
  copied: number;
  refused: number;
  ignoreFileRefused: number;
}

const lines = (outcome: Outcome): string[] => [...outcome].map(([at, file]) => `${at} = ${file}`).sort();

/** Which files an archive holds is not ours to say: it is right to name the archive itself in the folder it went to. */
function archivesKept(ours: Outcome, theirs: Outcome): Outcome {
  const kept = new Map(theirs);
  for (const [at, archive] of ours) {
    if (theirs.get(at) === archive) continue;
    const members = [...theirs].filter(([, file]) => file === `${archive}!`).map(([member]) => member);
    if (members.some((member) => path.dirname(member) === path.dirname(at))) kept.set(at, archive);
  }
  return new Map([...kept].filter(([, file]) => !file.endsWith('!')));
}

function differences(one: CopyCase, { files, refused }: Built): string[] {
  const ours = claimed(one, new Set(refused.keys()));
  const ourLines = lines(ours);
  const theirLines = lines(archivesKept(ours, files));
  const found = [
    ...ourLines.filter((line) => !theirLines.includes(line)).map((line) => `only we:   ${line}`),
    ...theirLines.filter((line) => !ourLines.includes(line)).map((line) => `only they: ${line}`),
  ];
  for (const [instruction, claims] of claimedBy(one, refused.keys())) {
    if (claims.length === 0 || isForMissing(one, refused.get(instruction)!)) continue;
    found.push(`refused: ${one.instructions[instruction]}\n  ${refused.get(instruction)}\n  we: ${claims.join(', ')}`);
  }
  return found;
}

/** What is left out of the context, but there, is not missing. */
function isForMissing({ context }: CopyCase, message: string): boolean {
  const source = /"([^"]*)": not found$/.exec(message)?.[1];
  if (source === undefined) return message.endsWith(': no such file or directory');
  return !fs.existsSync(path.join(context, source));
}

const NOTHING: Built = { files: new Map(), refused: new Map() };

/** What differs for one seed; empty for nothing. */
async function compared(build: Build, seed: number, whole: boolean, home: string, figures: Figures): Promise<string> {
  const one = await copyCase(seed, path.join(home, String(seed)), whole);
  try {
    const built = await builtWith(build, one);
    if (built === 'source') return '';
    figures.compared += built === 'ignore file' ? 0 : 1;
    figures.ignoreFileRefused += built === 'ignore file' ? 1 : 0;
    figures.copied += built === 'ignore file' ? 0 : built.files.size;
    figures.refused += built === 'ignore file' ? 0 : built.refused.size;
    const found = differences(one, built === 'ignore file' ? NOTHING : built);
    return found.length > 0 ? [one.shown, ...found].join('\n') : '';
  } catch (error) {
    return `${one.shown}\n${error instanceof Error ? error.message : String(error)}`;
  } finally {
    fs.rmSync(one.folder, { recursive: true });
  }
}

/** Few enough for one test to end in time. */
const AT_ONCE = 24;
const batches = (usual: number): { seeds: number[]; from: number; to: number }[] => {
  const count = Number(process.env.PERSISTENCE_COPIES ?? usual);
  return Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, i) => {
    const from = SEED + i * AT_ONCE;
    const seeds = Array.from({ length: Math.min(AT_ONCE, SEED + count - from) }, (_, j) => from + j);
    return { seeds, from, to: seeds.at(-1)! };
  });
};

describe.each(engines().filter(({ name }) => name === 'docker26'))('$name', (engine) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'copies-'));
  beforeAll(() => makeBase(engine, path.join(home, 'base')));
  afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

  describe.each([
    { name: 'BuildKit', build: buildKit(engine), whole: false, usual: 24 },
    { name: 'classic', build: classic(engine), whole: true, usual: 12 },
  ])('$name', ({ name, build, whole, usual }) => {
    test.each(batches(usual))('random contexts from seed $from to $to', async ({ seeds, from, to }) => {
      const figures: Figures = { compared: 0, copied: 0, refused: 0, ignoreFileRefused: 0 };
      const wrong: string[] = [];
      await inParallel(3, seeds, async (seed) => {
        const found = await compared(build, seed, whole, path.join(home, name), figures);
        if (found !== '') wrong.push(found);
      });
      console.log(`${name}, seeds ${from} to ${to}: ${JSON.stringify(figures)}`);
      if (wrong.length > 0) throw new Error(`${wrong.length} of ${seeds.length} differ:\n${wrong.join('\n\n')}`);
    });
  });
});
