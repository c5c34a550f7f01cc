/** The generator and the product on one folder of units. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diskFiles } from '../../../server/files.ts';
import type { Project } from '../../../server/project/model.ts';
import { KNOWN_KEYS } from '../../../server/project/quadlet/keys.ts';
import { loadQuadlet } from '../../../server/project/quadlet/load.ts';
import { ownEntries } from '../../../server/project/quadlet/model.ts';
import { kindOf } from '../../../server/project/quadlet/unit.ts';
import { last } from '../../../server/syntax/unit/lookup.ts';
import { understandCommand } from './command.ts';
import { type Generated, generate } from './generator.ts';
import { understandUnits } from './understood.ts';

export interface Comparison {
  readonly unit: string;
  /** What the generator makes of it; undefined where it refuses the unit. */
  readonly expected: unknown;
  readonly actual: unknown;
  /** Why the generator refuses it. */
  readonly refused?: string;
  /** What the product has to say of the unit, and of what it is made of. */
  readonly problems: readonly string[];
}

/** One for each container that either of them sees. */
export function compare(folder: string): Comparison[] {
  const generated = generateWithNewKeys(folder);
  const files = fs
    .readdirSync(folder)
    .filter((name) => kindOf(name) !== null && fs.statSync(path.join(folder, name)).isFile())
    .map((name) => path.posix.join(folder, name));
  const project = loadQuadlet(diskFiles(), { files });
  return files.filter((file) => file.endsWith('.container')).map((file) => compareUnit(file, generated, project));
}

function compareUnit(file: string, generated: Generated, project: Project): Comparison {
  const unit = path.posix.basename(file);
  const service = project.services.find((one) => one.unit?.path === file);
  const expected = understandCommand(generated, service?.unit?.serviceName ?? unit.replace(/\.container$/, ''));
  const sources = service?.unit?.sources.map((source) => path.posix.basename(source.path)) ?? [];
  const pod = service?.unit && last(ownEntries(service.unit), 'Pod')?.value.text;
  // A drop-in or a pod that it refuses changes what the container is.
  const refused = [unit, ...sources, pod ?? unit].flatMap((name) => generated.refused.get(name) ?? [])[0];
  const isFolderLost = generated.services.size === 0;
  return {
    unit,
    expected: refused === undefined ? expected : undefined,
    actual: service && understandUnits(project, service),
    ...(refused !== undefined ? { refused } : {}),
    problems: project.problems
      .map(({ span, message }) => ({ file: path.posix.basename(span.source.path), message }))
      // Of a folder with a unit that it cannot read, the generator takes none.
      .filter((problem) => isFolderLost || !problem.file.endsWith('.container') || problem.file === unit)
      .filter((problem) => !problem.file.endsWith('.conf') || sources.includes(problem.file))
      .map((problem) => `${problem.file}: ${problem.message}`),
  };
}

/** The generator is older than some keys: without them it says what it makes of the rest. */
function generateWithNewKeys(folder: string): Generated {
  for (let i = 0; ; i++) {
    const generated = generate(folder);
    const newer = [...generated.refused].flatMap(([file, cause]) => {
      const key = /unsupported key '([^']+)'/.exec(cause)?.[1];
      const kind = kindOf(file);
      return key !== undefined && kind && KNOWN_KEYS[kind].has(key) ? [{ file, key }] : [];
    });
    const networks = [...generated.refused.values()].flatMap(
      (cause) => /unit (\S+\.network) was not found/.exec(cause)?.[1] ?? [],
    );
    if (newer.length + networks.length === 0 || i > 20) return generated;
    // They hold no data, and are often kept elsewhere.
    for (const network of networks) fs.writeFileSync(path.join(folder, network), '[Network]\n');
    for (const { file, key } of newer) {
      const at = path.join(folder, file);
      fs.writeFileSync(at, fs.readFileSync(at, 'utf8').replace(new RegExp(`^\\s*${key}\\s*=`, 'gm'), '#$&'));
    }
  }
}
