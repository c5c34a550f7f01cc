/**
 * Random edits through the incremental path. PERSISTENCE_FUZZ: how many (a few thousand by default); PERSISTENCE_SEED:
 * another run; PERSISTENCE_CORPUS: a folder of Compose files to edit as well.
 */
import { expect, test } from 'vitest';
import { type Base, bases } from './bases.ts';
import { below, seeded } from './edits.ts';
import { Session } from './session.ts';

const EDITS = Number(process.env.PERSISTENCE_FUZZ ?? 3000);
const SEED = Number(process.env.PERSISTENCE_SEED ?? 1);
const BATCH = 20;

const all = bases();
const others = all.flatMap(({ files }) => Object.values(files)).filter((text) => text.length > 0);
const each = Math.ceil(EDITS / all.length);

async function run(base: Base, seed: number): Promise<void> {
  const random = seeded(seed);
  const session = new Session(base);
  try {
    for (let done = 0; done < each; done += BATCH) {
      if (random() < 0.3) session.reset();
      for (let edit = 0; edit < Math.min(BATCH, each - done); edit++) {
        session.edit(others, random);
        if (below(random, 4) === 0) await session.lint();
      }
      expect(session.astray()).toBeUndefined();
      expect(await session.lint()).toBe(await session.fresh());
    }
  } catch (error) {
    throw new Error(`seed ${seed}, ${base.name}:\n${session.shown()}`, { cause: error });
  } finally {
    session.stop();
  }
}

test.each(all.map((base, index) => ({ name: base.name, base, seed: SEED * 1000 + index })))(
  `$name: ${each} edits`,
  ({ base, seed }) => run(base, seed),
  20_000 + each * 200,
);

test.each([
  ['a number with a line separator as a key', 'services:\n  1\u2028: {image: a}\n'],
  ['a number with a line separator', 'services:\n  s: {image: postgres:16, user: 1\u2028}\n'],
])('once failed: %s', async (name, text) => {
  const session = new Session({ name, files: { 'compose.yaml': text } });
  try {
    expect(await session.lint()).toBe(await session.fresh());
  } finally {
    session.stop();
  }
});
