/** Folders of the host that are mounted for the program in them, and not for data. */
import type { Files } from '../files.ts';
import type { Mount } from '../project/model.ts';
import type { AnalysedService } from '../stores/model.ts';
import { flatWords } from '../stores/words.ts';

/** Commands that start a program anew whenever its sources change, or that build them before each start. */
const DEVELOPS: readonly RegExp[] = [
  /(?:^| )(?:npm|yarn|pnpm|bun) (?:-\S+ )*(?:run )?(?:dev|develop|watch|start:dev|serve:dev|dev:\S+)(?: |$)/,
  /(?:^|[ /])(?:nodemon|ts-node-dev|tsnd|browser-sync|live-server|watchexec|watchmedo|reflex|CompileDaemon|air|gow|modd|rerun)(?: |$)/,
  /(?:^|[ /])(?:vite|next dev|nuxt dev|astro dev|ng serve|gatsby develop|strapi develop|medusa develop)(?: |$)/,
  /(?:^|[ /])(?:node|bun|deno run|tsx|webpack|tsc|esbuild|tailwindcss)(?: \S+)*? (?:watch|--watch|-w|--hot)(?: |$)/,
  /(?:^|[ /])flask (?:\S+ )*--debug(?: |$)|(?:^|[ /])fastapi dev(?: |$)/,
  /(?:^| )(?:uvicorn|gunicorn|hypercorn|celery|watchfiles|litestar|quart)(?: \S+)* --(?:auto)?reload(?: |$)/,
  /(?:^| )manage\.py (?:runserver|runserver_plus)(?: |$)/,
  /(?:^| )cargo watch(?: |$)|(?:^| )dotnet watch(?: |$)|(?:^| )mix phx\.server(?: |$)|(?:^| )quarkus:dev(?: |$)/,
];

/** Stages of a Dockerfile that are there to develop in. */
const STAGE = /(?:^|[-_.])(?:dev|develop|development|devel|debug|hot|watch|local)(?:[-_.]|$)/i;

/** Files of programs, and what describes how one is built. */
const CODE = /\.(?:[mc]?[jt]sx?|py|go|php|rb|java|kts?|rs|cs|fs|exs?|vue|svelte|scala|clj|c|cc|cpp|h|hpp|swift|dart)$/i;
const MANIFEST =
  /^(?:package\.json|pyproject\.toml|requirements\.txt|setup\.py|go\.mod|Cargo\.toml|composer\.json|Gemfile|pom\.xml|build\.gradle(?:\.kts)?|mix\.exs|deno\.json)$/;

/** The folder is bound for what stands in it: it holds a program, or the service is started to develop in it. */
export function isSource(mount: Mount, analysed: AnalysedService, files: Files): boolean {
  if (mount.type !== 'bind' || mount.source === undefined) return false;
  return holdsProgram(mount.source, files) || (isOwn(mount) && isDevelopedIn(analysed));
}

/** A folder beside the file that is not called after data: that one is told by what it holds alone. */
const isOwn = ({ sourceText = '' }: Mount): boolean =>
  /^\.{1,2}(?:\/|$)/.test(sourceText) &&
  !/(?:^|[/._-])(?:data|db|database|storage|volumes?)(?:[/._-]|$)/i.test(sourceText);

function holdsProgram(folder: string, files: Files): boolean {
  return files.list(folder).some(({ name, kind }) => kind === 'file' && (CODE.test(name) || MANIFEST.test(name)));
}

function isDevelopedIn({ service, argv }: AnalysedService): boolean {
  if (service.watches.length > 0 || STAGE.test(service.build?.target ?? '')) return true;
  const line = flatWords(argv).join(' ');
  return DEVELOPS.some((pattern) => pattern.test(line));
}
