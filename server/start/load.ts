/**
 * Runs a script with what was compiled of it before. Compiling a megabyte takes longer than most of what it then does, and
 * Node keeps that by itself only from 22.1 on, and not what was compiled after the start, which is most.
 */
import * as fs from 'node:fs';
import * as module from 'node:module';
import * as path from 'node:path';
import * as vm from 'node:vm';

/** A script is an expression: a function as Node makes of a CommonJS module. */
type Wrapper = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  __filename: string,
  __dirname: string,
) => void;

export interface Loaded {
  readonly exports: unknown;
  /** `cachedDataRejected`: whether V8 did not take what it was given. */
  readonly script: vm.Script;
}

/** @param file in ASCII, as the bundler writes it */
export function load(file: string, cachedData: Buffer | undefined): Loaded {
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const loaded = { exports: {} };
  const run = script.runInThisContext() as Wrapper;
  run(loaded.exports, module.createRequire(file), loaded, file, path.dirname(file));
  return { exports: loaded.exports, script };
}
