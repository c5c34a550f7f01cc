/** Which of the services that run the same code takes in what users send: the one that is asked over HTTP. */
import * as path from 'node:path';
import type { Project } from '../project/model.ts';
import { entriesIn } from '../project/quadlet/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../stores/model.ts';
import { commandsIn, shellAt } from '../stores/words.ts';
import { commandLine } from '../syntax/programs.ts';
import { last } from '../syntax/unit/lookup.ts';
import { isOneShot } from './guards.ts';

/** `server`: it answers requests. `background`: it works through a queue or a timetable, or ends. */
export type Part = 'server' | 'background' | 'unknown';

const SERVES: readonly RegExp[] = [
  /^mlflow server\b/,
  /^(?:gunicorn|uvicorn|hypercorn|daphne|uwsgi|waitress-serve|granian|puma|unicorn|thin|passenger|falcon|php-fpm|apache2-foreground|apache2ctl|httpd|nginx|caddy|frankenphp|rr)\b/,
  /^(?:python )?manage\.py runserver/,
  /^(?:flask|fastapi) (?:\S+ )*(?:run|dev)\b/,
  /^(?:rails|rackup|thrust)(?: (?:\S*\/)?rails)? (?:s|server)\b/,
  /^php (?:artisan (?:serve|octane:start)|-S)\b/,
];

/** Workers, their schedulers and their dashboards: none of them is sent a file. */
const BACKGROUND: readonly RegExp[] = [
  /^(?:\S*celery\S*|\S*flower\S*|sidekiq|resque|rq|rqworker|rqscheduler|huey_consumer\S*|dramatiq|arq|good_job|delayed_job|jobs|que|crond?|supercronic)\b/,
  /^(?:python )?manage\.py (?:qcluster|run_huey|rqworker|rqscheduler|rundramatiq|process_tasks|db_worker|runworker|celery\S*)\b/,
  /^(?:rails|rake) (?:resque:\S+|jobs:work|solid_queue:start|sneakers:run)/,
  /^php artisan (?:queue:\S+|schedule:\S+|horizon)/,
];

/** Commands that prepare something and end. */
const TASKS: readonly RegExp[] = [
  /^(?:python )?manage\.py (?:migrate|collectstatic|loaddata|createsuperuser|makemigrations|check|flush|test|shell)\b/,
  /^(?:rails|rake) (?:db:|assets:)/,
  /^php artisan (?:migrate|db:|config:|storage:link)/,
  /^(?:alembic|flask db|prisma migrate|knex migrate\S*)\b/,
];

const isLike = (patterns: readonly RegExp[], lines: readonly string[]): boolean =>
  lines.some((line) => patterns.some((pattern) => pattern.test(line)));

/** The commands of a service. What stands behind a script that hands over is a command, too: `entrypoint.sh celery worker`. */
function linesOf(argv: readonly string[]): readonly string[] {
  const shell = shellAt(argv);
  const commands = shell < 0 ? [argv] : commandsIn(argv[shell + 2] ?? '');
  return commands
    .flatMap((words) => {
      const program = words.findLastIndex((word) => /\.(?:sh|bash)$|entrypoint/.test(word));
      return [words, ...(program >= 0 ? [words.slice(program + 1)] : [])];
    })
    .filter(({ length }) => length > 0)
    .map((words) => commandLine(words.map((text) => ({ text }))));
}

/** Other services, or people, are told to ask it. */
function isAsked({ service }: AnalysedService): boolean {
  const { entries } = service.node;
  if (entries.has('ports') || entries.has('expose')) return true;
  if (service.unit && last(entriesIn(service.unit, 'Container'), 'PublishPort') !== undefined) return true;
  const routed = [...service.labels.keys()].some((label) => /^traefik\.http\.routers\.|^caddy/.test(label));
  return routed || service.environment.has('VIRTUAL_HOST');
}

/** What it runs decides; a port is only a sign, and the dashboard of a queue has one as well. */
function partOf(analysed: AnalysedService, project: Project): Part {
  const lines = linesOf(analysed.argv);
  if (isLike(SERVES, lines)) return 'server';
  if (isLike(BACKGROUND, lines) || isOneShot(analysed, project)) return 'background';
  if (isAsked(analysed)) return 'server';
  return isLike(TASKS, lines) ? 'background' : 'unknown';
}

const BACKGROUND_NAME = /(^|[-_.])(?:\w*workers?|beat|celery\w*|flower|sidekiq|queues?|scheduler|cron|jobs?)([-_.]|$)/i;

/** By its name, or that of the file that it runs; that is no more than a hint, and only puts it behind the others. */
const soundsBackground = ({ service, argv }: AnalysedService): boolean =>
  [service.name, ...argv.map((word) => path.posix.basename(word))].some((name) => BACKGROUND_NAME.test(name));

/** Where the code says it: the same place in several services is one folder of one program. */
function placeOf({ store }: AnalysedStore): string {
  const [{ span, note }] = store.evidence;
  return `${span ? `${span.source.path}:${span.start}` : note} ${store.path}`;
}

/** Services that keep `one`, or would have to: those that run the code that it was found in. */
export const sharers = (one: AnalysedStore, { services }: AnalysedProject): readonly AnalysedService[] =>
  services.filter(({ stores }) =>
    stores.some((other) => other.store.technology === one.store.technology && placeOf(other) === placeOf(one)),
  );

/**
 * Those of `services` that take in what is sent: the ones that serve; where none can be told, the first that is not
 * known to do something else, by its name least of all.
 */
export function receivers(services: readonly AnalysedService[], project: Project): readonly AnalysedService[] {
  const parts = services.map((service) => ({ service, part: partOf(service, project) }));
  const serving = parts.filter(({ part }) => part === 'server').map(({ service }) => service);
  if (serving.length > 0) return serving;
  const open = parts.filter(({ part }) => part === 'unknown').map(({ service }) => service);
  return [open.find((service) => !soundsBackground(service)) ?? open[0]].filter((service) => service !== undefined);
}
