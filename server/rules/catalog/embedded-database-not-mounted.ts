import type { AnalysedService } from '../../stores/model.ts';
import { classOf } from '../../stores/source/technologies.ts';
import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

/** In the program's own folder it is the file that has no home: the folder itself is no place for a volume. */
const named = ({ image }: AnalysedService, directory: string): boolean =>
  directory === '/' || directory === image.workdir;

const rule: Rule = {
  name: 'embedded-database-not-mounted',
  severity: 'warning',
  summary: 'The application keeps an embedded database in a folder that is in no volume.',
  rationale:
    'bbolt, Badger, LevelDB, RocksDB, H2, DuckDB and their like are files that the program itself writes. Without a volume they are part of the container, and are gone at the next `up --build`. A restart keeps them, which is why the loss shows only at the next deploy. Mount the folder: logs and locks lie beside the data.',
  bad: 'services:\n  app:\n    build: .   # main.go: bbolt.Open("/app/data/app.db", 0600, nil)\n',
  good: 'services:\n  app:\n    build: .\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote:
    'A new volume starts with what the image holds there. No fix is offered where the data lies among the program: move it to a folder of its own first.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'missing')) {
      const { analysed, one, directory } = loss;
      const { role, technology } = one.store;
      if (role !== 'embedded' || technology === 'sqlite' || classOf(technology) !== 'database') continue;
      const place = named(analysed, directory) ? one.store.path : directory;
      const what = one.store.isFile ? `${dataOf(one)} ${one.store.path}` : dataOf(one);
      yield finding(context, loss, 'warning', {
        message: `no volume for ${place}: ${what} ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

export default rule;
