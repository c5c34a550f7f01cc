/** What we say of a random build. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diskFiles } from '../../server/files.ts';
import { loadProject } from '../../server/project/load.ts';
import { placeFiles } from '../../server/stores/placement.ts';
import { copiedFiles, readBuildContext } from '../../server/syntax/build-context.ts';
import { dockerfileOf } from '../../server/syntax/dockerfile.ts';
import type { Outcome } from './copy-builders.ts';
import type { CopyCase } from './copy-case.ts';
import { textOf } from './copy-case.ts';

/** What the instructions that are no `refused` ones bring. */
export function claimed(one: CopyCase, refused: ReadonlySet<number>): Outcome {
  const kept = one.instructions.filter((_, i) => !refused.has(i));
  fs.writeFileSync(path.join(one.context, one.dockerfile), textOf(kept));
  const files = diskFiles();
  const compose = path.join(one.folder, 'compose.yaml');
  const service = loadProject(files, { files: [compose], shell: {} }).services[0]!;
  const stage = dockerfileOf(files.read(service.build!.dockerfile!)).stage(undefined, service.build!.args)!;
  const { image, context } = placeFiles(service, stage, files);
  return new Map([...image].map(([at, host]) => [at, described(host, context!.directory)]));
}

const described = (host: string, context: string): string =>
  fs.lstatSync(host).isSymbolicLink() ? `-> ${fs.readlinkSync(host)}` : path.relative(context, host);

/** What single instructions bring of the context, by their place in the Dockerfile. */
export function claimedBy(one: CopyCase, instructions: Iterable<number>): ReadonlyMap<number, readonly string[]> {
  const dockerfile = path.join(one.context, one.dockerfile);
  fs.writeFileSync(dockerfile, textOf(one.instructions));
  const files = diskFiles();
  const parsed = dockerfileOf(files.read(dockerfile));
  const context = readBuildContext(files, one.context, dockerfile);
  const starts = one.instructions.map((_, i) => textOf(one.instructions.slice(0, i)).length - (i === 0 ? 1 : 0));
  const claims = new Map<number, readonly string[]>();
  for (const instruction of instructions) {
    for (const [index] of parsed.stages.entries()) {
      for (const step of parsed.stage(String(index), one.args)!.steps) {
        if (step.kind !== 'copy' || step.copy.span.start !== starts[instruction]) continue;
        claims.set(
          instruction,
          copiedFiles(context, step.copy).map(({ file, destination }) => `${file} -> ${destination}`),
        );
      }
    }
  }
  return claims;
}
