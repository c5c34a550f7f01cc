import { runAtStart } from '../../fixes/dockerfile-start.ts';
import type { Project } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { coveringMount } from '../../survival/backing.ts';
import { copyOut, rebuild } from '../image/containers.ts';
import { type Made, madeIn } from '../image/made.ts';
import { oncePerPlace } from '../image/once.ts';
import { handsOn } from '../image/start.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule } from '../rule.ts';

/** The container is told of a database server: what a build makes without one is not what it uses. */
const SERVER_URL =
  /^(?:jdbc:)?(?:postgres(?:ql)?|postgis|mysql2?|mariadb|mssql|sqlserver|oracle|cockroachdb|mongodb)(?:\+\w+)?:\/\//i;
const SERVER_HOST = /(?:^|_)(?:DB|DATABASE|POSTGRES|PG|MYSQL|MARIADB|SQL)_?HOST(?:NAME)?$/i;

const usesServer = ({ environment }: AnalysedService): boolean =>
  [...environment].some(
    ([name, { value, evidence }]) =>
      evidence.from !== 'dockerfile' &&
      ((value !== null && SERVER_URL.test(value)) || (SERVER_HOST.test(name) && value !== '')),
  );

const VERBS = { migrates: 'migrates', fills: 'fills', creates: 'makes' } as const;

function placed({ path }: Made, { service }: AnalysedService): string {
  const mount = path === null ? undefined : coveringMount(path, service.mounts);
  if (!mount) return 'a container without a mount there starts from this copy at every recreate';
  if (mount.type === 'volume' && !mount.nocopy)
    return `a new volume at ${mount.target} is filled with it once, and what later builds make there never reaches it`;
  return `it lies below ${mount.target}, where a mount hides it`;
}

function findingOf(analysed: AnalysedService, made: Made, project: Project): Omit<Finding, 'rule'> {
  const { making, command, text, store, path } = made;
  const what =
    path === null
      ? 'whatever database it finds'
      : store
        ? `the ${store.store.title} database ${path}`
        : `a database in ${path}`;
  return {
    severity: path === null ? 'info' : 'warning',
    message: `database made by the build: ${making.name} ${VERBS[making.kind]} ${what} inside the image, as it is at build time; ${placed(made, analysed)}`,
    span: text.at(command.start, command.end),
    service: analysed.service.name,
    ...(store ? { store: store.store } : {}),
    related: store ? relatedOf(store) : [],
    fixes: () => fixesFor(analysed, made, project),
  };
}

/** A migration that is the whole of its step can be run by the container instead. */
function fixesFor(analysed: AnalysedService, { making, command, text, run, path }: Made, project: Project): Fix[] {
  const {
    service,
    image: { stage },
  } = analysed;
  if (
    !handsOn(analysed) ||
    making.kind !== 'migrates' ||
    text.commands.length !== 1 ||
    !stage ||
    command.assigns ||
    command.redirections.length > 0
  )
    return [];
  const edits = runAtStart(stage, run, text.text.slice(command.start, command.end));
  if (!edits) return [];
  const at = path ?? 'the database';
  return [
    {
      title: `Run ${making.name} when the container starts, not when the image is built`,
      safety: 'migration',
      edits,
      steps: [
        `See that ${at} lies in a volume, and copy out what the running container has: ${copyOut(project, service, path ?? '<path of the database>')}`,
        'Apply this change',
        `${rebuild(project, service)}. The migration then runs on the database that is mounted`,
      ],
    },
  ];
}

const rule: Rule = {
  name: 'database-made-by-build',
  severity: 'warning',
  summary: 'A RUN step makes a database, which becomes part of the image.',
  rationale:
    'A migration, a seed or `sqlite3` in a RUN step works on a database inside the image. Without a volume every new container starts from that copy again, and what was written since is gone. With a volume it is copied once, into the empty volume: migrations of later builds never reach the data. No server can be reached while an image is built, so such a step works on a file or on a server of its own.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: RUN python manage.py migrate\n',
  good: 'services:\n  app:\n    build: .\n    command: sh -c "python manage.py migrate && exec gunicorn shop.wsgi"\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote:
    'Offered for a migration that is a step of its own, where the Dockerfile itself says what runs at the start. Seeds are not moved: they would run again and again.',
  since: '0.2.0',
  about: 'image',
  *check({ analysed: { project, services } }) {
    yield* oncePerPlace(
      services.flatMap((analysed) =>
        madeIn(analysed)
          .filter(({ making, path }) => making.kind === 'creates' || path !== null || !usesServer(analysed))
          .map((made) => findingOf(analysed, made, project)),
      ),
    );
  },
};

export default rule;
