import * as path from 'node:path';
import { isReferenceData } from '../../stores/database-files.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { volumeFix } from '../fixes.ts';
import { fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

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
    for (const loss of losses(context, 'missing')) {
      const { analysed, one, directory } = loss;
      if (one.store.role !== 'embedded' || one.store.technology !== 'sqlite') continue;
      const fromEnvironment = one.store.evidence.some(
        (because) => because.from === 'environment' && because.confidence === 'primary',
      );
      // What comes with the program is there again in every image.
      if (!fromEnvironment && isReferenceData(path.posix.basename(one.store.path!))) continue;
      yield finding(context, loss, fromEnvironment ? 'error' : 'warning', {
        message: `no volume for ${named(analysed, directory) ? one.store.path : directory}: the SQLite database ${one.store.path} ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

export default rule;
