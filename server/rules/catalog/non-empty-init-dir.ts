import * as path from 'node:path';
import { combine, replaceSpan } from '../../fixes/edits.ts';
import { addVariable } from '../../fixes/environment.ts';
import { addSetting } from '../../fixes/service-key.ts';
import type { Mount, Project } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure, keptByServer, placeOf } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { nameOf } from '../steps.ts';

interface Initialised {
  readonly families: RegExp;
  /** What a directory that is in use holds. */
  readonly done: RegExp;
  /** Entries that the initialisation does not mind. */
  readonly ignored: RegExp;
  readonly program: string;
  /** Also what is mounted in it counts. */
  readonly mounts?: true;
}

const SERVERS: readonly Initialised[] = [
  {
    families: /^(postgres|pgvector|postgis|timescaledb)$/,
    done: /^PG_VERSION$/,
    ignored: /^$/,
    program: 'initdb',
    mounts: true,
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
    'PostgreSQL and MySQL make a new database only in an empty directory. A `.gitkeep`, a `README` or the `lost+found` of a disk is enough to keep them from starting, again and again. A folder below the mount solves it for PostgreSQL. The same goes for a file that is mounted into the directory: the engine makes a place for it before the server starts. A database that is there already runs on, and a new machine, or a restore into a new volume, does not come up.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - ./pg:/var/lib/postgresql/data   # holds .gitkeep\n',
  good: 'services:\n  db:\n    image: postgres:16\n    environment:\n      PGDATA: /var/lib/postgresql/data/pgdata\n    volumes:\n      - ./pg:/var/lib/postgresql/data   # holds .gitkeep\n',
  fixSafety: 'both',
  fixNote:
    'Where there is no database in the folder yet, none can be lost from sight. A configuration that is mounted elsewhere is read as before; what a failed start has left in the volume has to be looked at first.',
  since: '0.2.0',
  references: [
    'https://hub.docker.com/_/postgres',
    'https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh',
  ],
  *check({ analysed: { project, services }, files }) {
    for (const analysed of services) {
      const { match } = analysed.image;
      const server = SERVERS.find(({ families }) => families.test(match?.family.id ?? ''));
      if (!server || match?.lookalike) continue;
      for (const one of keptByServer(analysed)) {
        // From 18 on the mount is a folder above the one that is initialised.
        if (one.store.path === '/var/lib/postgresql') continue;
        const place = placeOf(one, analysed, project);
        const entries = place?.root === 'host' ? files.list(place.inside) : [];
        if (entries.some(({ name }) => server.done.test(name))) continue;
        if (server.mounts) yield* mountedInside(project, analysed, one);
        const first = entries.find(({ name }) => !server.ignored.test(name));
        if (!place || !first) continue;
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

function* mountedInside(
  project: Project,
  analysed: AnalysedService,
  one: AnalysedStore,
): Iterable<Omit<Finding, 'rule'>> {
  const { store, backing } = one;
  const { mounts } = analysed.service;
  for (const mount of mounts) {
    if (mount.unresolved.length > 0 || mount.target === store.path || !isWithin(mount.target, store.path!)) continue;
    // Who has a volume from elsewhere has a database in it.
    const severity = backing.type === 'external-volume' ? 'info' : 'warning';
    yield {
      severity: asSure(severity, store.confidence),
      message: `${mount.target} is mounted into the data directory: in a new volume ${store.path} is not empty then, initdb refuses it, and ${store.title} does not start`,
      span: mount.targetSpan,
      service: analysed.service.name,
      store,
      related: relatedOf(one),
      fixes: () => elsewhere(project, analysed, one, mount),
    };
  }
}

/** Settings that name a file of the configuration, by the name that it has in the data directory. */
const FILES: Readonly<Record<string, string>> = {
  'postgresql.conf': 'config_file',
  'pg_hba.conf': 'hba_file',
  'pg_ident.conf': 'ident_file',
};

/** Beside the data, as the image's own documentation has it; only where no command of its own has to be taken apart. */
function elsewhere(project: Project, analysed: AnalysedService, { store }: AnalysedStore, mount: Mount): Fix[] {
  const { service, image } = analysed;
  const name = path.posix.basename(mount.target);
  const setting = path.posix.dirname(mount.target) === store.path ? FILES[name] : undefined;
  const target = `/etc/postgresql/${name}`;
  if (!setting || service.command || service.entrypoint || image.stage || mount.from !== 'volumes') return [];
  if (textOf(mount.targetSpan) !== mount.target || service.mounts.some((other) => isWithin(target, other.target)))
    return [];
  const value = `postgres -c ${setting}=${target}`;
  const added = addSetting(service, { attribute: 'command', value, key: 'Exec' });
  const edits = added && combine([replaceSpan(mount.targetSpan, target)], added);
  if (!edits) return [];
  const runs = runsOf(project);
  const data = service.mounts.find((other) => other.target === store.path && other.type === 'volume')?.source;
  const left =
    data === undefined
      ? []
      : [
          `See what the volume holds: ${runs.command(project, `run --rm -v ${nameOf(project, data)}:/data alpine ls -lA /data`)}. If that is an empty ${name} and nothing else, a start that failed has left it: remove that file. Everything else is a database: leave it as it is`,
        ];
  const steps = [...left, `Apply this change, then: ${runs.up(project, service)}`];
  return [{ title: `Mount ${name} at ${target}, and tell the server so`, safety: 'migration', edits, steps }];
}

/** PostgreSQL takes a folder below the mount. */
function below({ service, environment }: AnalysedService, target: string, path: string | null): Fix[] {
  if (path !== target || service.environment.has('PGDATA')) return [];
  if ((environment.get('PGDATA')?.value ?? target) !== target) return [];
  const value = `${target}/pgdata`;
  const edits = addVariable(service, 'PGDATA', value);
  return edits ? [{ title: `Initialise it in ${value}`, safety: 'safe', edits }] : [];
}

export default rule;
