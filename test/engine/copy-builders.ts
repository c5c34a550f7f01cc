/** Real builds of random contexts, and what they put where. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CopyCase } from './copy-case.ts';
import { textOf } from './copy-case.ts';
import { BASE, USUAL_DIRECTORIES } from './copy-dockerfile.ts';
import type { EngineUnderTest } from './engines.ts';
import { run, succeed } from './shell.ts';

/** Where -> which file of the context, `archive!` for what was in one, or `-> target` for a link. */
export type Outcome = ReadonlyMap<string, string>;

export interface Built {
  readonly files: Outcome;
  /** The instructions that the builder refuses, by their place in the Dockerfile, each with what it said. */
  readonly refused: ReadonlyMap<number, string>;
}

/** Stages are built beside each other: of one that is ended since another fails, the builder may say only this. */
const ENDED_FOR_ANOTHER = /context canceled/;

/** What a step may be refused for; the others only take part in what the steps are. */
const STEPS = /^(?:copy|add|workdir)\s/i;

/** The builder refuses the ignore file, and with it every instruction. */
const REFUSED_IGNORE_FILE = /excludepatterns|exclusion pattern|error checking context: syntax error/;

/** A pattern among the sources is refused, and nobody says which. */
const REFUSED_SOURCE = /invalid includepatterns/;

interface Failure {
  readonly message: string;
  /** The instruction it is about, as they stand in the Dockerfile; undefined where it is about none. */
  readonly instruction?: number;
}

/** Builds into a folder; null when all went well. */
export type Build = (one: CopyCase, instructions: readonly string[], folder: string) => Promise<Failure | null>;

const docker = (engine: EngineUnderTest): string => path.join(engine.environment.PATH!.split(':')[0]!, 'docker');

export async function makeBase(engine: EngineUnderTest, folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const lines = ['FROM scratch', ...USUAL_DIRECTORIES.split(' ').map((at) => `WORKDIR ${at}`), 'WORKDIR /'];
  fs.writeFileSync(path.join(folder, 'Dockerfile'), textOf(lines));
  await succeed(docker(engine), ['buildx', 'build', '-q', '-t', BASE, folder], { env: engine.environment });
}

const options = ({ context, dockerfile, args }: CopyCase): string[] => [
  ...[...args].flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  '-f',
  path.join(context, dockerfile),
  context,
];

export const buildKit =
  (engine: EngineUnderTest): Build =>
  async (one, instructions, folder) => {
    const command = ['buildx', 'build', '--progress=plain', '-o', `type=local,dest=${folder}`, ...options(one)];
    const { code, stderr } = await run(docker(engine), command, { env: engine.environment });
    if (code === 0) return null;
    const line = /parse error on line (\d+)/.exec(stderr)?.[1] ?? /^ *(\d+) \| >>>/m.exec(stderr)?.[1];
    let seen = 0;
    const instruction = instructions.findIndex((text) => {
      seen += text.split('\n').length;
      return seen >= Number(line);
    });
    return { message: stderr, ...(instruction >= 0 && { instruction }) };
  };

export const classic =
  (engine: EngineUnderTest): Build =>
  async (one, _, folder) => {
    const env = { ...engine.environment, DOCKER_BUILDKIT: '0' };
    // What is cached may be an image that another build is about to remove.
    const { code, stdout, stderr } = await run(docker(engine), ['build', '--no-cache', ...options(one)], { env });
    const step = /^Step (\d+)\//gm;
    if (code !== 0) {
      const last = [...stdout.matchAll(step)].at(-1);
      return { message: stderr, ...(last && { instruction: Number(last[1]) - 1 }) };
    }
    const image = /^Successfully built (\w+)$/m.exec(stdout)![1]!;
    const container = (await succeed(docker(engine), ['create', image, 'x'], { env })).trim();
    await succeed(docker(engine), ['cp', `${container}:/.`, folder], { env });
    await succeed(docker(engine), ['rm', container], { env });
    await succeed(docker(engine), ['image', 'rm', '--force', image], { env });
    return null;
  };

/** Takes out what the builder refuses, one after the other, until it builds the rest. */
export async function builtWith(build: Build, one: CopyCase): Promise<Built | 'ignore file' | 'source'> {
  const refused = new Map<number, string>();
  const output = path.join(one.folder, 'output');
  let again = 5;
  for (;;) {
    const kept = one.instructions.flatMap((_, i) => (refused.has(i) ? [] : i));
    const instructions = kept.map((i) => one.instructions[i]!);
    const text = textOf(instructions);
    fs.writeFileSync(path.join(one.context, one.dockerfile), text);
    fs.rmSync(output, { recursive: true, force: true });
    const failure = await build(one, instructions, output);
    if (failure === null) {
      const known = new Map(one.known).set(Buffer.from(text).toString('latin1'), one.dockerfile);
      return { files: outcomeOf(output, known), refused };
    }
    const { message, instruction } = failure;
    if (REFUSED_IGNORE_FILE.test(message)) return 'ignore file';
    if (REFUSED_SOURCE.test(message)) return 'source';
    if (instruction === undefined && ENDED_FOR_ANOTHER.test(message) && again-- > 0) continue;
    if (instruction === undefined || !STEPS.test(instructions[instruction]!))
      throw new Error(`the build fails altogether:\n${message}`);
    refused.set(kept[instruction]!, message.trim().split('\n').at(-1)!);
  }
}

function outcomeOf(folder: string, known: ReadonlyMap<string, string>): Outcome {
  const found = new Map<string, string>();
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const host = path.join(entry.parentPath, entry.name);
    const at = `/${path.relative(folder, host)}`;
    if (entry.isSymbolicLink() && at !== '/etc/mtab') found.set(at, `-> ${fs.readlinkSync(host)}`);
    const from = entry.isFile() ? known.get(fs.readFileSync(host, 'latin1')) : undefined;
    if (from !== undefined) found.set(at, from);
  }
  return found;
}
