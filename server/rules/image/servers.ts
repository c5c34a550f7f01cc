/** Programs that run until they are stopped, as far as a command line tells. */
import * as path from 'node:path';
import type { AnalysedService } from '../../stores/model.ts';
import { commandLine } from '../../syntax/programs.ts';
import type { Word } from '../../syntax/shell.ts';

/** Servers by their programs. */
const SERVERS = new Set(
  (
    'apache2-foreground caddy celery clickhouse-server cockroach consul couchdb daphne elasticsearch etcd gunicorn haproxy httpd hypercorn ' +
    'influxd keydb-server mariadbd memcached meilisearch mlflow mongod mongos mosquitto mysqld mysqld_safe nats-server ' +
    'neo4j nginx php-fpm pocketbase postgres prometheus puma qdrant rabbitmq-server redis-server sidekiq streamlit ' +
    'uvicorn uwsgi valkey-server vault waitress-serve weaviate'
  ).split(' '),
);

/** Command lines that serve. */
const SERVING: readonly RegExp[] = [
  /^python manage\.py run(?:server|_\w+|worker)\b/,
  /^(?:flask|fastapi) (?:\S+ )*(?:run|dev)\b/,
  /^(?:rails|bin\/rails) (?:s|server)\b/,
  /^php artisan (?:serve|queue:work|octane:start|horizon)\b/,
  /^php -S\b/,
  /^(?:npm|yarn|pnpm|bun) (?:run )?(?:start|serve|dev)\b/,
  /^(?:next|nuxt|remix-serve|vite|strapi|directus|n8n) (?:start|preview|develop)\b/,
  /^chroma run\b/,
  /^minio server\b/,
  /^airflow (?:webserver|scheduler|standalone|api-server)\b/,
  /^superset run\b/,
];

/** Runs a file of the application: whether it stays, the command line does not tell. */
const RUNS_FILE = /^(?:python|node|ruby|php|java|deno|bun|dotnet|tsx|ts-node|perl|elixir)\b/;
const TASK =
  /\b(?:migrat|seed|fixture|setup|install|init|test|lint|build|generate|collectstatic|wait|check|backup|dump|restore|import|export|compile|createsuperuser|loaddata|flush)/i;

/** The name of the server that this command runs; undefined where it may be something that ends by itself. */
export function serverIn(
  words: readonly Pick<Word, 'text'>[],
  analysed: AnalysedService,
  /** Only what is a server by its name: something comes behind it. */
  named = false,
): string | undefined {
  const line = commandLine(words);
  const [program = ''] = line.split(' ');
  const known = analysed.image.match?.family.serverCommands ?? [];
  if (SERVERS.has(program) || (known.includes(program) && !program.endsWith('.sh'))) return program;
  if (SERVING.some((pattern) => pattern.test(line))) return line.split(' ').slice(0, 3).join(' ');
  if (named || TASK.test(line) || !staysUp(analysed)) return undefined;
  if (RUNS_FILE.test(line)) return line.split(' ').slice(0, 2).join(' ');
  return /^\.?\//.test(words[0]?.text ?? '') && !/\.(sh|bash)$/.test(program)
    ? path.posix.basename(program)
    : undefined;
}

/** It is started again, or asked for something: it is meant to stay. */
const staysUp = ({ service }: AnalysedService): boolean =>
  /^(?:always|unless-stopped|on-failure)/.test(service.restart?.value ?? '') || service.node.entries.has('ports');
