/** Which files programs in Go, Java, PHP, Ruby and Rust are made of, by their names. */
import type { Language } from './code.ts';

interface Named {
  readonly ends: RegExp;
  /** Files that say how a program is made of its files. */
  readonly manifest?: RegExp;
}

export const FILES: Readonly<Record<Language, Named>> = {
  go: { ends: /(?<!_test)\.go$/, manifest: /(?:^|\/)go\.mod$/ },
  java: { ends: /(?<!Tests?|IT)\.java$/ },
  php: { ends: /(?<!Test)\.php$/ },
  ruby: { ends: /(?<!_test|_spec)\.rb$|(?:^|\/)config\.ru$/ },
  rust: { ends: /(?<!(?:^|\/)build)\.rs$/, manifest: /(?:^|\/)Cargo\.toml$/ },
};

const ALL = Object.values(FILES);

/** Whether a file may be part of such a program. */
export const isPlain = (file: string): boolean =>
  ALL.some(({ ends, manifest }) => ends.test(file) || manifest?.test(file));
