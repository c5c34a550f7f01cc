import type { Family } from '../../catalogue/model.ts';
import { environmentHolds } from '../../catalogue/when.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { atMost, isOneShot, lower } from '../guards.ts';
import { asSure, keptByServer, type Place, placeOf } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { ownVolume } from '../own-volume.ts';
import type { Rule, RuleContext, Severity } from '../rule.ts';
import { isPlaced, swarmSpan } from '../swarm.ts';
import { knownValuesOf } from '../values.ts';

interface Writer {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  readonly place: Place;
  /** What may put elsewhere what only one may write to, as a clause: `, unless DB_TYPE says otherwise`. */
  readonly unless: string;
}

/** Servers that may be the only one on their files, each with the place of the files. */
function writers({ project, services }: AnalysedProject): Writer[] {
  return services.flatMap((analysed): Writer[] => {
    const { match } = analysed.image;
    if (!match?.family.singleWriter.value || match.lookalike) return [];
    if (analysed.service.replicas === 0 || isOneShot(analysed, project)) return [];
    const unless = unlessElsewhere(match.family, analysed);
    if (unless === null) return [];
    return keptByServer(analysed).flatMap((one): Writer[] => {
      const place = placeOf(one, analysed, project);
      return place && !place.mount.readOnly ? [{ analysed, one, place, unless }] : [];
    });
  });
}

/** Null where the service is told to keep elsewhere what only one may write to. */
function unlessElsewhere({ singleWriter }: Family, analysed: AnalysedService): string | null {
  const values = knownValuesOf(analysed);
  const conditions = singleWriter.unless ?? [];
  const answers = conditions.map((condition) => environmentHolds(condition, values));
  if (answers.includes(true)) return null;
  const open = conditions.filter((_, i) => answers[i] === 'unknown').map((condition) => condition.split(/[ =]/, 1)[0]!);
  return open.length === 0 ? '' : `, unless ${open.join(' or ')} says otherwise`;
}

/** Images that are built on one another run the same server. */
const lineageOf = ({ image }: AnalysedService): string | undefined =>
  image.match?.family.derivesFrom ?? image.match?.family.id;

function sure({ analysed, one, unless }: Writer): Severity {
  const family = analysed.image.match?.family;
  const known = asSure('error', one.store.confidence, family?.singleWriter.confidence ?? family?.confidence);
  return unless === '' ? known : atMost(known, 'info');
}

const isSpread = ({ analysed: { service }, one: { backing } }: Writer, { project }: AnalysedProject): boolean =>
  swarmSpan(service) !== undefined &&
  !isPlaced(service) &&
  backing.type === 'named-volume' &&
  project.volumes.get(backing.source ?? '')?.external !== true;

const overlap = (a: Place, b: Place): boolean =>
  a.root === b.root && (isWithin(a.inside, b.inside) || isWithin(b.inside, a.inside));

/** Only one of the two is meant to run: each belongs to a profile of its own. */
const alternate = (a: AnalysedService, b: AnalysedService): boolean => {
  const [some, others] = [a.service.profiles, b.service.profiles];
  return some.length > 0 && others.length > 0 && !some.some((profile) => others.includes(profile));
};

/** One of them starts only when it is asked for. */
const onDemand = (a: AnalysedService, b: AnalysedService): boolean =>
  (a.service.profiles.length === 0) !== (b.service.profiles.length === 0);

const shown = ({ mount }: Place): string => mount.sourceText ?? mount.source ?? mount.target;

/** A Chroma server, and an application that opens the same directory itself. */
function* openedTwice(
  { analysed: { project, services } }: RuleContext,
  all: readonly Writer[],
): ReturnType<Rule['check']> {
  for (const server of all.filter(({ one }) => one.store.technology === 'chroma')) {
    for (const analysed of services) {
      const one = analysed.stores.find((other) => {
        if (other.store.role !== 'embedded' || other.store.technology !== 'chroma') return false;
        const place = placeOf(other, analysed, project);
        return place && !place.mount.readOnly && overlap(place, server.place);
      });
      if (!one || analysed === server.analysed) continue;
      yield {
        severity: asSure('warning', one.store.confidence),
        message: `${analysed.service.name} opens ${one.store.path} itself, and the Chroma server ${server.analysed.service.name} works on the same files: two writers damage the index, so let the application ask the server`,
        span: one.backing.span ?? analysed.service.key,
        service: analysed.service.name,
        store: one.store,
        related: relatedOf(one),
        fixes: () => [],
      };
    }
  }
}

const rule: Rule = {
  name: 'shared-database-volume',
  severity: 'error',
  summary: 'Two database servers work on the same files.',
  rationale:
    'A database server takes its data directory for its own. A second one on the same volume is refused at best; where the lock does not hold between containers, as with PostgreSQL, both write and the data is damaged.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - pg:/var/lib/postgresql/data\n  reports:\n    image: postgres:16\n    volumes:\n      - pg:/var/lib/postgresql/data\n\nvolumes:\n  pg:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - pg:/var/lib/postgresql/data\n  reports:\n    image: postgres:16\n    volumes:\n      - reports_data:/var/lib/postgresql/data\n\nvolumes:\n  pg:\n  reports_data:\n',
  fixSafety: 'migration',
  fixNote: 'The second server gets a volume of its own, which starts empty: what belongs to it has to be copied.',
  since: '0.2.0',
  references: ['https://github.com/docker-library/postgres/issues/171'],
  // What others can spare of their own they damage here together.
  guards: { replicated: 'none' },
  *check(context) {
    const all = writers(context.analysed);
    for (const [i, second] of all.entries()) {
      const first = all
        .slice(0, i)
        .find(
          (other) =>
            other.analysed !== second.analysed &&
            lineageOf(other.analysed) === lineageOf(second.analysed) &&
            overlap(other.place, second.place) &&
            !alternate(other.analysed, second.analysed),
        );
      if (!first) continue;
      const names = `${first.analysed.service.name} and ${second.analysed.service.name}`;
      const { title, path } = second.one.store;
      yield {
        severity: onDemand(first.analysed, second.analysed) ? atMost(sure(second), 'warning') : sure(second),
        message: `${names} are two ${title} servers on one directory (${shown(second.place)} at ${path}): as soon as both run, the second is refused or both write and damage the data${second.unless}`,
        span: second.place.mount.sourceSpan ?? second.place.mount.span,
        service: second.analysed.service.name,
        store: second.one.store,
        related: [
          {
            from: 'mount',
            note: `${first.analysed.service.name} mounts it here`,
            span: first.place.mount.span,
            confidence: 'primary',
          },
          ...relatedOf(second.one),
        ],
        fixes: () =>
          ownVolume(
            context,
            second.analysed,
            second.place.mount,
            (volume) => `Give ${second.analysed.service.name} its own volume ${volume}`,
          ),
      };
    }
    yield* openedTwice(context, all);
    for (const writer of all) {
      const { analysed, one, place, unless } = writer;
      const { replicas } = analysed.service;
      if (replicas < 2) continue;
      yield {
        // Each node of a swarm has a volume of its own: only those on one node meet.
        severity: isSpread(writer, context.analysed) ? lower(sure(writer)) : sure(writer),
        message: `${replicas} containers of ${analysed.service.name} write to ${shown(place)}: only one ${one.store.title} server may use ${one.store.path}, so the others are refused or they damage its data${unless}`,
        span: place.mount.sourceSpan ?? place.mount.span,
        service: analysed.service.name,
        store: one.store,
        related: relatedOf(one),
        fixes: () => [],
      };
    }
  },
};

export default rule;
