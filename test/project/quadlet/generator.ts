/** Podman's own generator: what it makes of a folder of units. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Absolute path of the program, where it can be had. */
export const QUADLET = process.env.PERSISTENCE_QUADLET;

export interface Generated {
  /** Lines of a section of a generated service, as `key`, `value`. */
  readonly services: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  /** What it says of units that it refuses, by file name. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Runs it on the units of `folder`, which must hold no folders of units of its own. */
export function generate(folder: string): Generated {
  let output = '';
  let complaints = '';
  try {
    const result = execFileSync(QUADLET!, ['-dryrun'], {
      env: { QUADLET_UNIT_DIRS: folder },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
    });
    output = result;
  } catch (error) {
    ({ stdout: output, stderr: complaints } = error as { stdout: string; stderr: string });
  }
  if (complaints.includes('panic:')) throw new Error(`the generator breaks on ${folder}: ${complaints.slice(0, 400)}`);
  return { services: servicesIn(output), refused: refusedIn(complaints) };
}

function servicesIn(output: string): Map<string, [string, string][]> {
  const services = new Map<string, [string, string][]>();
  let lines: [string, string][] = [];
  let isService = false;
  for (const line of output.split('\n')) {
    const file = /^---(.+\.service)---$/.exec(line)?.[1];
    if (file) {
      // A container and a Kubernetes file of one name make services of one name.
      lines = services.get(path.posix.basename(file)) ?? [];
      services.set(path.posix.basename(file), lines);
    } else if (line.startsWith('[')) isService = line === '[Service]';
    else if (isService && line.includes('=') && !/^[#;]/.test(line))
      lines.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  }
  return services;
}

function refusedIn(complaints: string): Map<string, string> {
  const refused = new Map<string, string>();
  for (const [, file, cause] of complaints.matchAll(/(?:converting|error loading) "([^"]+)"[:,] (.*)/g))
    refused.set(path.posix.basename(file!), cause!);
  return refused;
}

/** Units and drop-ins of `from`, without what is no unit, in a folder of their own. */
export function copyUnits(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    if (entry.isFile() && UNIT.test(entry.name)) fs.copyFileSync(source, path.join(to, entry.name));
    if (entry.isDirectory() && DROP_INS.test(entry.name))
      fs.cpSync(source, path.join(to, entry.name), { recursive: true });
  }
}

const UNIT = /\.(container|volume|pod|kube|build|image|network|ya?ml)$/;
const DROP_INS = /(^|\.)(container|volume|pod|kube|build|image|network)\.d$/;
