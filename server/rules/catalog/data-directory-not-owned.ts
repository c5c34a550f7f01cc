import { giveDirectory } from '../../fixes/dockerfile-owner.ts';
import type { Mount } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { flatWords } from '../../stores/words.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Value } from '../../syntax/dockerfile.ts';
import { type Span, textOf } from '../../syntax/source.ts';
import { oncePerPlace } from '../image/once.ts';
import { ownerOf, plainUser } from '../image/ownership.ts';
import { HANDS_ON } from '../image/signals.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';

/** A directory that the engine puts a new volume of its own on. */
interface Place {
  readonly path: string;
  readonly span: Span;
  readonly why: string;
}

/** Directories that packages of a distribution make, with owners of their own, or that everybody may write to. */
const MANAGED = /^\/(?:var|usr|etc|home|srv|run|tmp|dev|proc|sys|root|lib|bin|sbin)(?:\/|$)/;

function placesOf(context: RuleContext, { service, image }: AnalysedService): Place[] {
  const mounted = service.mounts
    .filter((mount) => isNewVolume(context, mount))
    .map((mount) => ({
      path: mount.target,
      span: mount.targetSpan,
      why: `the named volume ${mount.source} is mounted there`,
    }));
  const declared = (image.stage?.volumes ?? [])
    .filter(
      ({ value, unresolved }) =>
        unresolved.length === 0 && !service.mounts.some(({ target }) => isWithin(value, target)),
    )
    .map(({ value, span }) => ({ path: value.replace(/(.)\/+$/, '$1'), span, why: `VOLUME ${value}` }));
  return [...mounted, ...declared];
}

/** A volume of the engine that takes its owner from the image. */
function isNewVolume({ analysed: { project, services } }: RuleContext, mount: Mount): boolean {
  if (mount.type !== 'volume' || mount.from !== 'volumes' || mount.source === undefined) return false;
  if (mount.readOnly || mount.nocopy || mount.subpath || mount.unresolved.length > 0) return false;
  // Podman's sign for "give it to the container's user".
  if (/:(?:\w+,)*U(?:,|$|["'])/.test(textOf(mount.span))) return false;
  const volume = project.volumes.get(mount.source);
  if (volume?.external || (volume?.driverOpts.size ?? 0) > 0 || (volume?.driver && volume.driver !== 'local'))
    return false;
  // Somebody else on the same volume changes the owner, or brings it with another image.
  return !services.some(({ service, argv }) => {
    const shares = service.mounts.some((other) => other.type === 'volume' && other.source === mount.source);
    return shares && (service.user !== undefined || flatWords(argv).some((word) => /\bch(?:own|mod)\b/.test(word)));
  });
}

const storeAt = ({ stores }: AnalysedService, at: string): AnalysedStore | undefined =>
  stores.find(({ store }) => store.path !== null && store.evidence[0].from !== 'mount' && isWithin(store.path, at));

function* findingsOf(context: RuleContext, analysed: AnalysedService): Iterable<Omit<Finding, 'rule'>> {
  const { service, image } = analysed;
  const user = plainUser(analysed);
  const { match, stage } = image;
  // What other images hold, and who owns it, is not known.
  if (!user || !stage || service.broken || !match || match.lookalike || !HANDS_ON.has(match.family.id)) return;
  for (const place of placesOf(context, analysed)) {
    const owner = ownerOf(place.path, analysed, context.files);
    if (owner === 'unknown' || (owner === 'missing' && MANAGED.test(place.path)) || /^\/tmp(?:\/|$)/.test(place.path))
      continue;
    const one = storeAt(analysed, place.path);
    const makes =
      owner === 'missing' ? 'is not in the image, so the engine makes it for root' : 'belongs to root in the image';
    yield {
      severity: one ? 'warning' : 'info',
      message: `${place.path} ${makes}, and a new volume takes that over: ${user.value} cannot write ${one ? `the ${one.store.title} data` : 'anything'} there`,
      span: user.span,
      service: service.name,
      ...(one ? { store: one.store } : {}),
      related: [
        { from: 'mount', note: place.why, span: place.span, confidence: 'primary' },
        ...(one ? relatedOf(one) : []),
      ],
      fixes: () => fixesFor(analysed, user, place.path),
    };
  }
}

function fixesFor({ service, image: { stage } }: AnalysedService, user: Value, at: string): Fix[] {
  const edits = stage ? giveDirectory(stage, user, at) : null;
  if (!edits) return [];
  return [
    {
      title: `Make ${at} in the image and give it to ${user.value}`,
      safety: 'migration',
      edits,
      steps: [
        'Apply this change, and build the image anew',
        `A volume that exists already keeps its owner. Give it to the user once: docker compose run --rm --no-deps --user root --entrypoint chown ${service.name} -R ${user.value} ${at}`,
        `Start again: docker compose up -d ${service.name}`,
      ],
    },
  ];
}

const rule: Rule = {
  name: 'data-directory-not-owned',
  severity: 'warning',
  summary: 'The image runs as a user that does not own the directory its data goes to.',
  rationale:
    'A new volume takes over the owner of the directory that the image has at that path; where the image has none, it belongs to root. A container that runs as another user cannot write there: the database does not open, or the application falls back to a place that is not kept. The build has to make the directory and give it away before USER.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: USER node, and nothing that makes /app/data\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  good: 'services:\n  app:\n    build: .   # Dockerfile: RUN mkdir -p /app/data && chown node /app/data, then USER node\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote: 'Data stays where it is. A volume that was made before keeps the wrong owner until somebody changes it.',
  since: '0.2.0',
  about: 'image',
  references: ['https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data'],
  *check(context) {
    const { project, services } = context.analysed;
    // Podman gives a new volume to the user of the container.
    if (project.runtime === 'quadlet') return;
    const found = services.flatMap((analysed) => [...findingsOf(context, analysed)]);
    yield* oncePerPlace(found, ({ message }) => message);
  },
};

export default rule;
