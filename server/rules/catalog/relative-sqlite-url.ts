import { replaceSpan } from '../../fixes/edits.ts';
import type { Mount } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { couldHold } from '../claims.ts';
import { fateSentence, finding, losses, relatedOf } from '../losses.ts';
import { type RelativeUrl, relativeUrl } from '../relative-url.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';
import { moveBelow } from '../steps.ts';

const rule: Rule = {
  name: 'relative-sqlite-url',
  severity: 'warning',
  summary: 'A SQLite URL is relative to the working directory and misses the mount.',
  rationale:
    'To SQLAlchemy `sqlite:///data/app.db` is a relative path: the fourth slash makes it absolute. To SQLx the same text is absolute. With the volume in another place than the working directory the database lands in the container. Without any mount that could hold it, `sqlite-in-writable-layer` reports the database.',
  bad: 'services:\n  web:\n    build: .\n    working_dir: /opt/web\n    environment:\n      DATABASE_URL: sqlite+aiosqlite:///web.db\n    volumes:\n      - web_data:/opt/web-data\n\nvolumes:\n  web_data:\n',
  good: 'services:\n  web:\n    build: .\n    working_dir: /opt/web\n    environment:\n      DATABASE_URL: sqlite+aiosqlite:////opt/web-data/web.db\n    volumes:\n      - web_data:/opt/web-data\n\nvolumes:\n  web_data:\n',
  fixSafety: 'migration',
  fixNote: 'The application looks for its database in the mount from then on: the present file has to be copied there.',
  since: '0.2.0',
  references: ['https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#connect-strings'],
  *check(context) {
    for (const loss of losses(context, 'relative')) {
      const { analysed, one, diagnosis } = loss;
      const relative = relativeUrl(analysed, one.store)!;
      const { mount } = diagnosis;
      const sure = diagnosis.sure && one.store.confidence !== 'memory';
      yield finding(context, loss, sure ? 'warning' : 'info', {
        message: sure
          ? `${relative.variable} is ${relative.url}, which is relative: the database is ${one.store.path}, not below ${mount.target}, and it ${fateSentence(context, one)}`
          : one.store.confidence === 'memory'
            ? `${relative.variable} is ${relative.url}, a relative path to SQLAlchemy and an absolute one to SQLx: to neither is the database below ${mount.target}`
            : toWorkdir(relative, mount),
        span: relative.span ?? analysed.service.key,
        fixes: () => (sure ? absolute(context, analysed, one, relative, mount) : []),
      });
    }
    for (const analysed of context.analysed.services) yield* undecided(analysed);
  },
};

/** Which directory it is relative to is not known here. */
function* undecided(analysed: AnalysedService): Iterable<Omit<Finding, 'rule'>> {
  if (analysed.service.broken) return;
  for (const one of analysed.stores) {
    const { store } = one;
    if (store.path !== null || store.technology !== 'sqlite' || store.role !== 'embedded') continue;
    const relative = relativeUrl(analysed, store);
    const mount = relative && analysed.service.mounts.find(couldHold);
    if (!relative || !mount) continue;
    yield {
      severity: 'info',
      message: toWorkdir(relative, mount),
      span: relative.span ?? analysed.service.key,
      service: analysed.service.name,
      store,
      related: relatedOf(one),
      fixes: () => [],
    };
  }
}

const toWorkdir = ({ variable, url }: RelativeUrl, mount: Mount): string =>
  `${variable} is ${url}, which is relative to the working directory of the image: the database is below ${mount.target} only if that is`;

function absolute(
  { analysed: { project } }: RuleContext,
  { service }: AnalysedService,
  { store }: AnalysedStore,
  relative: RelativeUrl,
  mount: Mount,
): Fix[] {
  const scheme = /^(?:jdbc:)?(sqlite3?(?:\+\w+)?):\/\/\//i.exec(relative.url);
  const name = store.path?.split('/').at(-1);
  if (!scheme || !relative.span || !name || store.confidence === 'memory') return [];
  const target = `${mount.target}/${name}`;
  const query = /\?.*$/s.exec(relative.url)?.[0] ?? '';
  const container = `$(docker compose ps -aq ${service.name})`;
  const compose = [
    `Stop the service and keep its container: docker compose stop ${service.name}`,
    `The database is ${store.path} in the container: docker cp -a ${container}:${store.path} ./${name}-copy (with ${name}-wal and ${name}-shm, if they are there)`,
    'Apply this change',
    `Create the new container without starting it: docker compose up --no-start ${service.name}`,
    `Copy it in: docker cp -a ./${name}-copy ${container}:${target}`,
    `Start it: docker compose start ${service.name}. Keep the copy until you have seen your data`,
  ];
  const steps =
    project.runtime === 'quadlet'
      ? moveBelow(project, service, { from: store.path!, to: target, mount, isFile: true })
      : compose;
  return [
    {
      title: `Name ${target} by its whole path`,
      safety: 'migration',
      edits: [replaceSpan(relative.span, `${scheme[0]}${target}${query}`)],
      steps,
    },
  ];
}

export default rule;
