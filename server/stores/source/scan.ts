/** Finds the stores that an application opens itself: embedded databases and indexes. */
import type { Source } from '../../syntax/source.ts';
import type { Language, Module } from './code.ts';
import { commonRoot, isCounted, isGenerated } from './counted.ts';
import { storesIn } from './find.ts';
import { djangoStores, flaskStores } from './frameworks.ts';
import { type GrammarName, grammarOf, parsersFor } from './grammars.ts';
import { readJavaScript } from './javascript.ts';
import type { ScanFailure, SourceScan, SourceStore } from './model.ts';
import { multerUploads } from './multer.ts';
import { Names } from './names.ts';
import { mayConfigureStore, mayOpenStore, usesStoreLibrary } from './openers.ts';
import { openProgram } from './program.ts';
import { readPython } from './python.ts';
import { pythonUploads } from './python-uploads.ts';
import { requestFiles } from './request-files.ts';
import { parseTree } from './tree.ts';
import { Values } from './values.ts';

export type { SourceScan } from './model.ts';

/** Larger files are data or generated code. */
const MAX_LENGTH = 1024 * 1024;
const MAX_CACHED = 500;
const MAX_SCANS = 64;

export interface ScanOptions {
  /** The application's directory; else the one that holds all the files. */
  readonly root?: string;
}

const languageOf = (file: string): Language | null => {
  const grammar = grammarOf(file);
  return grammar === 'python' ? 'python' : grammar && 'javascript';
};

interface Reading {
  readonly module: Module | null;
  readonly failure?: string;
}

interface Traits {
  readonly language: Language | null;
  readonly opens: boolean;
  readonly configures: boolean;
}

const traits = new WeakMap<Source, Traits>();
const readings = new WeakMap<Source, Reading>();
/** For sources read anew with the text they had before. Oldest first. */
const byText = new Map<string, { readonly text: string; readonly reading: Reading }>();
/** The last scans, latest first: one for each application of a project. */
let scans: readonly {
  readonly inputs: readonly Source[];
  readonly root: string | undefined;
  readonly scan: Promise<SourceScan>;
}[] = [];

/**
 * @param inputs the files of one application: all that are copied into its image
 */
export function scanSources(inputs: readonly Source[], { root }: ScanOptions = {}): Promise<SourceScan> {
  const before = scans.find((one) => one.root === root && sameSources(one.inputs, inputs));
  const latest = before ?? { inputs, root, scan: scanAnew(inputs, root) };
  scans = [latest, ...scans.filter((one) => one !== before)].slice(0, MAX_SCANS);
  return latest.scan;
}

const sameSources = (a: readonly Source[], b: readonly Source[]): boolean =>
  a === b || (a.length === b.length && a.every((source, index) => source === b[index]));

async function scanAnew(inputs: readonly Source[], root: string | undefined): Promise<SourceScan> {
  const failures: ScanFailure[] = [];
  const directory = (root ?? commonRoot(inputs.map((source) => source.path))).replace(/\/$/, '');
  const files = new Map<string, Source>();
  for (const source of inputs) {
    if (traitsOf(source).language && isCounted(source.path, directory)) files.set(source.path, source);
  }
  const openers = [...files.values()].filter((source) => traitsOf(source).opens);
  const configured = [...files.values()].find((source) => traitsOf(source).configures);
  const first = openers[0] ?? configured;
  if (!first) return { stores: [], failures };

  const languages = new Set<Language | null>(openers.map((source) => traitsOf(source).language));
  if (configured) languages.add('python');
  const names = new Set<GrammarName>();
  for (const source of files.values()) {
    if (languages.has(traitsOf(source).language)) names.add(grammarOf(source.path)!);
  }
  let parse: (source: Source) => Reading;
  try {
    parse = reader(await parsersFor(names));
  } catch (error) {
    scans = [];
    return {
      stores: [],
      failures: [{ file: first.path, message: `the parser could not be loaded: ${text(error)}` }],
    };
  }
  const failed = new Set<string>();
  const read = (source: Source): Module | null => {
    const { module, failure } = readingOf(source, parse);
    if (failure && !failed.has(source.path)) {
      failed.add(source.path);
      failures.push({ file: source.path, message: failure });
    }
    return module;
  };
  const values = new Values(new Names(openProgram(files, read, languageOf, usesStores)));
  const stores: SourceStore[] = [];
  let started = performance.now();
  for (const source of openers) {
    // A language server has other requests to answer in between.
    if (performance.now() - started > 40) {
      await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    }
    const module = values.names.program.module(source.path);
    if (module)
      collect(stores, failures, source.path, () => [
        ...storesIn(module, values),
        ...multerUploads(module, values),
        ...requestFiles(module, values),
      ]);
  }
  if (configured) {
    collect(stores, failures, configured.path, () => [
      ...flaskStores(values),
      ...djangoStores(values),
      ...pythonUploads(values),
    ]);
  }
  return { stores, failures };
}

function collect(stores: SourceStore[], failures: ScanFailure[], file: string, find: () => SourceStore[]): void {
  try {
    stores.push(...find());
  } catch (error) {
    failures.push({ file, message: `the code could not be followed: ${text(error)}` });
  }
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const usesStores = (source: Source): boolean => {
  const { language } = traitsOf(source);
  return language !== null && usesStoreLibrary(source, language);
};

function traitsOf(source: Source): Traits {
  let known = traits.get(source);
  if (!known) {
    const language = languageOf(source.path);
    known = {
      language,
      opens: language !== null && mayOpenStore(source, language),
      configures: language !== null && mayConfigureStore(source, language),
    };
    traits.set(source, known);
  }
  return known;
}

function readingOf(source: Source, parse: (source: Source) => Reading): Reading {
  const known = readings.get(source);
  if (known) return known;
  const before = byText.get(source.path);
  const reading = before?.text === source.text ? before.reading : parse(source);
  readings.set(source, reading);
  byText.delete(source.path);
  byText.set(source.path, { text: source.text, reading });
  if (byText.size > MAX_CACHED) byText.delete(byText.keys().next().value!);
  return reading;
}

type Parsers = Awaited<ReturnType<typeof parsersFor>>;

function reader(parsers: Parsers): (source: Source) => Reading {
  return (source) => {
    if (source.text.length > MAX_LENGTH)
      return { module: null, failure: 'is too large to be searched for stores (over 1 MB)' };
    if (isGenerated(source.text)) return { module: null };
    const parser = parsers.get(grammarOf(source.path)!)?.();
    if (!parser) return { module: null };
    try {
      const root = parseTree(parser, source.text);
      const make = languageOf(source.path) === 'python' ? readPython : readJavaScript;
      return { module: make(source.path, source.text, root) };
    } catch (error) {
      return { module: null, failure: `could not be searched for stores: ${text(error)}` };
    } finally {
      parser.delete();
    }
  };
}
