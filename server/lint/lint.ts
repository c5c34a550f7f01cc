import * as path from 'node:path';
import { catalogue } from '../catalogue/load.ts';
import type { Catalogue } from '../catalogue/model.ts';
import { extendCatalogue } from '../catalogue/user-images.ts';
import { type FileKind, type Files, UnreadableFile } from '../files.ts';
import { RULES } from '../generated/rules.ts';
import type { History } from '../history/model.ts';
import { loadProject } from '../project/load.ts';
import type { Project } from '../project/model.ts';
import { guarded } from '../rules/guards.ts';
import type { Finding, Rule, RuleContext } from '../rules/rule.ts';
import { analyseProject } from '../stores/analyse.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { Recall } from '../stores/recall.ts';
import { shownAt } from '../syntax/origin.ts';
import type { Source } from '../syntax/source.ts';
import { committed } from './before.ts';
import type { InputError, Linter, Outcome, Selection, Settings } from './model.ts';
import { ephemeralServices, suppress } from './suppressions.ts';
import { unusedSuppressions } from './unused.ts';

const NO_HISTORY: History = { past: () => null };

const NAMES: ReadonlySet<string> = new Set(RULES.map((rule) => rule.name));

export function createLinter(files: Files, history: History = NO_HISTORY): Linter {
  const recall = new Recall();
  return { lint: (selection, settings) => lint(files, recall, history, selection, settings) };
}

async function lint(
  disk: Files,
  recall: Recall,
  history: History,
  selection: Selection,
  settings: Settings,
): Promise<Outcome> {
  const { files, reads } = recorded(disk);
  try {
    const project = loadProject(files, { ...selection, shell: process.env });
    const catalogue = catalogueFor(settings);
    const analysed = await analyseProject(project, { catalogue, files, runtime: 'compose', recall });
    const past = await history.past([...new Set([...selection.files, ...project.files.map(({ path }) => path)])]);
    const before = past && (await committed(past, project, selection, { files, catalogue }));
    const found = findings({ analysed, files, ...(past ? { past } : {}), ...(before ? { before } : {}) });
    const levelled = withSettings(guard(found, analysed, files, selection, settings), settings);
    const { kept, unused } = suppress(levelled, sourcesOf(project, levelled), NAMES);
    const all = [...kept, ...withSettings(unusedSuppressions(unused), settings)];
    return { analysed, findings: all.map(atOrigin).sort(byPlace), errors: missingDockerfiles(project, files), reads };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const failure: InputError = { file: error.path, message: error.message };
    return { analysed: { project: emptyProject(selection), services: [] }, findings: [], errors: [failure], reads };
  }
}

/** Without its Dockerfile nothing is known of a built image: one line for each. */
function missingDockerfiles(project: Project, files: Files): InputError[] {
  const errors = new Map<string, InputError>();
  for (const { name, build } of [...project.services, ...project.inactive]) {
    if (!build || build.remote || build.unresolved.length > 0 || build.dockerfile === undefined) continue;
    const missing = [build.context, build.dockerfile].find((file) => files.kind(file) === 'missing');
    if (missing !== undefined)
      errors.set(missing, {
        file: missing,
        message: `does not exist, so nothing is known of the image that ${name} builds`,
      });
  }
  return [...errors.values()];
}

/** Notes every path that is looked at. */
function recorded(disk: Files): { files: Files; reads: Set<string> } {
  const reads = new Set<string>();
  const kinds = new Map<string, FileKind>();
  const note = <T>(path: string, result: () => T): T => {
    reads.add(path);
    return result();
  };
  return {
    reads,
    files: {
      read: (file) => note(file, () => disk.read(file)),
      kind: (file) => {
        const known = kinds.get(file);
        if (known) return known;
        const kind = note(file, () => disk.kind(file));
        kinds.set(file, kind);
        return kind;
      },
      list: (file) => note(file, () => disk.list(file)),
      head: (file, bytes) => note(file, () => disk.head(file, bytes)),
      realPath: (file) => disk.realPath(file),
    },
  };
}

const extended = new WeakMap<Settings['images'], Catalogue>();

function catalogueFor(settings: Settings): Catalogue {
  if (Object.keys(settings.images).length === 0) return catalogue();
  let known = extended.get(settings.images);
  if (!known) {
    known = extendCatalogue(catalogue(), settings.images);
    extended.set(settings.images, known);
  }
  return known;
}

function findings(context: RuleContext): Finding[] {
  return RULES.flatMap((rule) => [...rule.check(context)].map((finding) => ({ rule: rule.name, ...finding })));
}

const BY_NAME: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.name, rule]));

function guard(
  found: readonly Finding[],
  project: AnalysedProject,
  files: Files,
  selection: Selection,
  settings: Settings,
): Finding[] {
  const root = selection.root ?? path.posix.dirname(selection.files[0] ?? '/');
  const ephemeral = ephemeralServices(project);
  return guarded(found, BY_NAME, { project, files, ephemeral, root, includeTests: settings.includeTests });
}

function withSettings(found: readonly Finding[], settings: Settings): Finding[] {
  return found.flatMap((finding): Finding[] => {
    const level = settings.rules[finding.rule];
    if (level === 'off') return [];
    return [level === undefined ? finding : { ...finding, severity: level }];
  });
}

function sourcesOf(project: Project, found: readonly Finding[]): Source[] {
  return [...new Set([...project.files, ...found.map((finding) => finding.span.source)])];
}

/** What was found in a text that is a value of another file is shown at that value. */
function atOrigin(finding: Finding): Finding {
  const span = shownAt(finding.span);
  return span === finding.span ? finding : { ...finding, span };
}

const byPlace = (a: Finding, b: Finding): number => {
  const one = a.span.source.path;
  const other = b.span.source.path;
  return one < other
    ? -1
    : one > other
      ? 1
      : a.span.start - b.span.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
};

/** Two projects that share a file find the same there: one of each is enough. */
export function uniqueFindings(found: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return [...found].sort(byPlace).filter((finding) => {
    const key = `${finding.rule}\0${finding.span.source.path}\0${finding.span.start}\0${finding.span.end}\0${finding.message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function emptyProject(selection: Selection): Project {
  return {
    name: '',
    directory: path.posix.dirname(selection.files[0] ?? '/'),
    files: [],
    services: [],
    inactive: [],
    volumes: new Map(),
    roots: new Map(),
    problems: [],
    incomplete: true,
  };
}
