import * as path from 'node:path';
import { catalogue } from '../catalogue/load.ts';
import type { Catalogue } from '../catalogue/model.ts';
import { extendCatalogue } from '../catalogue/user-images.ts';
import { type DirectoryEntry, type FileKind, type Files, UnreadableFile } from '../files.ts';
import { RULES } from '../generated/rules.ts';
import type { History } from '../history/model.ts';
import { bareProject } from '../project/bare.ts';
import type { Project } from '../project/model.ts';
import { guarded } from '../rules/guards.ts';
import { type Finding, type Rule, type RuleContext, type Subject, subjectsOf } from '../rules/rule.ts';
import { runFrom } from '../rules/run-from.ts';
import { isTranslated } from '../rules/scripts/translations.ts';
import type { Script } from '../scripts/model.ts';
import { readScript } from '../scripts/read.ts';
import { readStarted } from '../scripts/started.ts';
import { analyseProject } from '../stores/analyse.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { Recall } from '../stores/recall.ts';
import { shownAt } from '../syntax/origin.ts';
import type { Source } from '../syntax/source.ts';
import { projectAround } from './around.ts';
import { committed } from './before.ts';
import { load, rootOf } from './load.ts';
import type { InputError, Linter, Outcome, Selection, Settings } from './model.ts';
import { type Paths, Reads } from './reads.ts';
import { ephemeralServices, suppress } from './suppressions.ts';
import { unusedSuppressions } from './unused.ts';

const NO_HISTORY: History = { past: () => null };

const NAMES: ReadonlySet<string> = new Set(RULES.map((rule) => rule.name));

const rulesAbout = (...subjects: readonly Subject[]): readonly Rule[] =>
  RULES.filter((rule) => subjectsOf(rule).some((one) => subjects.includes(one)));

/** Each rule once, in its place among all. */
const RULES_ABOUT = {
  project: rulesAbout('project', 'image'),
  image: rulesAbout('image'),
  script: rulesAbout('script'),
  started: rulesAbout('started'),
} satisfies Readonly<Record<Subject, readonly Rule[]>>;

export function createLinter(files: Files, history: History = NO_HISTORY): Linter {
  const recall = new Recall();
  return {
    lint: (selection, settings) => lint(files, recall, history, selection, settings),
    review: (now, watch) => recall.review(now, watch),
  };
}

async function lint(
  disk: Files,
  recall: Recall,
  history: History,
  selection: Selection,
  settings: Settings,
): Promise<Outcome> {
  const { files, reads } = recorded(disk);
  const linting = { files, recall, history, selection, settings, catalogue: catalogueFor(settings) };
  try {
    const judged = await (selection.kind === 'script' ? judgeScript(linting) : judgeProject(linting));
    const guarded = guard(judged.found, judged.context.analysed, files, selection, settings);
    const levelled = withSettings(guarded, settings);
    const { project } = judged.analysed;
    const { kept, unused } = suppress(levelled, sourcesOf(project, levelled), NAMES);
    const all = [...kept, ...withSettings(unusedSuppressions(unused), settings)];
    const findings = all.map(atOrigin).sort(byPlace);
    return { analysed: judged.analysed, findings, errors: missingDockerfiles(project, files), reads };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const failure: InputError = { file: error.path, message: error.message };
    return { analysed: nothing(selection, []), findings: [], errors: [failure], reads };
  }
}

interface Linting {
  readonly files: Files;
  readonly recall: Recall;
  readonly history: History;
  readonly selection: Selection;
  readonly settings: Settings;
  readonly catalogue: Catalogue;
}

interface Judgement {
  /** What was selected. */
  readonly analysed: AnalysedProject;
  readonly context: RuleContext;
  readonly found: readonly Finding[];
}

async function judgeProject({ files, recall, history, selection, catalogue }: Linting): Promise<Judgement> {
  const round = recall.begin();
  const project = round.get(`project ${JSON.stringify(selection)}`, [], files, (traced) => load(traced, selection));
  const analysed = await analyseProject(project, { catalogue, files, round });
  if (project.imageOnly) {
    const context: RuleContext = { analysed, files };
    const found = findings(context, RULES_ABOUT.image).map(({ service: _, ...finding }) => finding);
    return { analysed: nothing(selection, project.files), context, found };
  }
  const past = await history.past([...new Set([...selection.files, ...project.files.map(({ path }) => path)])]);
  const before = past && (await committed(past, project, selection, { files, catalogue }));
  const keep: RuleContext['keep'] = (key, within, compute) => round.get(key, [], within, compute);
  const context = { analysed, files, keep, ...(past ? { past } : {}), ...(before ? { before } : {}) };
  const found = [...findings(context, RULES_ABOUT.project), ...(await judgeStarted(context))];
  return { analysed, context, found };
}

/** The commands that the services of a project are started with. */
async function judgeStarted(context: RuleContext): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { service } of context.analysed.services) {
    const script = await readStarted(service);
    if (script) found.push(...findings({ ...context, script }, RULES_ABOUT.started));
  }
  return found;
}

/** Its commands, with the project around it in mind. */
async function judgeScript({ files, recall, selection, catalogue }: Linting): Promise<Judgement> {
  const source = files.read(selection.files[0] ?? '');
  const script = await readScript(source);
  const analysed = nothing(selection, [source]);
  // Most scripts are about other things; what stands around them need not be known then.
  if (!script || !saysAnything(script)) return { analysed, context: { analysed, files }, found: [] };
  const around = await projectAround(source, rootOf(selection), { catalogue, files, recall });
  const context = { analysed: around ?? analysed, files, script };
  const found = findings(context, RULES_ABOUT.script).filter(({ span }) => !isTranslated(span, files));
  return { analysed, context, found };
}

const saysAnything = ({ parts, settings }: Script): boolean =>
  settings.length > 0 || parts.some(({ commands }) => commands.length > 0);

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
  // A file that is not run from its own folder is looked for in the wrong place.
  return errors.size > 0 && runFrom(project, files) !== undefined ? [] : [...errors.values()];
}

/** Notes every path that is looked at, and looks once: a project is judged as it stood at one time. */
function recorded(disk: Files): { files: Files; reads: Paths } {
  const reads = new Reads();
  const kinds = new Map<string, FileKind>();
  const texts = new Map<string, Source>();
  const lists = new Map<string, readonly DirectoryEntry[]>();
  const once = <T>(known: Map<string, T>, file: string, look: (file: string) => T): T => {
    let answer = known.get(file);
    if (answer === undefined) {
      reads.add(file);
      answer = look(file);
      known.set(file, answer);
    }
    return answer;
  };
  return {
    reads,
    files: {
      read: (file) => once(texts, file, disk.read),
      kind: (file) => once(kinds, file, disk.kind),
      list: (file) => once(lists, file, disk.list),
      head: (file, bytes) => {
        reads.add(file);
        return disk.head(file, bytes);
      },
      link: (file) => disk.link(file),
      ...(disk.watch ? { watch: disk.watch } : {}),
      took: (paths) => reads.take(paths),
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

function findings(context: RuleContext, rules: readonly Rule[]): Finding[] {
  const found: Finding[] = [];
  for (const rule of rules) for (const finding of rule.check(context)) found.push({ rule: rule.name, ...finding });
  return found;
}

const BY_NAME: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.name, rule]));

function guard(
  found: readonly Finding[],
  project: AnalysedProject,
  files: Files,
  selection: Selection,
  settings: Settings,
): Finding[] {
  const root = rootOf(selection);
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

/** For what is no project by itself. */
const nothing = (selection: Selection, sources: readonly Source[]): AnalysedProject => ({
  project: bareProject('compose', path.posix.dirname(selection.files[0] ?? '/'), sources),
  services: [],
});
