/** Folders that a build tool makes, and empties with what it makes anew. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { isWithin } from '../survival/backing.ts';

interface Output {
  readonly folder: string;
  /** One of these stands beside it. */
  readonly beside: readonly string[];
  readonly by: string;
}

/** What deletes the whole folder, whatever is in it. */
const OUTPUTS: readonly Output[] = [
  // https://maven.apache.org/plugins/maven-clean-plugin/
  { folder: 'target', beside: ['pom.xml'], by: '`mvn clean`' },
  // https://doc.rust-lang.org/cargo/commands/cargo-clean.html
  { folder: 'target', beside: ['Cargo.toml'], by: '`cargo clean`' },
  // https://docs.gradle.org/current/userguide/base_plugin.html
  { folder: 'build', beside: ['build.gradle', 'build.gradle.kts'], by: '`gradle clean`' },
  // https://vite.dev/config/build-options.html#build-emptyoutdir
  {
    folder: 'dist',
    beside: ['vite.config.ts', 'vite.config.js', 'vite.config.mts', 'vite.config.mjs'],
    by: '`vite build`',
  },
  // https://angular.dev/reference/configs/workspace-config
  { folder: 'dist', beside: ['angular.json'], by: '`ng build`' },
];

export interface EmptiedByBuild {
  /** Absolute. */
  readonly folder: string;
  readonly by: string;
}

/** The folder of a build in which `source` lies, somewhere below `top`. */
export function buildOutputOf(source: string, top: string, files: Files): EmptiedByBuild | undefined {
  for (let at = source; at !== top && isWithin(at, top); at = path.posix.dirname(at)) {
    const name = path.posix.basename(at);
    const parent = path.posix.dirname(at);
    const found = OUTPUTS.find(
      ({ folder, beside }) =>
        folder === name && beside.some((file) => files.kind(path.posix.join(parent, file)) === 'file'),
    );
    if (found) return { folder: at, by: found.by };
  }
  return undefined;
}
