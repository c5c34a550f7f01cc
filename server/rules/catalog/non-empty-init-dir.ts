import { addVariable } from '../../fixes/environment.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { asSure, keptByServer, placeOf } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule } from '../rule.ts';

interface Initialised {
  readonly families: RegExp;
  /** What a directory that is in use holds. */
  readonly done: RegExp;
  /** Entries that the initialisation does not mind. */
  readonly ignored: RegExp;
  readonly program: string;
}

const SERVERS: readonly Initialised[] = [
  {
    families: /^(postgres|pgvector|postgis|timescaledb)$/,
    done: /^PG_VERSION$/,
    ignored: /^$/,
    program: 'initdb',
  },
  {
    families: /^(mysql|percona-server)$/,
    done: /^(mysql|ibdata1|mysql\.ibd)$/,
    ignored: /^(\.|lost\+found$)/,
    program: 'mysqld --initialize',
  },
];

const rule: Rule = {
  name: 'non-empty-init-dir',
  severity: 'warning',
  summary: 'The data directory of a new database is not empty, and the server refuses to initialise it.',
  rationale:
    'PostgreSQL and MySQL make a new database only in an empty directory. A `.gitkeep`, a `README` or the `lost+found` of a disk is enough to keep them from starting, again and again. A folder below the mount solves it for PostgreSQL.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - ./pg:/var/lib/postgresql/data   # holds .gitkeep\n',
  good: 'services:\n  db:\n    image: postgres:16\n    environment:\n      PGDATA: /var/lib/postgresql/data/pgdata\n    volumes:\n      - ./pg:/var/lib/postgresql/data   # holds .gitkeep\n',
  fixSafety: 'safe',
  fixNote: 'There is no database in the folder yet, so none can be lost from sight.',
  since: '0.2.0',
  references: ['https://hub.docker.com/_/postgres'],
  *check({ analysed: { project, services }, files }) {
    for (const analysed of services) {
      const { match } = analysed.image;
      const server = SERVERS.find(({ families }) => families.test(match?.family.id ?? ''));
      if (!server || match?.lookalike) continue;
      for (const one of keptByServer(analysed)) {
        const place = placeOf(one, analysed, project);
        // From 18 on the mount is a folder above the one that is initialised.
        if (place?.root !== 'host' || one.store.path === '/var/lib/postgresql') continue;
        const entries = files.list(place.inside);
        const first = entries.find(({ name }) => !server.ignored.test(name));
        if (!first || entries.some(({ name }) => server.done.test(name))) continue;
        const shown = place.mount.sourceText ?? place.inside;
        yield {
          severity: asSure('warning', one.store.confidence),
          message: `${shown} holds ${first.name} and no database: ${server.program} refuses a directory that is not empty, and ${one.store.title} does not start`,
          span: place.mount.sourceSpan ?? place.mount.span,
          service: analysed.service.name,
          store: one.store,
          related: relatedOf(one),
          fixes: () => (server.program === 'initdb' ? below(analysed, place.mount.target, one.store.path) : []),
        };
      }
    }
  },
};

/** PostgreSQL takes a folder below the mount. */
function below({ service, environment }: AnalysedService, target: string, path: string | null): Fix[] {
  if (path !== target || service.environment.has('PGDATA')) return [];
  if ((environment.get('PGDATA')?.value ?? target) !== target) return [];
  const value = `${target}/pgdata`;
  const edits = addVariable(service, 'PGDATA', value);
  return edits ? [{ title: `Initialise it in ${value}`, safety: 'safe', edits }] : [];
}

export default rule;
