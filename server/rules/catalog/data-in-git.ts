import * as path from 'node:path';
import type { Files } from '../../files.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import { addLines } from '../../fixes/ignore-lines.ts';
import type { Past } from '../../history/model.ts';
import type { Mount, Project } from '../../project/model.ts';
import { isReferenceData } from '../../stores/database-files.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { dataFiles } from '../data-files.ts';
import { isIgnored, readText } from '../git-ignores.ts';
import { hostPlaceOf } from '../host-folder.ts';
import { asSure, isKept, type Place } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule } from '../rule.ts';
import { runFrom } from '../run-from.ts';
import { runsOf } from '../runs.ts';
import { secretsInGit } from '../secrets-in-git.ts';
import { BY_HAND, WRITTEN_TEXT } from '../written-text.ts';

/** Files that only keep a folder in git, or say what it is for. */
const MARKERS = /(^|\/)(\.git(keep|ignore|attributes)|\.keep|README[^/]*)$/i;

/** Compose files that are there to be copied and run elsewhere. */
const TEMPLATES = /^(.+\/)?(docs?|documentation|examples?|samples?|templates?)(\/|$)/i;

/** Data of servers, and databases that the application opens, in a folder of the working tree. */
function* onHost(
  analysed: AnalysedService,
  { project }: AnalysedProject,
): Iterable<{ one: AnalysedStore; place: Place }> {
  if (analysed.service.broken || analysed.image.match?.lookalike) return;
  for (const one of analysed.stores) {
    if (!isKept(one) || one.store.evidence[0].from === 'mount' || one.backing.readOnly) continue;
    const place = hostPlaceOf(one, analysed, project);
    if (place) yield { one, place };
  }
}

/** A pull and a checkout of another commit leave alone what has changed here; these do not. */
const UNDONE = '`git reset --hard`, `git checkout -- .` or `git stash`';

/** What people write and compilers read: no server writes any of it. */
const SOURCES =
  /\.(go|rs|java|kts?|scala|cs|fs|vb|c|cc|cpp|h|hpp|m|swift|dart|zig|hs|exs?|erl|clj|tsx?|jsx|vue|svelte|proto)$|(^|\/)(go\.mod|Cargo\.toml|pom\.xml|[^/]+\.csproj)$/i;

/** Servers in whose folders nobody writes programs; of others extensions and plugins stand among the data. */
const ONLY_DATA = new Set(['database', 'cache', 'queue', 'search', 'timeseries', 'vector', 'objectstore']);

/** The files of a program that stand where a server is told to keep its data. */
function sourcesIn(files: readonly string[], { store }: AnalysedStore, { image }: AnalysedService): readonly string[] {
  if (store.role !== 'server' || !ONLY_DATA.has(image.match?.family.category ?? '')) return [];
  const own = files.filter((file) => !MARKERS.test(file));
  // Beside a source stand its build file and its texts; anything else may be data.
  return own.every((file) => SOURCES.test(file) || BY_HAND.test(file)) ? own.filter((file) => SOURCES.test(file)) : [];
}

/** All that is there now, and all that is known to come, is left out by name, though the folder is not. */
function areFilesIgnored(at: string, one: AnalysedStore, analysed: AnalysedService, past: Past, files: Files): boolean {
  const ignored = (name: string): boolean => isIgnored(path.posix.join(at, name), past.top, files);
  const named = dataFiles(one, analysed, files);
  if (named !== null) return named.every(ignored);
  const there = files
    .list(at)
    .filter(({ name }) => !MARKERS.test(name) && past.tracked(path.posix.join(at, name)).length === 0);
  return there.length > 0 && there.every(({ name }) => ignored(name));
}

/** Of the files that git tracks those that the program writes. */
function written(
  files: readonly string[],
  at: string,
  { store }: AnalysedStore,
): { readonly tracked: readonly string[]; readonly unverified: boolean } {
  const own = store.role === 'server' ? WRITTEN_TEXT[store.technology] : undefined;
  const tracked: string[] = [];
  let sure = false;
  for (const file of files) {
    if (MARKERS.test(file)) continue;
    const isText = file !== at && (BY_HAND.test(file) || SOURCES.test(file));
    if (isText && !own?.files.test(path.posix.relative(at, file))) continue;
    tracked.push(file);
    // Pictures that a project ships stand beside those that its users bring.
    sure ||= store.technology !== 'uploads' && (!isText || own?.unverified !== true);
  }
  return { tracked, unverified: !sure };
}

const WAL = /journal_mode\W{0,4}(=|\bTO\b|,|:)?\W{0,4}wal\b/i;

/** `*.db` leaves out the database, but not what SQLite writes beside it while it is open. */
function* logs(
  analysed: AnalysedService,
  { store }: AnalysedStore,
  { mount, inside: at }: Place,
  past: Past,
  files: Files,
): Iterable<Omit<Finding, 'rule'>> {
  const log = `${at}-wal`;
  if (!store.isFile || store.technology !== 'sqlite' || past.tracked(log).length > 0) return;
  if (isIgnored(log, past.top, files)) return;
  const isThere = files.kind(log) === 'file';
  if (!isThere && ![...analysed.placed.running.values()].some((file) => WAL.test(readText(file, files) ?? ''))) return;
  const [shown, database] = [log, at].map((file) => path.posix.relative(past.top, file));
  yield {
    severity: 'info',
    message: `git ignores ${database}, but not ${shown}, which holds the latest changes while it is open: \`git clean -fd\` deletes it, and \`git add\` takes it along`,
    span: mount.sourceSpan ?? mount.span,
    service: analysed.service.name,
    store,
    related: store.evidence,
    fixes: () => ignored(`${at}-`, true, past, files),
  };
}

const rule: Rule = {
  name: 'data-in-git',
  severity: 'warning',
  summary:
    'The data of a database, or the keys in an environment file, lie in the working tree, and git tracks them or does not ignore them.',
  rationale:
    'Git takes the files of its working tree for its own. `git reset --hard`, `git checkout -- .` and `git stash` put the committed state of tracked files back below a running server, and `git clean` deletes what is neither tracked nor ignored. A line in `.gitignore` keeps git away from the data. The same goes for `.env`, and for every `env_file` that git tracks, with the keys and passwords that data was made with, and a login at a server elsewhere opens that server to whoever reads the repository. What is tracked already has to leave the index as well: `git rm --cached` does that and keeps the files.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - ./pg:/var/lib/postgresql/data   # not in .gitignore\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - ./pg:/var/lib/postgresql/data   # /pg/ in .gitignore\n',
  fixSafety: 'safe',
  fixNote: 'A line in `.gitignore` changes nothing that runs.',
  since: '0.2.0',
  references: ['https://git-scm.com/docs/git-clean'],
  *check({ analysed: project, past, files }) {
    if (!past) return;
    if (runFrom(project.project, files) !== undefined) return;
    if (TEMPLATES.test(path.posix.relative(past.top, project.project.directory))) return;
    yield* secrets(project, past, files);
    const seen = new Set<string>();
    for (const analysed of project.services) {
      for (const { one, place } of onHost(analysed, project)) {
        const at = place.inside;
        if (
          seen.has(at) ||
          at === past.top ||
          !isWithin(at, past.top) ||
          isReferenceData(path.posix.relative(past.top, at))
        )
          continue;
        seen.add(at);
        const all = past.tracked(at);
        const sources = sourcesIn(all, one, analysed);
        if (sources.length > 0) {
          yield* amongSources(project, analysed, one, place, sources, past, files);
          continue;
        }
        const { tracked, unverified } = written(all, at, one);
        const first = tracked[0];
        if (first === undefined && all.length > 0) continue;
        if (first === undefined && isIgnored(at, past.top, files)) {
          yield* logs(analysed, one, place, past, files);
          continue;
        }
        if (first === undefined && areFilesIgnored(at, one, analysed, past, files)) continue;
        const shown = path.posix.relative(past.top, at);
        yield {
          severity:
            first === undefined ? 'info' : asSure('warning', one.store.confidence, unverified ? 'memory' : undefined),
          message:
            first === undefined
              ? `git does not ignore ${shown}: \`git clean -fd\` deletes the ${one.store.title} data in it, and \`git add\` takes it along`
              : `git tracks ${path.posix.relative(past.top, first)}${more(tracked)}: ${UNDONE} puts the committed state in the place of the ${one.store.title} data of ${analysed.service.name}`,
          span: place.mount.sourceSpan ?? place.mount.span,
          service: analysed.service.name,
          store: one.store,
          related: relatedOf(one),
          fixes: () => (first === undefined ? ignored(at, one.store.isFile, past, files) : []),
        };
      }
    }
  },
};

const more = (files: readonly string[]): string => (files.length > 1 ? ` and ${files.length - 1} more` : '');

/** Where the server gives its folder to itself, it takes the sources along; and git takes its files for litter. */
function* amongSources(
  { project }: AnalysedProject,
  analysed: AnalysedService,
  one: AnalysedStore,
  { mount, inside: at }: Place,
  sources: readonly string[],
  past: Past,
  files: Files,
): Iterable<Omit<Finding, 'rule'>> {
  if (isIgnored(at, past.top, files) || areFilesIgnored(at, one, analysed, past, files)) return;
  const [shown, first] = [at, sources[0]!].map((file) => path.posix.relative(past.top, file));
  yield {
    severity: asSure('warning', one.store.confidence),
    message: `the ${one.store.title} data of ${analysed.service.name} goes into ${shown}, among sources that git tracks (${first}${more(sources)}): \`git clean -fd\` deletes the data, and a server that gives the folder to its own user takes the sources along`,
    span: mount.sourceSpan ?? mount.span,
    service: analysed.service.name,
    store: one.store,
    related: relatedOf(one),
    fixes: () => (mount.source === at ? apart(project, analysed, mount, past, files) : []),
  };
}

/** Another folder, beside the one of the sources, that git leaves alone. */
function apart(project: Project, { service }: AnalysedService, mount: Mount, past: Past, files: Files): Fix[] {
  const { source: at, sourceText, sourceSpan } = mount;
  if (!at || !sourceText || !sourceSpan || mount.from !== 'volumes' || service.unit) return [];
  if (textOf(sourceSpan) !== sourceText || !/^\.{1,2}\/[\w./-]*\w$/.test(sourceText)) return [];
  const [folder, written] = [`${at}-data`, `${sourceText}-data`];
  if (files.kind(folder) !== 'missing') return [];
  const runs = runsOf(project);
  const steps = [
    `Stop the service: ${runs.stop(project, service)}`,
    `See what git tracks in ${at}: git ls-files ${at}. Move all else into ${folder}, as root and with its owners (sudo mv)`,
    `If ${at} belongs to another user now, take it back: sudo chown -R "$(id -u):$(id -g)" ${at}`,
    'Apply this change',
    `Start again: ${runs.up(project, service)}`,
  ];
  const [ignoring] = isIgnored(folder, past.top, files) ? [] : ignored(folder, false, past, files);
  return [
    {
      title: `Keep the data in ${written}, apart from the sources`,
      safety: 'migration',
      edits: [replaceSpan(sourceSpan, written), ...(ignoring?.edits ?? [])],
      steps,
    },
  ];
}

/** Most are only passwords, which can be set anew; a key that data is encrypted with cannot. */
function* secrets(project: AnalysedProject, past: Past, files: Files): Iterable<Omit<Finding, 'rule'>> {
  for (const found of secretsInGit(project, past, files, (at) => isIgnored(at, past.top, files))) {
    const { file, entry, tracked, loss, host } = found;
    const shown = path.posix.relative(past.top, file);
    const harm =
      host !== undefined && loss === undefined
        ? `whoever reads the repository can open ${host} with it, and delete what is there`
        : `${UNDONE} puts the committed one in its place, and ${loss ?? 'what was made with another one does not open'}`;
    yield {
      severity: tracked && loss !== undefined ? 'warning' : 'info',
      message: tracked
        ? `git tracks ${shown} with ${entry.name} in it: ${harm}`
        : `git does not ignore ${shown}: \`git clean -fd\` deletes it with ${entry.name}, and \`git add\` takes it along`,
      span: entry.span,
      related: [],
      fixes: () => (tracked ? [] : ignored(file, false, past, files)),
    };
  }
}

function ignored(at: string, isFile: boolean, { top }: Past, files: Files): Fix[] {
  const file = path.posix.join(top, '.gitignore');
  const name = `/${path.posix.relative(top, at)}`;
  const pattern = name.endsWith('/.env') ? name : `${name}${isFile ? '*' : '/'}`;
  const text = files.kind(file) === 'missing' ? { path: file, exists: false as const } : files.read(file);
  const edits = addLines(text, [pattern]);
  return edits.length > 0 ? [{ title: `Ignore ${pattern} (.gitignore)`, safety: 'safe', edits }] : [];
}

export default rule;
