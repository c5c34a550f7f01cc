import * as path from 'node:path';
import { isReferenceData } from '../../stores/database-files.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { type Filled, filledElsewhere } from '../filled-elsewhere.ts';
import { fateSentence, finding, type Loss, losses } from '../losses.ts';
import { isDead, readingOf, variablesOf } from '../read-by.ts';
import type { Finding, Rule, RuleContext, Severity } from '../rule.ts';
import { folderFix } from '../shared-folder.ts';

type Missing = Loss<'missing'>;

/** In the program's own folder it is the file that has no home: the folder itself is no place for a volume. */
const named = ({ image }: AnalysedService, directory: string): boolean =>
  directory === '/' || directory === image.workdir;

const rule: Rule = {
  name: 'sqlite-in-writable-layer',
  severity: 'error',
  summary: 'The application keeps a SQLite database in a folder that is in no volume.',
  rationale:
    'A SQLite database is a file, with a write-ahead log beside it. In a folder without a mount it belongs to the container and is deleted with it. Mount the folder, not the file: the log and the shared-memory file have to lie beside it.',
  bad: 'services:\n  app:\n    build: .\n    environment:\n      DATABASE_URL: sqlite:////app/data/app.db\n',
  good: 'services:\n  app:\n    build: .\n    environment:\n      DATABASE_URL: sqlite:////app/data/app.db\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote:
    'A new volume starts with what the image holds there. No fix is offered where the database lies among the program: move it to a folder of its own first.',
  since: '0.1.0',
  references: ['https://www.sqlite.org/wal.html'],
  *check(context) {
    const all: Missing[] = [];
    for (const loss of found(context)) {
      const filled = filledElsewhere(loss.one, loss.analysed, context);
      if (filled) yield twoFiles(context, loss, filled);
      else all.push(loss);
    }
    for (const [loss, ...others] of byFolder(all)) {
      const { analysed, one, directory } = loss!;
      const beside = others.map((other) => path.posix.basename(other.one.store.path!));
      const like = beside.length > 0 ? `, like ${beside.join(' and ')} beside it,` : '';
      const told = finding(context, loss!, severityOf(loss!, context), {
        message: `no volume for ${named(analysed, directory) ? one.store.path : directory}: the SQLite database ${one.store.path}${like} ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => folderFix(context, loss!, all),
      });
      yield { ...told, related: [...told.related, ...others.flatMap((other) => other.one.store.evidence)] };
    }
  },
};

/** A volume for this one alone would keep an empty file. */
function twoFiles(context: RuleContext, loss: Missing, { by, one }: Filled): Omit<Finding, 'rule'> {
  const { analysed } = loss;
  const told = finding(context, loss, 'info', {
    message: `the SQLite database ${loss.one.store.path} is not the one that ${by.service.name} fills: ${analysed.service.name} only reads it, each container has a file of its own, and this one stays empty. A volume in both services, with the file in it, makes them one`,
    span: analysed.service.key,
    fixes: () => [],
  });
  return { ...told, related: [...told.related, ...one.store.evidence] };
}

const isFromUrl = ({ one }: Missing): boolean =>
  one.store.evidence.some((because) => because.from === 'environment' && because.confidence === 'primary');

function found(context: RuleContext): Missing[] {
  return [...losses(context, 'missing')].filter((loss) => {
    const { store } = loss.one;
    if (store.role !== 'embedded' || store.technology !== 'sqlite') return false;
    // What comes with the program is there again in every image.
    if (!isFromUrl(loss) && isReferenceData(path.posix.basename(store.path!))) return false;
    return !isDead(loss.one, loss.analysed, context);
  });
}

/** A URL says what opens it; that a variable names a file does not say that anything opens the file. */
function severityOf(loss: Missing, context: RuleContext): Severity {
  if (isFromUrl(loss)) return 'error';
  const names = variablesOf(loss.one, loss.analysed);
  const isRead = names.length === 0 || names.some((name) => readingOf(name, loss.analysed, context) === 'named');
  return isRead ? 'warning' : 'info';
}

/** Files that lie in one folder of a service, and that the same becomes of: the surest first. */
function byFolder(all: readonly Missing[]): Missing[][] {
  const folders = new Map<string, Missing[]>();
  for (const loss of all) {
    const { analysed, one, directory } = loss;
    const key = JSON.stringify([analysed.service.name, directory, one.backing.type, one.store.unless, isFromUrl(loss)]);
    const same = folders.get(key);
    if (same) same.push(loss);
    else folders.set(key, [loss]);
  }
  return [...folders.values()];
}

export default rule;
