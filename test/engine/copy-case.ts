/** One random build: a context, its ignore files and a Dockerfile, all on the disk. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { randomFrom } from '../differential/random.ts';
import { DockerfileDraft, WHOLE } from './copy-dockerfile.ts';
import { randomIgnoreFile } from './copy-patterns.ts';
import { allPaths, memberOf, randomTree, writeTree } from './copy-tree.ts';

export interface CopyCase {
  readonly seed: number;
  /** Holds `compose.yaml` and the context. */
  readonly folder: string;
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly instructions: readonly string[];
  readonly args: ReadonlyMap<string, string>;
  /** Text of a file -> its path in the context; of what an archive holds -> the archive's path and a `!`. */
  readonly known: ReadonlyMap<string, string>;
  /** For whom a difference is shown to. */
  readonly shown: string;
}

/** @param whole all of the context is copied, under the one ignore file that the classic builder knows too. */
export async function copyCase(seed: number, folder: string, whole: boolean): Promise<CopyCase> {
  const random = randomFrom(seed);
  // A builder keeps what it was sent from a folder of the same name, also over runs.
  const name = `context-${seed}-${Date.now().toString(36)}`;
  const context = path.join(folder, name);
  const tree = randomTree(random);
  const dockerfile = random.pick(['Dockerfile', 'Dockerfile', 'api.Dockerfile', 'docker/Dockerfile.prod']);
  // A name with a bracket that does not end is no pattern that a builder takes; it is in the tree all the same.
  const paths = allPaths(tree).filter((at) => !/\[[^\]]*$/.test(at));
  const ignoreFiles = new Map<string, string>();
  const ignored = [...paths, '.dockerignore', dockerfile];
  if (random.chance(0.75)) ignoreFiles.set('.dockerignore', randomIgnoreFile(ignored, random, '.dockerignore', whole));
  const beside = `${dockerfile}.dockerignore`;
  if (!whole && random.chance(0.15)) ignoreFiles.set(beside, randomIgnoreFile(ignored, random, beside, whole));
  const { instructions, args } = whole ? WHOLE : new DockerfileDraft(paths, tree.links, random).make();

  await writeTree(tree, context);
  fs.mkdirSync(path.dirname(path.join(context, dockerfile)), { recursive: true });
  for (const [at, text] of [...ignoreFiles, [dockerfile, textOf(instructions)] as const])
    fs.writeFileSync(path.join(context, at), text);
  const build = { context: `./${name}`, dockerfile, args: Object.fromEntries(args) };
  fs.writeFileSync(path.join(folder, 'compose.yaml'), JSON.stringify({ services: { app: { build } } }));

  const known = new Map<string, string>();
  const read = (at: string): string => fs.readFileSync(path.join(context, at), 'latin1');
  for (const at of [...tree.files.keys(), ...ignoreFiles.keys()]) known.set(read(at), at);
  for (const at of tree.archives) known.set(Buffer.from(memberOf(at)).toString('latin1'), `${at}!`);
  const list = [
    ...[...tree.files.keys(), ...tree.folders.map((at) => `${at}/`)],
    ...[...tree.links].map(([at, to]) => `${at} -> ${to}`),
  ].sort();
  const shown = [
    `seed ${seed}`,
    ...list.map((line) => `    ${JSON.stringify(line)}`),
    ...[...ignoreFiles].flatMap(([at, text]) => [`--- ${at}`, JSON.stringify(text), text.trimEnd()]),
    `--- ${dockerfile} ${JSON.stringify(Object.fromEntries(args))}`,
    textOf(instructions),
  ].join('\n');
  return { seed, folder, context, dockerfile, instructions, args, known, shown };
}

export const textOf = (instructions: readonly string[]): string => `${instructions.join('\n')}\n`;
