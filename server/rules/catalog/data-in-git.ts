import * as path from 'node:path';
import ignore from 'ignore';
import { type Files, UnreadableFile } from '../../files.ts';
import { addLines } from '../../fixes/ignore-lines.ts';
import type { Past } from '../../history/model.ts';
import { isReferenceData } from '../../stores/database-files.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { asSure, isKept, type Place, placeOf } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule } from '../rule.ts';
import { runFrom } from '../run-from.ts';
import { secretInGit } from '../secrets-in-git.ts';
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
    const place = placeOf(one, analysed, project);
    if (place?.root === 'host') yield { one, place };
  }
}

/** Whether a `.gitignore` leaves the path out, from the top of the working tree down to the path itself. */
function isIgnored(at: string, top: string, files: Files): boolean {
  const parts = path.posix.relative(top, at).split('/');
  const folders = [...parts, ''].map((_, i) => path.posix.join(top, ...parts.slice(0, i)));
  const lists = [
    { folder: top, file: path.posix.join(top, '.git/info/exclude') },
    ...folders.map((folder) => ({ folder, file: path.posix.join(folder, '.gitignore') })),
  ];
  return lists.some(({ folder, file }) => {
    const text = textOf(file, files);
    if (text === null) return false;
    const rules = ignore().add(text);
    const inside = path.posix.relative(folder, at);
    // A pattern may name the folder, or what lies in it.
    const named = inside === '' ? ['x'] : [inside, `${inside}/`, `${inside}/x`];
    return named.some((name) => rules.ignores(name));
  });
}

function textOf(file: string, files: Files): string | null {
  try {
    return files.kind(file) === 'file' ? files.read(file).text : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

/** A pull and a checkout of another commit leave alone what has changed here; these do not. */
const UNDONE = '`git reset --hard`, `git checkout -- .` or `git stash`';

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
    const isText = file !== at && BY_HAND.test(file);
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
  if (!isThere && ![...analysed.placed.running.values()].some((file) => WAL.test(textOf(file, files) ?? ''))) return;
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
    'The data of a database, or the keys in `.env`, lie in the working tree, and git tracks them or does not ignore them.',
  rationale:
    'Git takes the files of its working tree for its own. `git reset --hard`, `git checkout -- .` and `git stash` put the committed state of tracked files back below a running server, and `git clean` deletes what is neither tracked nor ignored. A line in `.gitignore` keeps git away from the data. The same goes for `.env` with the keys and passwords that data was made with, and a login at a server elsewhere opens that server to whoever reads the repository. What is tracked already has to leave the index as well: `git rm --cached` does that and keeps the files.',
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
        const { tracked, unverified } = written(all, at, one);
        const first = tracked[0];
        if (first === undefined && all.length > 0) continue;
        if (first === undefined && isIgnored(at, past.top, files)) {
          yield* logs(analysed, one, place, past, files);
          continue;
        }
        const shown = path.posix.relative(past.top, at);
        yield {
          severity:
            first === undefined ? 'info' : asSure('warning', one.store.confidence, unverified ? 'memory' : undefined),
          message:
            first === undefined
              ? `git does not ignore ${shown}: \`git clean -fd\` deletes the ${one.store.title} data in it, and \`git add\` takes it along`
              : `git tracks ${path.posix.relative(past.top, first)}${tracked.length > 1 ? ` and ${tracked.length - 1} more` : ''}: ${UNDONE} puts the committed state in the place of the ${one.store.title} data of ${analysed.service.name}`,
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

/** Most are only passwords, which can be set anew; a key that data is encrypted with cannot. */
function* secrets(project: AnalysedProject, past: Past, files: Files): Iterable<Omit<Finding, 'rule'>> {
  const found = secretInGit(project, past, files, (at) => isIgnored(at, past.top, files));
  if (!found) return;
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

function ignored(at: string, isFile: boolean, { top }: Past, files: Files): Fix[] {
  const file = path.posix.join(top, '.gitignore');
  const name = `/${path.posix.relative(top, at)}`;
  const pattern = name.endsWith('/.env') ? name : `${name}${isFile ? '*' : '/'}`;
  const text = files.kind(file) === 'missing' ? { path: file, exists: false as const } : files.read(file);
  const edits = addLines(text, [pattern]);
  return edits.length > 0 ? [{ title: `Ignore ${pattern} (.gitignore)`, safety: 'safe', edits }] : [];
}

export default rule;
