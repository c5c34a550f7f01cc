/** Finds the stores of programs in Go, Java, PHP, Ruby and Rust. */
import * as path from 'node:path';
import type { Source } from '../../../syntax/source.ts';
import { commonRoot, isCounted } from '../counted.ts';
import { type GrammarName, parsersFor } from '../grammars.ts';
import type { ScanFailure, SourceScan, SourceStore } from '../model.ts';
import { parseTree, type SyntaxNode } from '../tree.ts';
import { type Building, NOTHING_BUILT } from './built.ts';
import type { Language, Module } from './code.ts';
import { FILES } from './files.ts';
import { mayOpenStore, storesIn } from './find.ts';
import { readGo } from './go.ts';
import { goFiles } from './go-programs.ts';
import { readJava } from './java.ts';
import { javaFiles } from './java-programs.ts';
import { readPhp } from './php.ts';
import { phpUploads } from './php-uploads.ts';
import { Program } from './program.ts';
import { readRuby } from './ruby.ts';
import { readRust } from './rust.ts';
import { rustFiles } from './rust-programs.ts';
import { Values } from './values.ts';

interface Reader {
  readonly read: (path: string, text: string, root: SyntaxNode) => Module;
  /** Those of the files that the container's program is made of. */
  readonly counted?: (sources: readonly Source[], manifests: readonly Source[], building: Building) => Source[];
}

const READERS: Readonly<Record<Language, Reader>> = {
  go: { read: readGo, counted: goFiles },
  java: { read: readJava, counted: javaFiles },
  php: { read: readPhp },
  ruby: { read: readRuby },
  rust: { read: readRust, counted: rustFiles },
};

const LANGUAGES = Object.keys(READERS) as Language[];

/** Not part of what runs, in these languages. */
const OUTSIDE = /(?:^|\/)(?:testdata|benches|samples?|demo|seeds|testing|testutils?|vendor|target|gems)\//;

/** Larger files are data or generated code. */
const MAX_LENGTH = 1024 * 1024;

/** Whoever types a command has another one at every edit. */
const MAX_SCANS = 64;

const modules = new WeakMap<Source, Module | string>();

interface PlainOptions {
  readonly root?: string;
  readonly building?: Building;
}

/** The same files are scanned at every edit, and for each service that is built from them. */
const scans = new WeakMap<readonly Source[], Map<string, Promise<SourceScan>>>();

/** @param sources the files of one application, with the manifests of its programs; not changed afterwards */
export function scanPlain(sources: readonly Source[], options: PlainOptions = {}): Promise<SourceScan> {
  const known = scans.get(sources) ?? new Map<string, Promise<SourceScan>>();
  scans.set(sources, known);
  const key = JSON.stringify(options);
  const before = known.get(key);
  if (before) return before;
  if (known.size > MAX_SCANS) known.clear();
  const scan = scanAnew(sources, options);
  known.set(key, scan);
  // What could not be loaded may be had the next time.
  const forget = (): void => void known.delete(key);
  scan.then(({ failures }) => failures.length > 0 && forget(), forget);
  return scan;
}

async function scanAnew(
  sources: readonly Source[],
  { root, building = NOTHING_BUILT }: PlainOptions,
): Promise<SourceScan> {
  const directory = (root ?? commonRoot(sources.map((source) => source.path))).replace(/\/$/, '');
  const stores: SourceStore[] = [];
  const failures: ScanFailure[] = [];
  for (const language of LANGUAGES) {
    const reader = READERS[language];
    const files = sources.filter(({ path: at }) => FILES[language].ends.test(at) && isApplication(at, directory));
    if (!files.some((source) => mayOpenStore(source, language))) continue;
    const manifests = sources.filter(({ path: at }) => FILES[language].manifest?.test(at));
    const counted = reader.counted?.(files, manifests, building) ?? files;
    const openers = counted.filter((source) => mayOpenStore(source, language));
    if (openers.length > 0) await collect(language, counted, openers, stores, failures);
  }
  return { stores, failures };
}

function isApplication(file: string, root: string): boolean {
  const inner = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : path.posix.basename(file);
  return isCounted(file, root) && !OUTSIDE.test(inner);
}

async function collect(
  language: Language,
  files: readonly Source[],
  openers: readonly Source[],
  stores: SourceStore[],
  failures: ScanFailure[],
): Promise<void> {
  const fail = (file: string, message: string): void => void failures.push({ file, message });
  const names = new Set<GrammarName>([language]);
  try {
    const make = (await parsersFor(names)).get(language)!;
    const program = new Program(language, files, (source) => {
      const known = modules.get(source) ?? read(source, language, make);
      modules.set(source, known);
      if (typeof known !== 'string') return known;
      fail(source.path, known);
      return null;
    });
    const values = new Values(program);
    for (const source of openers) {
      const module = program.module(source);
      if (!module) continue;
      try {
        stores.push(...storesIn(module, source, program, values), ...phpUploads(module, source, program, values));
      } catch (error) {
        fail(source.path, `the code could not be followed: ${text(error)}`);
      }
    }
  } catch (error) {
    fail(openers[0]!.path, `the parser could not be loaded: ${text(error)}`);
  }
}

type MakeParser = Awaited<ReturnType<typeof parsersFor>> extends ReadonlyMap<GrammarName, infer T> ? T : never;

function read(source: Source, language: Language, make: MakeParser): Module | string {
  if (source.text.length > MAX_LENGTH) return 'is too large to be searched for stores (over 1 MB)';
  const parser = make();
  try {
    return READERS[language].read(source.path, source.text, parseTree(parser, source.text));
  } catch (error) {
    return `could not be searched for stores: ${text(error)}`;
  } finally {
    parser.delete();
  }
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
