import * as path from 'node:path';
import { addNamedVolume } from '../../fixes/named-volume.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { coveringMount, isWithin } from '../../survival/backing.ts';
import type { Value } from '../../syntax/dockerfile.ts';
import { isDevelopmentPath, lower } from '../guards.ts';
import type { Fix, Rule, RuleContext, Severity } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { fromAnonymous, nameOf } from '../steps.ts';

/** Declared in the project's own Dockerfile, with all services whose image has it. */
interface Declared {
  readonly path: string;
  readonly volume: Value;
  readonly services: readonly AnalysedService[];
}

function declaredIn(services: readonly AnalysedService[]): Declared[] {
  const found = new Map<string, { path: string; volume: Value; services: AnalysedService[] }>();
  for (const analysed of services) {
    for (const volume of analysed.image.stage?.volumes ?? []) {
      if (volume.unresolved.length > 0) continue;
      const key = `${volume.span.source.path}:${volume.span.start}`;
      const path = volume.value.length > 1 ? volume.value.replace(/\/+$/, '') : volume.value;
      const one = found.get(key) ?? { path, volume, services: [] };
      one.services.push(analysed);
      found.set(key, one);
    }
  }
  return [...found.values()];
}

/** Places that are made anew, or that nobody misses. */
const PASSING =
  /(?:^|\/)(?:node_modules|\.?cache|caches|te?mp|run|logs?|sessions?|sockets?|vendor|target|dist|build|static|staticfiles|public|assets|bin|lib|src|app|code|html|www|etc|config?|conf\.d|certs?|ssl|plugins?|docker|dind)$/i;
const DATA = /(?:^|[/._-])(?:data|databases?|db|storage|store|state|uploads?|media|backups?|var\/lib\/.+)$/i;

/** Nothing is mounted at the place, above it or below it, and all mounts are known. */
const isBare = ({ service }: AnalysedService, at: string): boolean =>
  !service.broken &&
  service.mountGaps.length === 0 &&
  !coveringMount(at, service.mounts) &&
  !service.mounts.some(({ target, unresolved }) => isWithin(target, at) || unresolved.length > 0);

/** Where a server that is known keeps its data, other rules say; a VOLUME of its base elsewhere is of no use to it. */
const isKnownServer = ({ image: { match } }: AnalysedService): boolean =>
  match !== undefined && !match.lookalike && match.family.state === 'stateful';

/** A body of data that is known to lie there has a diagnosis of its own. */
const isKnown = ({ stores }: AnalysedService, at: string): boolean =>
  stores.some(({ store }) => store.path !== null && (isWithin(store.path, at) || isWithin(at, store.path)));

/** What stands in a Dockerfile counts as what builds it does. An override of a base is a part of what everybody starts. */
const isForDevelopment = ({ service: { declarations } }: AnalysedService): boolean =>
  declarations.every(
    ({ source }) => isDevelopmentPath(path.posix.basename(source.path)) && !OVERRIDE.test(source.path),
  );

const OVERRIDE = /\/(?:docker-)?compose\.override\.ya?ml$/;

function severityOf(at: string): Severity | null {
  if (DATA.test(at)) return 'warning';
  return PASSING.test(at) ? null : 'info';
}

function fixesFor({ analysed: { project } }: RuleContext, { service }: AnalysedService, at: string): Fix[] {
  // A unit's anonymous volumes are gone once it stops: what is in them has to be taken over by hand.
  if (project.runtime === 'quadlet') return [];
  const added = addNamedVolume(project, service, at);
  if (!added) return [];
  return [
    {
      title: `Add the named volume ${added.volume} for ${at}`,
      safety: 'migration',
      edits: added.edits,
      steps: fromAnonymous(project, service, at, at, nameOf(project, added.volume)),
    },
  ];
}

const rule: Rule = {
  name: 'unmounted-image-volume',
  severity: 'warning',
  summary: "A VOLUME of the project's own Dockerfile that no service mounts.",
  rationale:
    'The engine puts an anonymous volume at every VOLUME of an image that nothing is mounted on. A plain recreate takes it along. `down`, `rm` and `up -V` leave it on disk under a name of 64 digits that nobody looks for, and the next container starts with an empty one. Who declares a VOLUME says that the data there is to be kept: a mount has to say where.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: VOLUME /app/data\n',
  good: 'services:\n  app:\n    build: .\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote: 'What the anonymous volume holds has to be copied into the named one.',
  since: '0.2.0',
  about: 'image',
  references: ['https://docs.docker.com/reference/dockerfile/#volume'],
  *check(context) {
    const { project, services } = context.analysed;
    if (project.incomplete || project.imageOnly) return;
    for (const { path: at, volume, services: users } of declaredIn(services)) {
      const severity = severityOf(at);
      // Where one service mounts it, the others may have no use for it.
      if (!severity || !users.every((one) => isBare(one, at) && !isKnown(one, at) && !isKnownServer(one))) continue;
      const first = users[0]!;
      const { name, key } = first.service;
      yield {
        severity: users.every(isForDevelopment) ? lower(severity) : severity,
        message: `no volume for ${at}: what ${name} writes to this VOLUME ${runsOf(project).anonymous}`,
        span: volume.span,
        service: name,
        related: [{ from: 'mount', note: `${name} mounts nothing at ${at}`, span: key, confidence: 'primary' }],
        fixes: () => fixesFor(context, first, at),
      };
    }
  },
};

export default rule;
